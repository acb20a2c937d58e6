"""Surveys as files: every survey in a line, or every answer of one; safe to open in a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from stationer.portal.access.presence import needs
from stationer.portal.audit.recording import record
from stationer.portal.statistics.figures import sheet
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.figures.views.showing import period_of
from stationer.portal.surveys import reading, telling, views
from stationer.portal.surveys.tallying import Span
from stationer.wire.words import SCALES

MOST_ROWS = 100_000
AT_ONCE = 1_000
SPREAD = tuple(f"answered_{value}" for value in SCALES["nps"])
TABLE = (
    "id", "campaign", "name", "scale", "question", "mails", "answers", "of_100_mails", "mean", "nps", "low", "high",
    *SPREAD,
)  # fmt: skip
ANSWERS = ("at", "who", "recipients", "answer", "of", "comment", "commented_at")


@require_GET
@needs("see-figures")
def table(request: HttpRequest) -> HttpResponse:
    """Every survey of these days."""
    period, _ = period_of(request)
    return _file("surveys", period, TABLE, (_line(one) for one in reading.surveys(period)))


def _line(one: reading.Survey) -> Sequence[object]:
    tally = one.tally
    span = tally.mean() or tally.score()
    spread = [tally.counts.get(value, 0) if value in SCALES[one.scale] else "" for value in SCALES["nps"]]
    return (
        one.outside_id, one.campaign_name, one.name, one.scale, one.question, tally.mails, tally.votes,
        _number(tally.rate()), _number(tally.mean()), _number(tally.score()),
        *(("", "") if span is None or span.low is None else (f"{span.low:.2f}", f"{span.high:.2f}")), *spread,
    )  # fmt: skip


def _number(span: Span | None) -> str | float:
    return "" if span is None else round(span.value, 2)


@require_GET
@needs("see-visitors")
def answers(request: HttpRequest, of: str, scale: str, content: str = "") -> HttpResponse:
    """Every answer of one survey in these days, the newest first."""
    period, _ = period_of(request)
    return _file("answers", period, ANSWERS, _answers(views.found(of, scale, period, content), period))


def _answers(one: reading.Survey, period: Period) -> Iterator[Sequence[object]]:
    rows, most = views.answers_of(one, period)[:MOST_ROWS], SCALES[one.scale][-1]
    some = list(rows)
    for start in range(0, len(some), AT_ONCE):
        for told in telling.told(some[start : start + AT_ONCE]):
            row = told.row
            commented = row.commented_at.isoformat(timespec="seconds") if row.commented_at else ""
            who = told.who.address or told.who.said
            at = row.at.isoformat(timespec="seconds")
            yield at, who, told.who.people, row.value, most, row.comment, commented


def _file(
    name: str, period: Period, heading: Sequence[str], rows: Iterable[Sequence[object]]
) -> HttpResponse:
    body = sheet.write(heading, rows)
    record("exported", "figures", name)
    said = f'attachment; filename="stationer-{name}-{period.first}-{period.last}.csv"'
    return HttpResponse(body, content_type="text/csv; charset=utf-8", headers={"Content-Disposition": said})
