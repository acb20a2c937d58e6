"""All surveys with what they came to; and one: how answers spread, and what people wrote."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from stationer import links
from stationer.portal.access.presence import needs, presence
from stationer.portal.statistics.addressing import inside
from stationer.portal.statistics.figures.period import Period
from stationer.portal.statistics.figures.views.showing import choosing, period_of
from stationer.portal.surveys import reading, telling, words
from stationer.portal.surveys.models import Vote
from stationer.wire.words import SCALES

PAGE = 25


@require_GET
@needs("see-figures")
def listing(request: HttpRequest) -> HttpResponse:
    """Every survey; `?q=` by question, message or campaign."""
    period, wrong = period_of(request)
    every = reading.surveys(period)
    q = request.GET.get("q", "").strip()[:100]
    wanted = [one for one in every if q.lower() in f"{one.question} {one.name} {one.campaign_name}".lower()]
    page = Paginator(wanted, PAGE).get_page(request.GET.get("page"))
    facts = choosing(request, period, wrong) | {
        "page": page,
        "q": q,
        "total": len(every),
        "rows": [(one, telling.of_list(one.tally), words.KINDS[one.scale]()) for one in page.object_list],
    }
    return render(request, "surveys/surveys.html", facts)


def found(of: str, scale: str, period: Period, content: str = "") -> reading.Survey:
    """The survey of that address: the question of this content, or the last. Raises Http404 for none of this PEN."""
    kind = "message" if of.startswith("msg_") else "template"
    key = inside(kind, of)
    name = next((one for one in SCALES if one == scale), None)
    rows = reading.surveys(period, (key, name)) if key is not None and name is not None else []
    asked = [one for one in rows if one.outside_id == of and (not content or content in one.contents)]
    if not asked:
        raise Http404("no such survey")
    return max(asked, key=lambda one: one.since)


@require_GET
@needs("see-figures")
def survey(request: HttpRequest, of: str, scale: str, content: str = "") -> HttpResponse:
    """One survey; whoever may see visitors sees who answered what, and what they wrote (`?only=comments`)."""
    period, wrong = period_of(request)
    one = found(of, scale, period, content)
    facts = choosing(request, period, wrong) | {
        "one": one,
        "cards": telling.cards(one.tally),
        "kind": words.KINDS[one.scale](),
        "recommending": [
            (said, count, f"{share:.2f}") for said, count, share in telling.recommending(one.tally)
        ],
        "spread": [
            (words.choice(links.Voted(one.scale, value), one.words), count, f"{share:.2f}")
            for value, count, share in one.tally.rows()
        ],
    }
    if presence(request).may("see-visitors"):
        facts |= _answers(request, one, period)
    return render(request, "surveys/survey.html", facts)


def answers_of(one: reading.Survey, period: Period) -> Any:
    """The votes of a survey, the newest first."""
    rows = Vote.objects.filter(of=one.of, scale=one.scale, content__in=one.contents)
    return rows.filter(sent_at__gte=period.since, sent_at__lt=period.until).order_by("-at", "-id")


def _answers(request: HttpRequest, one: reading.Survey, period: Period) -> dict[str, Any]:
    rows, only = answers_of(one, period), request.GET.get("only") == "comments"
    page = Paginator(rows.exclude(comment="") if only else rows, PAGE).get_page(request.GET.get("page"))
    said = [(told, words.said(told.row.voted, one.words)) for told in telling.told(list(page.object_list))]
    return {"page": page, "answers": said, "only": only}
