"""The pages: how the company's mail is thought of, and what one domain needs."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.contrib import messages as notes
from django.db.models import Max
from django.db.models.functions import TruncDate
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.lookup import Asker
from stationer.portal.access import domains
from stationer.portal.access.presence import needs, presence
from stationer.portal.people.models import Pen
from stationer.portal.reputation import judging, records, subjects, ways, wording
from stationer.portal.reputation.forms import NewForm, SigningForm
from stationer.portal.reputation.models import Look, SendingDomain, Trouble, Watched, ZoneState
from stationer.portal.statistics.figures import charts
from stationer.repute import Finding

#: The chart shows so many days.
DAYS = 30
#: Somebody who presses “Look now” waits so long at most.
PATIENCE_S = 12.0
#: Domains of one company; each is looked at every hour.
MOST = 20


def _shown(findings: list[Finding]) -> list[dict[str, str]]:
    order = ["bad", "warn", "unknown", "hint"]
    found = [
        {"level": one.level, "sentence": wording.sentence(one), "mend": wording.mend(one)} for one in findings
    ]
    return sorted(found, key=lambda one: order.index(one["level"]))


def _last(row: Watched) -> list[Finding]:
    return [Finding(rule, saw) for rule, saw in row.findings]


def _troubles(row: Watched) -> list[dict[str, Any]]:
    """Listings that are open, confirmed ones first."""
    rows = [one for one in row.troubles.all() if one.healed_at is None and one.about.startswith("zone:")]
    return [
        {
            "confirmed": one.confirmed_at is not None,
            "since": one.since,
            "reason": one.saw.get("reason", ""),
            **_shown([Finding(one.rule, one.saw)])[0],
        }
        for one in sorted(rows, key=lambda one: one.confirmed_at is None)
    ]


def _chart(pen: Pen) -> charts.Columns | None:
    """The most that was wrong on each of the last days."""
    today = timezone.now().date()
    days: dict[date, int] = {today - timedelta(days=n): 0 for n in range(DAYS - 1, -1, -1)}
    looks = Look.objects.filter(watched__pen=pen, at__date__gte=min(days)).annotate(day=TruncDate("at"))
    for day, watched, most in looks.values_list("day", "watched").annotate(most=Max("wrong")):
        if watched and day in days:
            days[day] += most
    return charts.columns(days)


@needs("see-settings", change="change-settings")
def sending(request: HttpRequest) -> HttpResponse:
    """Everything of the company that is watched; a POST adds a domain."""
    pen = presence(request).pen
    form = NewForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        if SendingDomain.objects.count() >= MOST:
            form.add_error("name", _("There are {n} domains already, which is the most.").format(n=MOST))
        else:
            row = form.save()
            subjects.keep(pen, subjects.of_pen(pen))
            return redirect("sending-domain", row.name)
    rows = Watched.objects.filter(pen=pen).prefetch_related("troubles")
    watched = [{"row": row, "findings": _shown(_last(row)), "listings": _troubles(row)} for row in rows]
    facts = {
        "form": form,
        "watched": watched,
        "chart": _chart(pen),
        "usable": ways.usable(),
        "proven": bool(domains.proven()),
        "silent": ZoneState.objects.exclude(trouble="").count(),
        "zones": ZoneState.objects.count(),
        "healed": Trouble.objects.filter(watched__pen=pen, healed_at__isnull=False).exclude(
            confirmed_at=None
        )[:5],
    }
    return render(request, "reputation/sending.html", facts, status=422 if form.errors else 200)


@needs("see-settings", change="change-settings")
def domain(request: HttpRequest, domain: str) -> HttpResponse:
    """The records of one domain; a POST looks now, keeps how it signs, or takes it out."""
    pen, row = presence(request).pen, SendingDomain.objects.filter(name=domain).first()
    if row is None:
        raise Http404
    if request.method == "POST" and "remove" in request.POST:
        row.delete()
        subjects.keep(pen, subjects.of_pen(pen))
        notes.success(request, _("{domain} is no longer looked after here.").format(domain=domain))
        return redirect("sending")
    form = SigningForm(request.POST if "bounce" in request.POST else None, instance=row)
    if form.is_bound and form.is_valid():
        form.save()
        return redirect("sending-domain", domain)
    if form.errors:
        row.refresh_from_db()
    looked = request.method == "POST" and "look" in request.POST
    findings, at = _now(row) if looked else _before(pen, row)
    wanted, rest = records.told(records.records(pen, row), findings)
    facts = {
        "row": row,
        "form": form,
        "records": [{"is": one, "wrong": _shown(one.wrong)} for one in wanted],
        "rest": _shown(rest),
        "at": at,
        "looked": looked,
        "sound": at is not None and not any(one.level in ("bad", "warn", "unknown") for one in findings),
    }
    return render(request, "reputation/domain.html", facts, status=422 if form.errors else 200)


def _now(row: SendingDomain) -> tuple[list[Finding], Any]:
    """Ask, for somebody who waits; nothing of it is kept, so that pressing often is no sight of anything."""
    asker: Asker = judging.asker(PATIENCE_S)
    now = timezone.now()
    subject = subjects.of_domain(row)
    return asker.settle(lambda book: judging.findings(subject, int(now.timestamp() * 1000), book)), now


def _before(pen: Pen, row: SendingDomain) -> tuple[list[Finding], Any]:
    """What the last hourly look found."""
    last = Watched.objects.filter(pen=pen, kind=Watched.Kind.DOMAIN, name=row.name).first()
    return (_last(last), last.looked_at) if last else ([], None)
