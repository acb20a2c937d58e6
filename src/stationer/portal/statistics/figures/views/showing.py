"""What every page of figures shows alike: the period chosen, number cards, charts with their tables."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dates import WEEKDAYS, WEEKDAYS_ABBR

from stationer.portal.access.presence import presence
from stationer.portal.statistics.figures import charts, reading, telling
from stationer.portal.statistics.figures.period import LENGTHS, USUAL, Period, asked, last_days
from stationer.portal.statistics.figures.reading import Course, People, Sums
from stationer.portal.statistics.rolled import HourFigure, Rolling


def period_of(request: HttpRequest) -> tuple[Period, str]:
    """The period asked for; the usual one and a sentence, where it is none."""
    zone, now = presence(request).pen.zone, timezone.now()
    try:
        return asked(request.GET, now, zone), ""
    except ValidationError as error:
        return last_days(USUAL, now, zone), " ".join(error.messages)


def choosing(request: HttpRequest, period: Period, wrong: str) -> dict[str, Any]:
    """What the chooser of the period needs, and whether there is anything at all yet."""
    rolled = Rolling.objects.annotate(lost=reading.lost_of(period)).first()
    return {
        "period": period,
        "before_period": period.before,
        "lengths": LENGTHS,
        "wrong": wrong,
        "asked": urlencode(period.asked),
        "rolled_at": rolled.rolled_at if rolled else None,
        "lost": rolled.lost if rolled else None,
        "ever": HourFigure.objects.exists,  # asked by an empty page alone
    }


def drawn(
    found: Course, before: Sums, period: Period, met: People | None = None, was: People | None = None
) -> dict[str, Any]:
    """Cards, the two charts over days, the hours of the week. Beside days of which nothing was kept, nothing is set."""
    first = reading.first_hour()
    compared = reading.known_before(period, first)
    raw = {day: one.raw for day, one in found.days.items()}
    human = {day: one.human for day, one in found.days.items()}
    return {
        "ever": first is not None,
        "whole": found.whole,
        "cards": telling.cards(found.whole, before, period.length if compared else 0, met, was),
        "mails_chart": charts.columns({day: one.mails for day, one in found.days.items()}),
        "clicks_chart": charts.columns(raw, human),
        "days": list(reversed(found.days.items())),
        **_week(found),
    }


def _week(found: Course) -> dict[str, Any]:
    drawing = charts.week(found.week)
    if drawing is None:
        return {"week": None}
    best, hour = drawing.best
    table = [
        (
            f"{hour:02}:00",
            [found.week[day, hour].human_then if (day, hour) in found.week else 0 for day in range(7)],
        )
        for hour in range(24)
    ]
    return {
        "week": drawing,
        "week_rows": [(str(WEEKDAYS_ABBR[day]), y) for day, y in drawing.rows],
        "week_days": [str(WEEKDAYS_ABBR[day]) for day in range(7)],
        "week_table": table,
        "week_best": (str(WEEKDAYS[best]), f"{hour:02}:00", f"{(hour + 1) % 24:02}:00"),
    }
