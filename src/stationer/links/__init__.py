"""Which links are counted, where a link may lead, and the tokens that stand for them (contract/links.md).

Pure: a token is signed and read from what is given; whose key it is, and what it leads to, the caller knows.
"""

from stationer.links.signing import (
    DECOY,
    Asked,
    MailToken,
    SenderToken,
    Signer,
    ask,
    name_of,
    pick_bytes,
    proven,
    raw_of,
    read,
    sign,
    sign_sender,
    signer,
)
from stationer.links.targets import fault, location
from stationer.links.tracking import LEFT_ALONE, decoy_of, tracked
from stationer.links.visiting import (
    LIFE_S,
    NONCE,
    PARAMETER,
    VisitToken,
    handed,
    is_at,
    proven_visit,
    read_visit,
    sign_visit,
    write_visit,
)
from stationer.links.voting import Voted, vote_of, vote_target

__all__ = [
    "DECOY",
    "LEFT_ALONE",
    "LIFE_S",
    "NONCE",
    "PARAMETER",
    "Asked",
    "MailToken",
    "SenderToken",
    "Signer",
    "VisitToken",
    "Voted",
    "ask",
    "decoy_of",
    "fault",
    "handed",
    "is_at",
    "location",
    "name_of",
    "pick_bytes",
    "proven",
    "proven_visit",
    "raw_of",
    "read",
    "read_visit",
    "sign",
    "sign_sender",
    "sign_visit",
    "signer",
    "tracked",
    "vote_of",
    "vote_target",
    "write_visit",
]
