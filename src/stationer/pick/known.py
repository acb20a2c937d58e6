"""What is known of an address under one snapshot and one roll. People write to the same people again and again, so
the last many are remembered: an answer is the same with the memo and without it.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer.pick.people import RollIndex
from stationer.wire.pick import Candidate, Choice
from stationer.wire.roll import Person

#: Entries in each map of the memo; a map that is full is emptied. A recipient takes some 400 bytes, and with it those
#: of its masks that no entry of the index has already: at most one bit a campaign and audience.
REMEMBERED = 8_192


class Sender(NamedTuple):
    """A member who writes. `sent` has, for templates' rules and for campaigns', those that are for mails from this
    member and those that except them."""

    person: Person
    addresses: tuple[str, ...]
    sent: tuple[tuple[int, int], tuple[int, int]]


class Recipient(NamedTuple):
    """What rules may ask of one recipient. `named[n]` are the rules of audience n (`AudienceMasks.number`) with an
    entry that names them. `key` stands for them in a memory; empty where no campaign asks for one."""

    address: str
    inside: bool
    named: tuple[int, ...]
    key: bytes = b""


class Letterhead(NamedTuple):
    """What a template puts into a member's mails: the candidates by slot for each variant, and as they are answered
    when no message goes with them."""

    slots: tuple[dict[str, list[Candidate]], ...]
    choices: tuple[Choice, ...]


class Known(NamedTuple):
    """The memo under `roll`. Senders and recipients by their addresses as they were written; letterheads by the
    number of the template, the member's id and the digest of the member's attributes."""

    roll: RollIndex | None
    senders: dict[str, Sender]
    recipients: dict[str, Recipient]
    letterheads: dict[tuple[int, str, str], Letterhead]


class Memo:
    """Belongs to a snapshot and goes with it; another roll empties it. Threads may share it: it is replaced whole."""

    def __init__(self) -> None:
        self._known = Known(None, {}, {}, {})

    def under(self, roll: RollIndex) -> Known:
        """What is remembered under this roll."""
        known = self._known
        if known.roll is not roll:
            known = self._known = Known(roll, {}, {}, {})
        return known
