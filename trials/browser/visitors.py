"""Harbour Dental's visitors: people, programs, one of several, one that was corrected, links made by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Any


def come(made: Any) -> dict[str, str]:
    """Mails of the last hour and who followed their links, told as an edge would; ids for the pages."""
    from django.utils import timezone
    from tests.portal.told import Sent, clicked

    from stationer.portal.people.scope import pen_scope
    from stationer.portal.statistics import judging
    from stationer.portal.statistics.linking.making import make, written
    from stationer.portal.statistics.models import Addressee, Hit
    from stationer.portal.statistics.privacy.letters import seal
    from stationer.portal.statistics.taking import take
    from stationer.wire import ids
    from stationer.wire.uplink import AddressedCopy

    now = timezone.now()

    def ago(minutes: float) -> Any:
        return now - timedelta(minutes=minutes)

    jane, several = Sent(made, ago(58)), Sent(made, ago(50))
    offers = several.copies[0].offers
    several.copies = (
        AddressedCopy(3, tuple(f"{one}@example.com" for one in ("ann", "joe", "kim")), False, offers),
    )
    tamsin = Sent(made, ago(30), ("tamsin.nance@westcountry-orthodontics.example",))
    curl: dict[str, Any] = {"agent": "curl/8.5.0", "hints": {}, "address": "203.0.113.9"}
    told: list[Any] = [one.addressed() for one in (jane, several, tamsin)]
    told += [one.reported() for one in (jane, several, tamsin)]
    told += [jane.clicked(ago(41), visit=b"handed to it"), several.clicked(ago(22), address="198.51.100.7")]
    told += [tamsin.clicked(ago(29.8) + timedelta(seconds=n), number=n, **curl) for n in range(3)]
    told += [tamsin.clicked(ago(4), address="2001:db8::17")]
    take(told, now)
    with pen_scope(made.pen):
        made_link = make("https://harbourdental.example/price-list.pdf", "Price list", made.alice.member)[0]
        make(
            "https://harbourdental.example/offer",
            "Offer 2026-114",
            made.bob.member,
            ["jane@example.com", "joe@example.com"],
        )
        _looked_around(ago(40))
        token = bytes.fromhex("02") + b"\0" * 4 + bytes.fromhex(made_link.code) + b"\0" * 10
        assert written(made.pen, made_link)
        take([clicked(made.pen.outside_id, token, ago(2), address="198.51.100.33")], now)
        judging.piece(now + timedelta(seconds=10))
        row = Hit.objects.filter(mail__pick=several.pick).get()
        Hit.objects.filter(pk=row.pk).update(corrected_at=now, human=True)
        visitor = Addressee.objects.get(address="jane@example.com")
        return {
            "visitor": ids.outside("addressee", visitor.pk),
            "link": made_link.outside_id,
            "pen": made.pen.outside_id,
            "known": seal(made.pen, visitor.address),
        }


def _looked_around(at: Any) -> None:
    """What Jane looked at next on the practice's own site, which tells of it."""
    from stationer.portal.visits.models import View, Website

    Website.objects.create(on=True, hosts=["harbourdental.example"])
    for number, (path, seconds) in enumerate((("/open-evening", 45), ("/prices", 130), ("/book", 0))):
        View.objects.create(
            visit=b"handed to it".hex(), view=f"{number:016x}", at=at, host="harbourdental.example", path=path,
            seconds=seconds,
        )  # fmt: skip
