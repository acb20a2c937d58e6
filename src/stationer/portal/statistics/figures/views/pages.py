"""The figures of the PEN, of a campaign, of a message."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs
from stationer.portal.content import standing
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.named import named
from stationer.portal.statistics.figures import charts, reading, telling
from stationer.portal.statistics.figures.chance import Share, difference
from stationer.portal.statistics.figures.reading import People, Sums
from stationer.portal.statistics.figures.views.showing import choosing, drawn, period_of

#: Campaigns that the first page names; the rest are a page of their own.
TOP = 10


@require_GET
@needs("see-figures")
def overview(request: HttpRequest) -> HttpResponse:
    """Everything the PEN sent."""
    period, wrong = period_of(request)
    found = reading.course(reading.hours(period), period)
    before = reading.totals(reading.hours(period.before))
    sums = sorted(reading.campaigns(period).items(), key=lambda one: (-one[1].mails, one[0]))
    names = dict(Campaign.objects.filter(pk__in=[key for key, _ in sums[:TOP]]).in_bulk())
    facts = choosing(request, period, wrong) | drawn(found, before, period, *reading.people_beside(period))
    facts["campaigns"] = [(names.get(key), one) for key, one in sums[:TOP]]
    return render(request, "figures/overview.html", facts)


@require_GET
@needs("see-figures")
def campaign(request: HttpRequest, campaign: str) -> HttpResponse:
    """One campaign: what it brought, and what it would have been without it."""
    row = named(Campaign, "campaign", campaign)
    period, wrong = period_of(request)
    found = reading.course(reading.hours(period, row.pk), period)
    before = reading.totals(reading.hours(period.before, row.pk))
    met, was = reading.people_beside(period, row.pk)
    facts = choosing(request, period, wrong) | drawn(found, before, period, met, was)
    facts |= {"campaign": row, "standing": standing.standing(row, timezone.now()), "lift": met.lift}
    facts |= _messages(row, reading.messages(period, row.pk), reading.people_of_messages(period, row.pk, met))
    facts |= {"more_scope": f"&campaign={row.outside_id}", "hours_scope": f"&campaign={row.outside_id}"}
    if met.lift is not None:
        facts["lift_shares"] = (100 * met.lift.one.value, 100 * met.lift.other.value)
        facts |= {"lift_said": telling.lift(met.lift), "lift_chart": charts.interval(met.lift)}
    return render(request, "figures/campaign.html", facts)


@require_GET
@needs("see-figures")
def message(request: HttpRequest, message: str) -> HttpResponse:
    """One message of a campaign."""
    row = named(Message, "message", message)
    period, wrong = period_of(request)
    found = reading.course(reading.hours(period, row.campaign_id, row.pk), period)
    before = reading.totals(reading.hours(period.before, row.campaign_id, row.pk))
    facts = choosing(request, period, wrong) | drawn(found, before, period)
    back = Campaign.objects.get(pk=row.campaign_id)
    facts |= {"called": row.name, "above": back.name, "kind": "message", "above_row": back, "file": "days"}
    facts |= {"scope": f"message={row.outside_id}", "hours_scope": f"&message={row.outside_id}"}
    return render(request, "figures/part.html", facts)


def _messages(row: Campaign, sums: dict[uuid.UUID, Sums], met: dict[uuid.UUID, People]) -> dict[str, Any]:
    """Each message, the one with most mails first, with its people and its lift; two of equal weight held beside each
    other."""
    there = {text.pk: text for text in row.messages.all()}
    largest = sorted(sums.items(), key=lambda one: (-one[1].mails, one[0]))
    texts = [(there.get(key), one) for key, one in largest]
    facts: dict[str, Any] = {
        "texts": [
            (*text, met.get(key), telling.beside(met.get(key)))
            for text, (key, _) in zip(texts, largest, strict=True)
        ]
    }
    equal = [(text, one) for text, one in texts if text is not None and one.mails]
    if row.sequence or len(equal) < 2 or equal[0][0].weight != equal[1][0].weight:
        return facts
    (text, one), (other, two) = sorted(equal[:2], key=lambda pair: -pair[1].rate)
    found = difference(Share(one.clicked, one.mails), Share(two.clicked, two.mails))
    facts["rivalry"] = telling.rivalry((text.name, other.name), found)
    facts["rivalry_chart"] = charts.interval(found)
    return facts
