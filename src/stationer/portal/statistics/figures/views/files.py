"""Figures as files: what a page shows, whole, safe to open in a spreadsheet."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs
from stationer.portal.audit.recording import record
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import AddressList, Member
from stationer.portal.people.named import named
from stationer.portal.statistics.figures import reading, sheet
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.figures.reading import People, Sums
from stationer.portal.statistics.figures.views.parts import SORTS, called
from stationer.portal.statistics.figures.views.showing import period_of
from stationer.portal.statistics.rolled import DayFigure

HEADING = ("mails", "clicked", "raw_clicks", "human_clicks", "click_rate")
#: Of a message: people, and what more of them clicked than of those whom the campaign was held back from.
LIFT = ("people", "lift", "lift_low", "lift_high", "verdict")
MOST_ROWS = 100_000


def _cells(one: Sums) -> tuple[object, ...]:
    return one.mails, one.clicked, one.raw, one.human, f"{one.rate:.4f}"


@require_GET
@needs("see-figures")
def csv(request: HttpRequest, what: str) -> HttpResponse:
    """`days`, `hours` (of the day), `campaigns`, `messages` (of `?campaign=`), `members`, `domains`, `lists`."""
    period, _ = period_of(request)
    asked = request.GET.get("campaign", "")
    campaign = named(Campaign, "campaign", asked).pk if asked else None
    heading: tuple[str, ...]
    if what == "days":
        heading, rows = ("day", *HEADING), _days(request, period, campaign)
    elif what == "hours":
        heading, rows = ("hour", "mails", "raw_clicks", "human_clicks"), _hours(request, period, campaign)
    elif what == "campaigns":
        heading, rows = ("id", "name", *HEADING), _campaigns(period)
    elif what == "messages" and campaign is not None:
        heading, rows = ("id", "name", *HEADING, *LIFT), _messages(period, campaign)
    elif what in SORTS:
        heading, rows = ("name", *HEADING), _parts(what, period, campaign)
    else:
        raise Http404(what)
    body = sheet.write(heading, rows)
    record("exported", "figures", what)
    name = f"stationer-{what}-{period.first}-{period.last}.csv"
    return HttpResponse(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _days(request: HttpRequest, period: Period, campaign: uuid.UUID | None) -> Iterator[tuple[object, ...]]:
    for day, one in _course(request, period, campaign).days.items():
        yield (day.isoformat(), *_cells(one))


def _course(request: HttpRequest, period: Period, campaign: uuid.UUID | None) -> reading.Course:
    """Of whatever the page was about: a message, a member, a domain, a list; else the campaign or the PEN."""
    said, Kind = request.GET, DayFigure.Kind
    if text := said.get("message"):
        row = named(Message, "message", text)
        return reading.course(reading.hours(period, row.campaign_id, row.pk), period)
    found: tuple[str, str] | None = None
    if text := said.get("member"):
        found = Kind.MEMBER, named(Member, "member", text).pk.hex
    elif text := said.get("domain"):
        found = Kind.DOMAIN, text.lower()
    elif text := said.get("list"):
        found = Kind.LIST, _list(text)
    if found:
        return reading.daily(reading.days_of(found[0], period, found[1], campaign), period)
    return reading.course(reading.hours(period, campaign), period)


def _list(text: str) -> str:
    try:
        return AddressList.objects.get(pk=uuid.UUID(text)).pk.hex
    except (ValueError, AddressList.DoesNotExist):
        raise Http404("no such list") from None


def _hours(request: HttpRequest, period: Period, campaign: uuid.UUID | None) -> Iterator[tuple[object, ...]]:
    for hour, one in reading.by_hour(_course(request, period, campaign)).items():
        yield f"{hour:02}:00", one.mails, one.raw_then, one.human_then


def _campaigns(period: Period) -> Iterator[tuple[object, ...]]:
    sums = reading.campaigns(period)
    rows = Campaign.objects.in_bulk(list(sums))
    for key, one in _largest(sums):
        row = rows.get(key)
        yield (row.outside_id if row else "", row.name if row else "", *_cells(one))


def _messages(period: Period, campaign: uuid.UUID) -> Iterator[tuple[object, ...]]:
    sums = reading.messages(period, campaign)
    met = reading.people_of_messages(period, campaign, reading.people(period, campaign))
    rows = Message.objects.in_bulk(list(sums))
    for key, one in _largest(sums):
        row = rows.get(key)
        yield (row.outside_id if row else "", row.name if row else "", *_cells(one), *_met(met.get(key)))


def _largest(sums: dict[uuid.UUID, Sums]) -> list[tuple[uuid.UUID, Sums]]:
    return sorted(sums.items(), key=lambda pair: (-pair[1].mails, pair[0]))


def _met(met: People | None) -> tuple[object, ...]:
    if met is None:
        return 0, "", "", "", ""
    if met.lift is None:
        return met.reached, "", "", "", ""
    found = met.lift
    return met.reached, f"{found.most_likely:.4f}", f"{found.low:.4f}", f"{found.high:.4f}", found.verdict


def _parts(sort: str, period: Period, campaign: uuid.UUID | None) -> Iterator[tuple[object, ...]]:
    rows = reading.parts(reading.days_of(SORTS[sort][0], period, campaign=campaign))[:MOST_ROWS]
    sums = reading.summed(rows)
    names: dict[str, tuple[str, str]] = {}
    for first in range(0, len(sums), 5000):  # SQLite takes so many values in one question
        names |= called(sort, [key for key, _ in sums[first : first + 5000]])
    for key, one in sums:
        yield (names[key][0], *_cells(one))
