"""A mail ⇄ its notification: compose the placeholder, prove it, restore the original (contract/notice.md).

Outside the placeholder every byte that travels is the author's, and what is restored is the author's mail.
"""

from stationer.notice.checking import faults
from stationer.notice.composing import Notification, Refused, attachments_of, compose, refusal_of, travels
from stationer.notice.descriptor import (
    Descriptor,
    NotDescribed,
    PublicKey,
    described,
    descriptor_octets,
    discovered,
)
from stationer.notice.hosts import is_host, is_loopback, link, origin
from stationer.notice.languages import chosen, disclaimer
from stationer.notice.parties import Parties, canonical, package_of, parties
from stationer.notice.pen import Key, Logo, Package, Pen
from stationer.notice.proof import Claim, NotProven, Proof, claim_of, is_id, read, read_header, signed_octets
from stationer.notice.restoring import NotRestored, Restored, restore
from stationer.notice.tag import asks_for_seal, untagged, without_tag
from stationer.notice.via import Via
from stationer.notice.words import FIELDS, OURS

__all__ = [
    "FIELDS",
    "OURS",
    "Claim",
    "Descriptor",
    "Key",
    "Logo",
    "NotDescribed",
    "NotProven",
    "NotRestored",
    "Notification",
    "Package",
    "Parties",
    "Pen",
    "Proof",
    "PublicKey",
    "Refused",
    "Restored",
    "Via",
    "asks_for_seal",
    "attachments_of",
    "canonical",
    "chosen",
    "claim_of",
    "compose",
    "described",
    "descriptor_octets",
    "disclaimer",
    "discovered",
    "faults",
    "is_host",
    "is_id",
    "is_loopback",
    "link",
    "origin",
    "package_of",
    "parties",
    "read",
    "read_header",
    "refusal_of",
    "restore",
    "signed_octets",
    "travels",
    "untagged",
    "without_tag",
]
