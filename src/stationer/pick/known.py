"""What is known of an address under one snapshot and one roll. People write to the same people again and again, so
the last many are remembered: an answer is the same with the memo and without it.
"""

from __future__ import annotations

from typing import NamedTuple

from stationer.links import Asked
from stationer.pick.people import RollIndex
from stationer.pick.snapshot import Showing
from stationer.wire.pick import Candidate, Choice
from stationer.wire.roll import Person
from stationer.wire.uplink import Offer

#: Entries in each map of the memo; a map that is full is emptied, and that of recipients serves on for a while as
#: their elders. A recipient takes some 200 bytes.
REMEMBERED = 8_192
#: Encoded choices, some 2 to 3 KB each (a member has a few), and mails that show them, some 1 KB.
SHOWN = 2_048


class Kind:
    """What rules may ask of a recipient but the address: inside, and for each audience (`AudienceMasks.number`) the
    rules with an entry that names it. Recipients of whom the same is to be said have the same kind."""

    __slots__ = ("inside", "named")

    def __init__(self, inside: bool, named: tuple[int, ...]) -> None:
        self.inside, self.named = inside, named


#: The kind of what can be no recipient.
NOBODY = Kind(False, ())


class Base(NamedTuple):
    """The rules that hold for mails of one member to one side, whomever they name, at `since` ≤ now < `until`
    (Unix ms). No campaign under a blackout or from a quiet group."""

    since: int
    until: int
    templates: int
    campaigns: int


class Sender(NamedTuple):
    """A member who writes. `sent` has, for templates' rules and for campaigns', those that are for mails from this
    member and those that except them; `bases` what was found of them, by side."""

    person: Person
    addresses: tuple[str, ...]
    sent: tuple[tuple[int, int], tuple[int, int]]
    bases: dict[str, Base]


class Recipient(NamedTuple):
    """A recipient by the canonical address, and what its `Kind` says. `key` stands for them in a memory; empty where no
    campaign asks for one."""

    address: str
    inside: bool
    named: tuple[int, ...]
    key: bytes = b""


class Shown(NamedTuple):
    """What a copy shows, encoded: the three variants without tokens, and as a form for bytes' `%` with a place for
    each (empty where no link has one), what is signed for them and which token stands in which place. `offers` are its
    candidates, as the portal is told of them; `held` the campaigns that the holdout kept back."""

    plain: bytes
    form: bytes
    asked: tuple[Asked, ...]
    order: tuple[int, ...]
    offers: tuple[Offer, ...]
    held: tuple[str, ...] = ()


class Outcome:
    """What mails of one member show to whom these rules apply (masks). `equals` are the messages that take turns by
    chance, for each priority, None where it is not only their order; `always` is what is
    shown where there are none (None before it was first shown)."""

    __slots__ = ("always", "campaigns", "equals", "sender", "templates")

    def __init__(
        self,
        sender: Sender,
        templates: int,
        campaigns: int,
        equals: list[list[tuple[int, Showing]]] | None,
    ) -> None:
        self.sender, self.templates, self.campaigns, self.equals = sender, templates, campaigns, equals
        self.always: Shown | None = None


class Plan(NamedTuple):
    """What comes out for mails from one member to recipients of certain kinds at `since` ≤ now < `until` (Unix ms)."""

    since: int
    until: int
    outcome: Outcome


class Letterhead(NamedTuple):
    """What a template puts into a member's mails: the candidates by slot for each variant, and as they are answered
    when no message goes with them; and as the portal is told of them."""

    slots: tuple[dict[str, list[Candidate]], ...]
    choices: tuple[Choice, ...]
    offers: tuple[Offer, ...]


class Known:
    """The memo under `roll`. Senders, and the kinds of recipients, by their addresses as they were written; kinds by
    domain and combination of lists, for those whom no rule and no roll names by address, and by what they say;
    letterheads by the number of the template, the member's id and the digest of the member's attributes; outcomes by
    member, template and campaigns (masks), and what they show, encoded, by the order that is drawn; plans by the sender
    as written and the recipients' kinds.
    """

    __slots__ = (
        "alike",
        "domains",
        "elders",
        "kinds",
        "letterheads",
        "outcomes",
        "plans",
        "roll",
        "senders",
        "shown",
    )

    def __init__(self, roll: RollIndex | None) -> None:
        self.roll = roll
        self.senders: dict[str, Sender] = {}
        self.kinds: dict[str, Kind] = {}
        self.elders: dict[str, Kind] = {}
        self.domains: dict[tuple[str, int], Kind] = {}
        self.alike: dict[tuple[bool, tuple[int, ...]], Kind] = {}
        self.letterheads: dict[tuple[int, str, str], Letterhead] = {}
        self.outcomes: dict[tuple[str, int, int], Outcome] = {}
        self.shown: dict[tuple[Outcome, tuple[str, ...]], Shown] = {}
        self.plans: dict[tuple[str, frozenset[Kind]], Plan] = {}


class Memo:
    """Belongs to a snapshot and goes with it; another roll empties it. Threads may share it: maps are replaced whole,
    and what two threads find out at the same time is the same."""

    def __init__(self) -> None:
        self._known = Known(None)

    def under(self, roll: RollIndex) -> Known:
        """What is remembered under this roll."""
        known = self._known
        if known.roll is not roll:
            known = self._known = Known(roll)
        return known
