"""answer: the bytes of `pick`'s answer, in a fraction of its time where nothing is drawn and nobody counted.

Most mails are like one before: the same member under the same template, with the same campaigns. What such a mail
shows follows from three masks, so it is encoded once; only the id and the places of the recipients are new. Whatever
else there is (audiences of their own, chance, holdouts) goes the way of `pick`, and the answer is the same bytes.
"""

from __future__ import annotations

import msgspec

from stationer.pick.answering import pick, shown_to
from stationer.pick.choosing import choose, drawn
from stationer.pick.index import Snapshot
from stationer.pick.known import SHOWN, Known
from stationer.pick.people import RollIndex
from stationer.pick.walk import base_of, eligible, introduce, mail_to, meet, side_of
from stationer.wire.pick import Choice, Question
from stationer.wire.words import VARIANTS

_encode = msgspec.json.Encoder().encode
#: `[0,1,…]` by how many.
_PLACES = [_encode(list(range(count))) for count in range(64)]


def answer(
    snapshot: Snapshot, roll_index: RollIndex, question: Question, *, now: int, pick_id: str, seed: int = 0
) -> bytes:
    """`pick`'s answer as JSON (contract/http.md §1). Total, as it is."""
    known = snapshot.memo.under(roll_index)
    sender = known.senders.get(question.from_) or introduce(snapshot, known, question.from_)
    if sender is None or snapshot.compiled.management.mixed != "shared":
        return _encode(pick(snapshot, roll_index, question, now=now, pick_id=pick_id, seed=seed))
    written = question.to + question.cc
    recipients = meet(snapshot, known, written)
    side = side_of(recipients)
    base = sender.bases.get(side)
    if base is None or not base[0] <= now < base[1]:
        base = base_of(snapshot, sender, side, now)
    templates = eligible(snapshot.templates, base[2], side, recipients)
    campaigns = eligible(snapshot.campaigns, base[3], side, recipients)
    key = (sender.person.id, templates & -templates, campaigns)
    shown = known.shown.get(key)
    if not shown:
        chosen = choose(snapshot, mail_to(sender, recipients, now), templates, campaigns, seed)
        new = shown is None
        shown = _encoded(*shown_to(snapshot, known, roll_index, sender.person, chosen))
        if new:
            _remember(known, key, b"" if drawn(snapshot, campaigns) else shown)
    count = len(written)
    places = _PLACES[count] if count < len(_PLACES) else _encode(list(range(count)))
    return b'{"pick":%b,"copies":[{"to":%b,"rest":true,%b}]}' % (_encode(pick_id), places, shown)


def _encoded(*choices: Choice) -> bytes:
    """The three variants as they stand in a copy."""
    said = zip(VARIANTS, choices, strict=True)
    return b",".join(b'"%b":%b' % (variant.encode(), _encode(choice)) for variant, choice in said)


def _remember(known: Known, key: tuple[str, int, int], shown: bytes) -> None:
    if len(known.shown) >= SHOWN:
        known.shown = {}
    known.shown[key] = shown
