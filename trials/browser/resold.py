"""Harbour Dental below a reseller, that below a partner, with other companies beside it: for pages of partners."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

OTHERS = (
    ("St Piran Physiotherapy", 1, 18, 16, 1120),
    ("Carrick Eye Clinic", 1, 63, 0, 4011),
    ("Lander Family Practice", 1, 54, 49, 2435),
    ("Tremayne Solicitors", 0, 88, 86, 6204),
    ("Fal Estuary Boatyard", 0, 26, 25, 1409),
    ("Lizard Point Holidays", 0, 1, 0, 0),
)
DISCLAIMER = {
    "shape": "disclaimer",
    "values": {"words": "Part of Kernow Health Partners. Regulated by the CQC."},
}


def resell(pen: Any, address: str) -> dict[str, str]:
    """The tree round `pen`; `address` works for its top. Returns the outside ids for addresses of pages."""
    from django.utils import timezone

    from stationer.portal.partners import asking, handing, statements
    from stationer.portal.partners.joining import join
    from stationer.portal.partners.models import DayCount, Host, Part, Standing
    from stationer.portal.people.models import Partner, Pen

    top = Partner.objects.create(name="Southwest IT")
    top.terms = {"management": {"most_messages": 2, "pictures": "linked"}, "locks": ["most_messages"]}
    top.save()
    reseller = Partner.objects.create(name="Kernow Health Partners", parent=top)
    Part.objects.create(partner=reseller, part="disclaimer", source=DISCLAIMER, locked=True)
    Part.objects.create(partner=top, part="letterhead", source={"shape": "letterhead", "values": {}})
    join(top, address, "owner")
    join(top, "billing@southwest-it.example", "billing")
    Host.objects.create(partner=top, host="mail.southwest-it.example", below=True, proven_at=timezone.now())
    Host.objects.create(partner=top, host="post.southwest-it.example")
    Pen.objects.filter(pk=pen.pk).update(partner=reseller, slug="harbour-dental")
    now = timezone.now()
    rows = [(Pen.objects.get(pk=pen.pk), 41, 38, 2304)]
    for name, place, people, equipped, mails in OTHERS:
        rows.append((Pen.objects.create(name=name, partner=(top, reseller)[place]), people, equipped, mails))
    for row, people, equipped, mails in rows:
        known = {"people": people, "equipped": equipped, "counted_at": now} if mails else {}
        begun = {"begun_at": now, "published_at": now + timedelta(minutes=5)} if mails else {}
        Standing.objects.create(pen=row, **known, **begun)
        DayCount.objects.bulk_create(
            DayCount(
                pen=row, day=(now - timedelta(days=back)).date(), people=people, seats=equipped,
                mails=mails * (130 - back) // 900 if equipped else max(0, mails * (back - 5) // 900),
            )
            for back in range(120 if mails else 0)
        )  # fmt: skip
    while handing.turn():
        pass
    statements.close_all()
    enquiry = asking.keep(
        "Jenna Hosking", "Tamar IT", "jenna@tamar-it.example", "We look after twelve small companies."
    )
    return {"partner": top.outside_id, "company": pen.outside_id, "enquiry": enquiry.outside_id}
