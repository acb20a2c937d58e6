"""Six weeks of Harbour Dental's mail, as edges would have told of it, and its figures: by lot, and the same each time."""

from __future__ import annotations

import random
import uuid
from datetime import datetime, timedelta
from typing import Any

DAYS, MAILS = 45, 32
PLACES = (
    "gmail.example",
    "falmouth.example",
    "truro-council.example",
    "seaview-hotel.example",
    "penryn.example",
)
PEOPLE = [f"patient{n}@{PLACES[n * n % 5]}" for n in range(420)]


def fill(harbour: Any, now: datetime | None = None) -> None:
    """Mails of the last days from four people, some with the campaign and some without it, and who clicked."""
    from django.utils import timezone

    from stationer.portal.people.models import Member
    from stationer.portal.people.scope import pen_scope
    from stationer.portal.statistics.models import Addressee, Hit, Mail, Shown
    from stationer.portal.statistics.rolling import turning

    lot, now = random.Random(5), now or timezone.now()
    with pen_scope(harbour.pen):
        senders = list(Member.objects.order_by("address")[:4])
        texts = [row.pk for row in harbour.campaign.messages.all()]
        rows: dict[Any, list[Any]] = {Mail: [], Addressee: [], Shown: [], Hit: []}
        for ago in range(DAYS):
            day = (now - timedelta(days=ago)).replace(minute=0, second=0, microsecond=0)
            for _ in range(MAILS if day.weekday() < 5 else 2):
                at = min(
                    now, day.replace(hour=lot.choice((8, 9, 10, 11, 14, 15, 16)), minute=lot.randrange(60))
                )
                _mail(rows, lot, at, lot.choice(senders), harbour.campaign.pk, texts)
        for model, some in rows.items():
            model.objects.bulk_create(some, batch_size=500)
        turning.settle(harbour.pen)


def _mail(
    rows: dict[Any, list[Any]], lot: random.Random, at: datetime, sender: Any, campaign: uuid.UUID, texts: Any
) -> None:
    from stationer.portal.statistics.models import Addressee, Hit, Mail, Shown, id_at

    def fresh() -> uuid.UUID:
        return id_at(int(at.timestamp() * 1000))

    person = lot.randrange(len(PEOPLE))
    held = (person * 7 + sender.pk.int) % 8 == 0
    of = lot.choice(texts)
    mail = Mail(id=fresh(), pick=uuid.uuid4(), at=at, sender=sender, people=1, outcome="used")
    rows[Mail].append(mail)
    rows[Addressee].append(Addressee(id=fresh(), mail=mail, address=PEOPLE[person]))
    shown = {"campaign": campaign, "of": None if held else of, "held": held, "used": None if held else True}
    rows[Shown].append(Shown(id=fresh(), mail=mail, mark="" if held else "harbour1", **shown))
    own = {"campaign": campaign, "of": of} if not held else {}
    if lot.random() < (0.03 if held else 0.12 + 0.05 * (of == texts[0])):
        later = at + timedelta(minutes=lot.randrange(3, 900))
        rows[Hit].append(Hit(id=fresh(), mail=mail, at=later, method="GET", human=True, score=90, **own))
    if lot.random() < 0.15:
        for n in range(2):
            then = at + timedelta(seconds=2 + n)
            rows[Hit].append(Hit(id=fresh(), mail=mail, at=then, method="HEAD", human=False, score=3, **own))
