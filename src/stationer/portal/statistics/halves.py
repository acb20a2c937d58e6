"""The two halves of a mail that counts, `asked` and `sent`, wait for one another here (contract/memory.md §4).

The first outcome of a copy holds. What both halves of one edge told stands under its name: it counts that itself. Where
another edge was told the outcome, neither knows both halves, and it stands under `*`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

import msgspec

from stationer.pick.counting import KEY
from stationer.portal.people.scope import outside_scope
from stationer.portal.statistics.counted import NOBODY, Half
from stationer.wire.memory import Asked, AskedCopy, Sent

#: A client reports for seven days; an outcome whose pick remembers nothing waits in vain.
ASKED_DAYS, SENT_DAYS = 8, 1
#: Picks that are looked up at once.
AT_ONCE = 500

_encode = msgspec.msgpack.Encoder().encode
_asked: msgspec.msgpack.Decoder[tuple[int, AskedCopy]] = msgspec.msgpack.Decoder(tuple[int, AskedCopy])
_sent: msgspec.msgpack.Decoder[Sent] = msgspec.msgpack.Decoder(Sent)


class Joined(NamedTuple):
    """A mail of which both halves are known: who counts it, its moment (Unix ms), whom and what."""

    edge: str
    at: int
    copy: AskedCopy
    sent: Sent


def join(edge: str, records: Sequence[Asked | Sent], at: datetime) -> list[Joined]:
    """In the PEN in scope: keep these halves, and tell which mails became whole by them."""
    held = _held({one.pick for one in records})
    before = {key: half.kind for key, half in held.items()}
    joined: list[Joined] = []
    for one in records:
        for number, half in _halves(one):
            found = _meet(edge, held, (one.pick, number), half, at)
            if found is not None:
                joined.append(found)
    Half.objects.bulk_create([half for key, half in held.items() if key not in before], batch_size=200)
    touched = [half for key, half in held.items() if key in before and half.kind != before[key]]
    Half.objects.bulk_update(touched, ["kind", "held", "at"], batch_size=200)
    return joined


def _held(picks: set[str]) -> dict[tuple[str, int], Half]:
    wanted, found = sorted(picks), {}
    for start in range(0, len(wanted), AT_ONCE):
        for half in Half.objects.filter(pick__in=wanted[start : start + AT_ONCE]):
            found[half.pick, half.copy] = half
    return found


def _halves(one: Asked | Sent) -> Iterator[tuple[int, tuple[int, AskedCopy] | Sent]]:
    """By number of the copy. A copy of which nothing can count is none."""
    if isinstance(one, Sent):
        yield one.copy, one
        return
    for number, copy in enumerate(one.copies):
        if copy.recipients and copy.offered:
            yield number, (one.at, copy)


def _meet(
    edge: str,
    held: dict[tuple[str, int], Half],
    key: tuple[str, int],
    half: tuple[int, AskedCopy] | Sent,
    at: datetime,
) -> Joined | None:
    """Keep a half, or join it with the other one."""
    kind = Half.Kind.SENT if isinstance(half, Sent) else Half.Kind.ASKED
    there = held.get(key)
    if there is None:
        held[key] = Half(pick=key[0], copy=key[1], edge=edge, kind=kind, held=_encode(half), at=at)
        return None
    if there.kind in (Half.Kind.KNOWN, kind):
        return None
    other = bytes(there.held)
    if isinstance(half, Sent):
        (moment, copy), sent = _asked.decode(other), half
    else:
        (moment, copy), sent = half, _sent.decode(other)
    there.kind, there.held, there.at = Half.Kind.KNOWN, b"", at
    return Joined(edge if there.edge == edge else NOBODY, moment, copy, sent)


def forget_recipient(recipient: bytes) -> None:
    """In the PEN in scope: mails to this recipient (key) whose outcome is not known yet count for nobody."""
    for half in Half.objects.filter(kind=Half.Kind.ASKED).iterator():
        _, copy = _asked.decode(bytes(half.held))
        keys = copy.recipients
        if recipient in {keys[start : start + KEY] for start in range(0, len(keys), KEY)}:
            half.delete()


def forget_old(now: datetime) -> None:
    """In every PEN: halves that wait in vain, and mails whose outcome nobody tells again."""
    with outside_scope(reason="halves of mails that are over, of every PEN"):
        for kinds, days in (((Half.Kind.ASKED, Half.Kind.KNOWN), ASKED_DAYS), ((Half.Kind.SENT,), SENT_DAYS)):
            rows = Half.objects.filter(kind__in=kinds, at__lt=now - timedelta(days=days))
            if rows.exists():
                rows.delete()
