"""The rules of a company's alerts, and what was told lately; each rule has a page of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from stationer.portal.access.presence import needs, presence
from stationer.portal.alerts import blanks, sentences, wanting
from stationer.portal.alerts.models import AlertRule, Due
from stationer.portal.alerts.telling import visits
from stationer.portal.alerts.wording import Addresses
from stationer.portal.people.named import named

PAGE = 25
MOST_RULES = 50


@needs("see-visitors", change="change-content")
def page(request: HttpRequest) -> HttpResponse:
    """All rules, what was told; `?edit=terms` opens the language and the hour; posting `new` adds a rule."""
    _sees(request)
    terms = wanting.terms()
    posted = request.POST if request.method == "POST" else None
    if posted is not None and "new" in posted:
        return _new(request)
    form = blanks.Terms(terms, posted) if request.GET.get("edit") == "terms" else None
    if form is not None and form.is_valid():
        form.fill()
        terms.full_clean()
        terms.save()
        notes.success(request, _("Saved."))
        return redirect("alerts")
    rules = list(AlertRule.objects.all())
    known = sentences.names_of(rules)
    facts = {
        "rules": [(rule, sentences.sentence(rule, known, terms)) for rule in rules],
        "terms": sentences.terms_sentence(terms),
        "blank": form,
        "edit": "terms" if form else "",
        **_told(request),
    }
    return render(request, "alerts/alerts.html", facts)


def _sees(request: HttpRequest) -> None:
    """Whoever says who is told of readers may know of them: also to post one needs the right to see them."""
    if not presence(request).may("see-visitors"):
        raise Http404("not without see-visitors")


def _new(request: HttpRequest) -> HttpResponse:
    """One more rule: it tells the owners, until somebody says otherwise on its page."""
    if AlertRule.objects.count() >= MOST_RULES:
        notes.error(
            request, _("There are {count} rules already; change one of them.").format(count=MOST_RULES)
        )
        return redirect("alerts")
    row = AlertRule.objects.create(whom=AlertRule.Whom.OWNER, pace=AlertRule.Pace.DIGEST)
    return redirect("alert-rule", row.outside_id)


def _told(request: HttpRequest) -> dict[str, Any]:
    """What was told and what waits, the newest first; `?q=` by whom."""
    q = request.GET.get("q", "").strip()
    rows = Due.objects.order_by("-last_at", "-id")
    shown = Paginator(rows.filter(to__icontains=q) if q else rows, PAGE).get_page(request.GET.get("page"))
    total = rows.count() if q else shown.paginator.count
    dues = list(shown.object_list)
    said = visits(dues, Addresses())
    return {
        "page": shown,
        "told": [(due, said.get(due.pk), due.to) for due in dues],
        "q": q,
        "total": total,
        "many": total > PAGE,
        "search_words": _("Search {count} alerts by whom").format(count=total),
    }


@needs("see-visitors", change="change-content")
def rule(request: HttpRequest, rule: str) -> HttpResponse:
    """One rule. `?edit=` opens a blank below its sentence; posting fills it in; posting `delete` takes it away."""
    _sees(request)
    row = named(AlertRule, "alertrule", rule)
    if request.method == "POST" and "delete" in request.POST:
        row.delete()
        notes.success(request, _("The rule is gone. What was raised by it is told still."))
        return redirect("alerts")
    terms, edit = wanting.terms(), request.GET.get("edit", "")
    form = _blank(edit, row, request)
    if form is not None and form.is_valid():
        form.fill()
        row.full_clean()
        row.save()
        return redirect("alert-rule", rule)
    if request.method == "POST" and form is None:
        return redirect("alert-rule", rule)
    facts = {
        "rule": row,
        "said": sentences.sentence(row, sentences.names_of([row]), terms),
        "blank": form,
        "edit": edit if form else "",
    }
    return render(request, "alerts/rule.html", facts)


def _blank(
    edit: str, row: AlertRule, request: HttpRequest
) -> blanks.About | blanks.Whom | blanks.Pace | blanks.Least | None:
    kind = blanks.BLANKS.get(edit)
    data = request.POST if request.method == "POST" else None
    if kind is blanks.Pace:
        return blanks.Pace(row, data, terms=wanting.terms())
    return kind(row, data) if kind else None
