"""Which template and messages suit a mail best: definition → compile → snapshot → pick, and why (contract/pick.md).

Pure: values in, values out. Clock, seed and keys are arguments; only compile reads the time zone database.
"""

from stationer.pick import company
from stationer.pick.addresses import is_address
from stationer.pick.answering import Picked, block, pick, picked
from stationer.pick.checks import DefinitionErrors
from stationer.pick.compiling import compile
from stationer.pick.container import Damaged, Unpacked, pack, unpack
from stationer.pick.illustrating import called, illustrated
from stationer.pick.index import Snapshot, load
from stationer.pick.marks import content_digest, message_mark, person_digest, template_mark
from stationer.pick.memory import Lookup, Memory
from stationer.pick.oldlinks import carry_links, targets_of
from stationer.pick.people import RollIndex, plain_value, read_roll
from stationer.pick.reasons import Explanation, Verdict, explain
from stationer.pick.records import NoRecordsError, OtherKeyError, count_records, read_records, record
from stationer.pick.remembering import asked
from stationer.pick.replaying import Carried, Reach, Replay, carried, replay
from stationer.pick.snapshot import Compiled, Offer
from stationer.pick.telling import told
from stationer.pick.terms import check_terms, hand_on, settle
from stationer.pick.usual import Usual, usual_answer

__all__ = [
    "Carried",
    "Compiled",
    "Damaged",
    "DefinitionErrors",
    "Explanation",
    "Lookup",
    "Memory",
    "NoRecordsError",
    "Offer",
    "OtherKeyError",
    "Picked",
    "Reach",
    "Replay",
    "RollIndex",
    "Snapshot",
    "Unpacked",
    "Usual",
    "Verdict",
    "asked",
    "block",
    "called",
    "carried",
    "carry_links",
    "check_terms",
    "company",
    "compile",
    "content_digest",
    "count_records",
    "explain",
    "hand_on",
    "illustrated",
    "is_address",
    "load",
    "message_mark",
    "pack",
    "person_digest",
    "pick",
    "picked",
    "plain_value",
    "read_records",
    "read_roll",
    "record",
    "replay",
    "settle",
    "targets_of",
    "template_mark",
    "told",
    "unpack",
    "usual_answer",
]
