"""Harbour Dental sends from a domain of its own: a month of looks, a listing, and records that are not all right."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

NAME = "news.harbourdental.example"
LIST = {
    "thing": NAME, "list": "Spamhaus DBL", "says": "it stood in spam",
    "delist": f"https://check.spamhaus.org/results/?query={NAME}",
    "reason": f"https://check.spamhaus.org/query/domain/{NAME}",
}  # fmt: skip


def watched(pen: Any) -> dict[str, str]:
    """In the PEN's scope; ids for the pages."""
    from django.utils import timezone

    from stationer.portal.reputation.models import Look, SendingDomain, Trouble, Watched, ZoneState

    now = timezone.now()
    SendingDomain.objects.create(name=NAME, selector="s1", key="A" * 392)
    findings = [
        ["dkim-other", {"name": f"s1._domainkey.{NAME}"}],
        ["dmarc-none", {"name": f"_dmarc.{NAME}"}],
        ["sts-missing", {"domain": NAME}],
    ]
    row = Watched.objects.create(
        pen=pen,
        kind="domain",
        name=NAME,
        due_at=now + timedelta(days=365),
        looked_at=now,
        sound_at=now,
        findings=findings,
    )
    Trouble.objects.create(
        watched=row, about="zone:dbl.spamhaus.org", rule="listed", saw=LIST, sights=3,
        since=now - timedelta(hours=5), seen_at=now, confirmed_at=now - timedelta(hours=5),
    )  # fmt: skip
    Trouble.objects.create(
        watched=row, about="zone:multi.surbl.org", rule="listed", saw={**LIST, "list": "SURBL"}, sights=9, cleans=2,
        since=now - timedelta(days=12), seen_at=now - timedelta(days=9), confirmed_at=now - timedelta(days=12),
        healed_at=now - timedelta(days=9),
    )  # fmt: skip
    Look.objects.bulk_create(
        Look(watched=row, at=now - timedelta(days=day), wrong=wrong, unknown=0)
        for day, wrong in enumerate((2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 2, 1, *(0,) * 16))
    )
    ZoneState.objects.create(zone="dbl.spamhaus.org", tried_at=now)
    ZoneState.objects.create(zone="multi.uribl.com", tried_at=now, trouble="refused")
    return {"sending": NAME}
