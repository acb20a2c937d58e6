"""The companies of a partner: all of them, one of them, and a new one."""

from __future__ import annotations

from datetime import UTC
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import within
from stationer.portal.access.signed_out import signed_out
from stationer.portal.partners import figures, handing, resting
from stationer.portal.partners.desk import company_of, desk, jobs, staffed
from stationer.portal.partners.founding import found, invite_again
from stationer.portal.people.models import Pen
from stationer.portal.site.fields import DeleteByName, OneLine

PAGE = 50


def choose(request: HttpRequest) -> HttpResponseBase:
    """The partner that the account works for; of several, which."""
    if not request.user.is_authenticated:
        return signed_out(request)
    found = [one for one in jobs(request.user) if one.partner.path.startswith(within(request))]
    if not found:
        raise Http404("works for no partner")
    if len(found) == 1:
        return redirect("partner", found[0].partner.outside_id)
    return render(request, "partners/choose.html", {"jobs": found})


@staffed("see-figures")
def page(request: HttpRequest) -> HttpResponse:
    """All companies below, by reseller: how each stands, and what was counted."""
    here = desk(request)
    rows = figures.companies(here)
    q, sort = request.GET.get("q", "").strip(), request.GET.get("sort", "name")
    sort = sort if sort in figures.SORTS else "name"
    groups = figures.groups(here, rows)
    shown = [one for one in rows if q.casefold() in one.pen.name.casefold()]
    page = Paginator(figures.ordered(shown, sort), PAGE).get_page(request.GET.get("page"))
    good = sum(one.state == "good" for one in rows)
    facts = {
        "page": page,
        "lines": _lines(page.object_list, groups, by_reseller=sort == "name" and not q),
        "q": q,
        "sort": sort,
        "many": bool(q) or page.has_other_pages(),
        "any": bool(rows) or bool(groups),
        "search_words": _("Search {count} companies").format(count=len(rows)),
        "count": len(rows),
        "resellers": len(groups),
        "people": sum(one.people for one in rows),
        "equipped": sum(one.equipped for one in rows),
        "week": sum(one.week for one in rows),
        "good": good,
        "look": sum(one.state == "look" for one in rows),
        "fresh": sum(one.state == "new" for one in rows),
        "waiting": handing.waiting(here.partner),
        "counted_at": max((one.counted_at for one in rows if one.counted_at), default=None),
        "sorts": [
            ("name", _("by reseller")), ("mails", _("most mails")), ("people", _("most people")),
            ("state", _("what wants a look")),
        ],
    }  # fmt: skip
    return render(request, "partners/companies.html", facts)


def _lines(rows: Any, groups: dict[Any, figures.Group], *, by_reseller: bool) -> list[dict[str, Any]]:
    """The rows of the table: each reseller before its companies. Resellers without one stand last."""
    if not by_reseller:
        return [{"company": one} for one in rows]
    found: list[dict[str, Any]] = []
    last = None
    for one in rows:
        if one.pen.partner_id != last and one.pen.partner_id in groups:
            found.append({"group": groups[one.pen.partner_id]})
        last = one.pen.partner_id
        found.append({"company": one, "inside": last in groups})
    return found + [{"group": one} for one in groups.values() if not one.count]


class CompanyForm(forms.Form):
    """A name and an address: the rest comes from above."""

    company = OneLine(
        label=gettext_lazy("What is the company called?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    address = forms.EmailField(
        label=gettext_lazy("Address of its first owner"),
        help_text=gettext_lazy("They get an invitation, and sign in by a code that is sent to this address."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    slug = forms.SlugField(
        label=gettext_lazy("Name in its own address"),
        required=False,
        max_length=32,
        help_text=gettext_lazy("Small letters, digits and hyphens; empty: made from its name."),
    )


@staffed("change-companies")
def new(request: HttpRequest) -> HttpResponse:
    """A new company, in a minute."""
    here = desk(request)
    form = CompanyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            pen = found(here.partner, data["company"], data["address"], data["slug"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            sentence = _("{company} is there, and its first owner is invited.")
            notes.success(request, sentence.format(company=pen.name))
            return redirect("partner-company", here.partner.outside_id, pen.outside_id)
    return render(request, "partners/new_company.html", {"form": form})


class AgainForm(forms.Form):
    """Another invitation, to this address or another."""

    address = forms.EmailField(
        label=gettext_lazy("Address of its first owner"),
        help_text=gettext_lazy("Whoever was invited before can then no longer sign in."),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )


@staffed("see-figures", "change-companies")
def company(request: HttpRequest, company: str) -> HttpResponse:
    """One company: how it stands, what was counted, what it is handed, and its standing."""
    here = desk(request)
    pen = company_of(here, company)
    deed = request.POST.get("deed", "") if request.method == "POST" else ""
    again = AgainForm(request.POST if deed == "invite" else None)
    end = DeleteByName(pen.name, request.POST if deed == "end" else None)
    end.fields["typed"].label = _("Type its name to end it")
    if deed and (said := _do(request, pen, deed, again, end)):
        notes.success(request, said)
        return redirect("partner-company", here.partner.outside_id, pen.outside_id)
    today = timezone.now().astimezone(UTC).date()
    one = figures.described(pen, figures.sent(pen.partner or here.partner, today).get(pen.pk, {}), today)
    above = pen.from_above()
    facts = {
        "company": one,
        "pen_row": pen,
        "counted": getattr(pen, "counted", None),
        "months": figures.by_month(pen),
        "again": again,
        "end": end,
        "above": above,
        "address": pen.url,
        "may_resume": resting.may_resume(pen, here.staff.partner.path),
        "locks": sorted(above.locked_by),
    }
    return render(request, "partners/company.html", facts)


def _do(request: HttpRequest, pen: Pen, deed: str, again: AgainForm, end: DeleteByName) -> str:
    """Do what was pressed; the sentence that says so, or nothing where a form has to be mended."""
    by = desk(request).staff.partner.path
    if deed == "suspend" and resting.suspend(pen, by):
        return _("{company} is suspended. Its mail goes on.").format(company=pen.name)
    if deed == "resume" and resting.resume(pen, by):
        return _("{company} can work again.").format(company=pen.name)
    if deed == "end" and end.is_valid():
        resting.end(pen, by)
        return _("{company} has ended. Its mail leaves as it is written.").format(company=pen.name)
    if deed == "invite" and again.is_valid():
        try:
            invite_again(pen, again.cleaned_data["address"])
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
            return ""
        return _("The invitation is on its way.")
    return ""
