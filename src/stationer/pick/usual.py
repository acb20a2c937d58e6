"""answer: the bytes of `pick`'s answer, in a fraction of its time where nothing is drawn and nobody counted.

Most mails are like one before: the same member writes to recipients of whom the rules say the same, or at least the
same template and campaigns come out. What such a mail shows is encoded once; only the id and the places of the
recipients are new. Whatever else there is (audiences of their own, chance, memory) goes the way of `pick`, and
the answer is the same bytes.
"""

from __future__ import annotations

from typing import NamedTuple, TypeVar

import msgspec

from stationer.pick.answering import pick, shown_to
from stationer.pick.choosing import choose, drawn
from stationer.pick.index import Snapshot
from stationer.pick.known import NOBODY, SHOWN, Kind, Known, Plan, Sender
from stationer.pick.memory import Lookup, nobody
from stationer.pick.people import RollIndex
from stationer.pick.walk import base_of, eligible, introduce, mail_to, meet, side_of
from stationer.wire.pick import Choice, Question
from stationer.wire.words import VARIANTS

_encode = msgspec.json.Encoder().encode
K = TypeVar("K")
V = TypeVar("V")

#: The places of a copy's recipients when it is the only one, by how many there are.
_PLACES = [_encode(list(range(count))) for count in range(64)]


def answer(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    pick_id: str,
    seed: int = 0,
    memory: Lookup = nobody,
) -> bytes:
    """`pick`'s answer as JSON (contract/http.md §1). Total, as it is."""
    found = usual_answer(snapshot, roll_index, question, now=now, pick_id=pick_id, seed=seed)
    if found is not None:
        return found
    return _encode(pick(snapshot, roll_index, question, now=now, pick_id=pick_id, seed=seed, memory=memory))


def usual_answer(
    snapshot: Snapshot, roll_index: RollIndex, question: Question, *, now: int, pick_id: str, seed: int = 0
) -> bytes | None:
    """`pick`'s answer as JSON where everybody gets the same and no campaign that applies asks what recipients remember;
    otherwise None."""
    known = snapshot.memo.under(roll_index)
    written = question.to + question.cc
    kinds = meet(snapshot, known, written)
    key = (question.from_, frozenset(kinds))
    plan = known.plans.get(key)
    if plan is not None and plan[0] <= now < plan[1]:
        shown = plan[2]
    else:
        sender = known.senders.get(question.from_) or introduce(snapshot, known, question.from_)
        if sender is None or snapshot.compiled.management.mixed != "shared":
            return None
        shown = _shown(_Asked(snapshot, known, roll_index, sender, written, kinds, now, seed), key)
        if not shown:
            return None
    count = len(written)
    places = _PLACES[count] if count < len(_PLACES) else _encode(list(range(count)))
    return b'{"pick":%b,"copies":[{"to":%b,"rest":true,%b}]}' % (_encode(pick_id), places, shown)


class _Asked(NamedTuple):
    """A mail from somebody who is known, to everybody alike."""

    snapshot: Snapshot
    known: Known
    roll: RollIndex
    sender: Sender
    written: list[str]
    kinds: list[Kind]
    now: int
    seed: int


def _shown(asked: _Asked, key: tuple[str, frozenset[Kind]]) -> bytes:
    """What it shows, remembered unless it is drawn; empty when a campaign that applies asks for memory."""
    snapshot, known, sender, now = asked.snapshot, asked.known, asked.sender, asked.now
    kinds = key[1] - {NOBODY} if NOBODY in key[1] else key[1]
    side = side_of(kinds)
    base = sender.bases.get(side)
    if base is None or not base.since <= now < base.until:
        base = base_of(snapshot, sender, side, now)
    templates = eligible(snapshot.templates, base.templates, side, kinds)
    campaigns = eligible(snapshot.campaigns, base.campaigns, side, kinds)
    if campaigns & snapshot.remembering:
        return b""
    same = (sender.person.id, templates & -templates, campaigns)
    shown = known.shown.get(same)
    if not shown:
        mail = mail_to(snapshot, sender, asked.written, asked.kinds, now)
        chosen = choose(snapshot, mail, templates, campaigns, asked.seed)
        varies = shown is not None or drawn(snapshot, campaigns)
        shown = _encoded(*shown_to(snapshot, known, asked.roll, sender.person, chosen))
        known.shown = _with(known.shown, same, b"" if varies else shown)
        if varies:
            return shown
    known.plans = _with(known.plans, key, Plan(base.since, base.until, shown))
    return shown


def _encoded(*choices: Choice) -> bytes:
    """The three variants as they stand in a copy."""
    said = zip(VARIANTS, choices, strict=True)
    return b",".join(b'"%b":%b' % (variant.encode(), _encode(choice)) for variant, choice in said)


def _with(memo: dict[K, V], key: K, value: V) -> dict[K, V]:
    """The map with one more entry, or with that alone when it is full."""
    if len(memo) >= SHOWN:
        memo = {}
    memo[key] = value
    return memo
