"""What a hit is judged by, from rows, as the craft `clicks` sees it (contract/clicks.md §1)."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from django.conf import settings

from stationer.clicks import Around, Seen
from stationer.portal.statistics.addressing import pieces
from stationer.portal.statistics.models import Hit

#: How many hits of one mail, or by one address, a hit is judged by.
MOST = 200
#: How far an address's other hits are looked at.
AROUND = timedelta(minutes=10)
#: How much of the past is read for one piece of work, whatever happened in it.
MOST_READ = 20_000
#: What is read of an address's other hits, beside the address.
LIGHT = ("at", "pk", "pick", "copy", "link_id", "link__address", "number", "method", "agent")
Light = tuple[Any, ...]
T = TypeVar("T")


def mail_of(row: Hit) -> str:
    """What stands for the mail of a hit: hits of the same one are judged together. A link made by hand leads many
    readers, who have nothing in common but it: each address is by itself, unless it was made for one."""
    alone = row.link is not None and not row.link.address
    return _mail(row.pick, row.copy, row.link_id, row.address if alone else "")


def _mail(pick: uuid.UUID | None, copy: int | None, link: uuid.UUID | None, alone: str) -> str:
    if pick is not None:
        return f"{pick} {copy}"
    return f"{link} {alone}" if alone else f"{link}"


def seen(row: Hit) -> Seen:
    """A row as the craft sees it."""
    return Seen(
        str(row.pk),
        mail_of(row),
        row.number,
        _ms(row.at),
        row.method,
        row.address,
        row.agent,
        {str(name): str(value) for name, value in row.hints.items()},
    )


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)


class Surroundings:
    """What is around these hits of the PEN in scope: read at once for all of them."""

    def __init__(self, rows: Sequence[Hit]) -> None:
        self.mails = _grouped(_same_mails(rows))
        self.elsewhere = _by_address(rows)

    def of(self, row: Hit, hit: Seen) -> Around:
        """What is around one of them."""
        return Around(
            sent=_ms(row.mail.at) if row.mail is not None else None,
            mail=tuple(_nearest(self.mails.get(hit.mail, []), lambda one: one.at, hit.at)),
            elsewhere=tuple(
                _light(hit.address, one)
                for one in _nearest(self.elsewhere.get(hit.address, []), lambda one: _ms(one[0]), hit.at)
            ),
            secure=settings.LINK_URL.startswith("https:"),
        )


def _same_mails(rows: Sequence[Hit]) -> Iterable[Seen]:
    picks = sorted({row.pick for row in rows if row.pick is not None})
    links = sorted({row.link_id for row in rows if row.link_id is not None})
    for some in pieces(picks):
        yield from map(seen, Hit.objects.filter(pick__in=some).order_by("-at")[:MOST_READ])
    for some in pieces(links):
        of_links = Hit.objects.filter(link_id__in=some).select_related("link").order_by("-at")
        yield from map(seen, of_links[:MOST_READ])


def _by_address(rows: Sequence[Hit]) -> dict[str, list[Light]]:
    """Of each address of these rows the hits of that time. Of an address there may be thousands, of which few are
    looked at: they are read as they stand, and made into what the craft sees when they are."""
    found: dict[str, list[Light]] = defaultdict(list)
    if not (known := sorted({row.address for row in rows if row.address})):
        return found
    first, last = min(row.at for row in rows) - AROUND, max(row.at for row in rows) + AROUND
    for some in pieces(known):
        by_address = Hit.objects.filter(address__in=some, at__gte=first, at__lte=last).order_by("-at")
        for address, *light in by_address.values_list("address", *LIGHT)[:MOST_READ]:
            found[address].append(tuple(light))
    for lights in found.values():
        lights.reverse()  # the earliest first
    return found


def _light(address: str, one: Light) -> Seen:
    """Without what the request said of itself: the craft asks for that only of the same mail."""
    at, pk, pick, copy, link, made_for, number, method, agent = one
    alone = address if link is not None and not made_for else ""
    return Seen(str(pk), _mail(pick, copy, link, alone), number, _ms(at), method, address, agent)


def _grouped(hits: Iterable[Seen]) -> dict[str, list[Seen]]:
    found: dict[str, list[Seen]] = defaultdict(list)
    for one in hits:
        found[one.mail].append(one)
    for some in found.values():
        some.sort(key=lambda one: one.at)
    return found


def _nearest(hits: Sequence[T], moment: Callable[[T], int], at: int) -> Sequence[T]:
    """Those that lie nearest in their order, half of them before and half behind."""
    middle = bisect_left(hits, at, key=moment)
    return hits[max(0, middle - MOST // 2) : middle + MOST // 2]
