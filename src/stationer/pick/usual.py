"""usual_answer: the bytes of `pick`'s answer, in a fraction of its time where nobody is counted.

Most mails are like one before: the same member writes to recipients of whom the rules say the same, or at least the
same template and campaigns come out. What such a mail shows is encoded once, for each order in which a few equals may
be drawn; only the id, the tokens and the places of the recipients are new. Whatever else there is (audiences of their
own, memory) goes the way of `pick`, and the answer is the same bytes.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

import msgspec

from stationer.links import pick_bytes, sign
from stationer.pick.addresses import canonical_all
from stationer.pick.answering import held_ids, shown_to
from stationer.pick.choosing import Chosen, chance, choose, equals, in_turn, taking_turns
from stationer.pick.index import Snapshot
from stationer.pick.known import NOBODY, SHOWN, Kind, Known, Outcome, Plan, Sender, Shown
from stationer.pick.people import RollIndex
from stationer.pick.snapshot import Showing
from stationer.pick.tokens import formed
from stationer.pick.walk import base_of, eligible, introduce, mail_to, meet, side_of
from stationer.wire.pick import Choice, Question
from stationer.wire.words import VARIANTS

_encode = msgspec.json.Encoder().encode
K = TypeVar("K")
V = TypeVar("V")

#: The places of a copy's recipients when it is the only one, by how many there are.
_PLACES = [_encode(list(range(count))) for count in range(64)]
#: Of more messages that take turns by chance hardly an order comes twice: they are drawn and shown each time.
MOST_EQUALS = 4


class Usual(NamedTuple):
    """An answer as it is sent, the member who asked, and what was shown."""

    encoded: bytes
    sender: str
    shown: Shown


def usual_answer(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    pick_id: str,
    seed: int = 0,
    tracked: bool = True,
) -> Usual | None:
    """`pick`'s answer as JSON (contract/http.md §1) where everybody gets the same and no campaign that applies asks
    what recipients remember; otherwise None."""
    known = snapshot.memo.under(roll_index)
    written = question.to + question.cc
    kinds = meet(snapshot, known, written)
    key = (question.from_, frozenset(kinds))
    plan = known.plans.get(key)
    if plan is None or not plan[0] <= now < plan[1]:
        sender = known.senders.get(question.from_) or introduce(snapshot, known, question.from_)
        if sender is None or snapshot.compiled.management.mixed != "shared":
            return None
        plan = _planned(snapshot, known, sender, key, now)
        if plan is None:
            return None
    outcome = plan[2]
    shown = outcome.always or _shown(_Asked(snapshot, known, roll_index, written, kinds, now, seed), outcome)
    said, form, asked, order, _, _ = shown
    if form and tracked and (named := pick_bytes(pick_id)) is not None:
        said = form % tuple(map(sign(snapshot.signer, named, 0, asked).__getitem__, order))
    count = len(written)
    places = _PLACES[count] if count < len(_PLACES) else _encode(list(range(count)))
    encoded = b'{"pick":%b,"copies":[{"to":%b,"rest":true,%b}]}' % (_encode(pick_id), places, said)
    return Usual(encoded, outcome.sender.person.id, shown)


class _Asked(NamedTuple):
    """A mail from somebody who is known, to everybody alike."""

    snapshot: Snapshot
    known: Known
    roll: RollIndex
    written: list[str]
    kinds: list[Kind]
    now: int
    seed: int


def _planned(
    snapshot: Snapshot, known: Known, sender: Sender, key: tuple[str, frozenset[Kind]], now: int
) -> Plan | None:
    """What comes out for a sender and these kinds, remembered; None when a campaign that applies asks for memory."""
    kinds = key[1] - {NOBODY} if NOBODY in key[1] else key[1]
    side = side_of(kinds)
    base = sender.bases.get(side)
    if base is None or not base.since <= now < base.until:
        base = base_of(snapshot, sender, side, now)
    templates = eligible(snapshot.templates, base.templates, side, kinds)
    campaigns = eligible(snapshot.campaigns, base.campaigns, side, kinds)
    if campaigns & snapshot.remembering:
        return None
    same = (sender.person.id, templates & -templates, campaigns)
    outcome = known.outcomes.get(same)
    if outcome is None:
        outcome = Outcome(sender, templates, campaigns, _few_equals(snapshot, campaigns))
        known.outcomes = _with(known.outcomes, same, outcome)
    plan = Plan(base.since, base.until, outcome)
    known.plans = _with(known.plans, key, plan)
    return plan


def _few_equals(snapshot: Snapshot, campaigns: int) -> list[list[tuple[int, Showing]]] | None:
    """For each priority the messages that take turns by chance; None when they are many, or a share is held back."""
    found = [equals(snapshot, tier) for tier in taking_turns(snapshot, campaigns)]
    return None if campaigns & snapshot.holdouts or sum(map(len, found)) > MOST_EQUALS else found


def _shown(asked: _Asked, outcome: Outcome) -> Shown:
    """What the mail shows, remembered by the order that was drawn."""
    known, order = asked.known, _order(asked, outcome)
    shown = known.shown.get((outcome, order)) if order is not None else None
    if shown is None:
        mail = mail_to(asked.snapshot, outcome.sender, asked.written, asked.kinds, asked.now)
        chosen = choose(asked.snapshot, mail, outcome.templates, outcome.campaigns, asked.seed)
        shown = _formed(asked, outcome, chosen)
        if order:
            known.shown = _with(known.shown, (outcome, order), shown)
        elif order is not None:
            outcome.always = shown
    return shown


def _formed(asked: _Asked, outcome: Outcome, chosen: Chosen) -> Shown:
    snapshot = asked.snapshot
    choices, offers = shown_to(snapshot, asked.known, asked.roll, outcome.sender.person, chosen)
    plain, held, form = _encoded(choices), held_ids(snapshot, chosen), formed(snapshot, choices)
    if form is None:
        return Shown(plain, b"", (), (), offers, held)
    return Shown(plain, _encoded(form.choices), form.asked, form.order, offers, held)


def _order(asked: _Asked, outcome: Outcome) -> tuple[str, ...] | None:
    """The ids of the messages that take turns, as they are drawn for this mail; None when there are many."""
    if not outcome.equals:
        return None if outcome.equals is None else ()
    addresses = set(canonical_all(asked.written))
    addresses.discard("")
    draw = chance(asked.snapshot.compiled.mark_key, outcome.sender.person.id, addresses, asked.seed)
    return tuple(message.id for messages in outcome.equals for _, message in in_turn(messages, draw))


def _encoded(choices: Sequence[Choice]) -> bytes:
    """The three variants as they stand in a copy."""
    said = zip(VARIANTS, choices, strict=True)
    return b",".join(b'"%b":%b' % (variant.encode(), _encode(choice)) for variant, choice in said)


def _with(memo: dict[K, V], key: K, value: V) -> dict[K, V]:
    """The map with one more entry, or with that alone when it is full."""
    if len(memo) >= SHOWN:
        memo = {}
    memo[key] = value
    return memo
