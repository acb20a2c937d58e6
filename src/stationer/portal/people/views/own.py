"""One's own details, as far as the PEN lets everyone change them; one's portrait; and what waits for agreement."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from stationer.portal.access.presence import members_only, needs, presence
from stationer.portal.people import proposals
from stationer.portal.people.forms import DetailsForm
from stationer.portal.people.models import Member, Proposal
from stationer.portal.people.named import named
from stationer.portal.people.photos import MOST_BYTES, keep_photo, path_of
from stationer.portal.people.views.differing import Difference, of_values
from stationer.portal.site.sizes import BESIDE, most_octets

PAGE = 25


def facts(request: HttpRequest, form: DetailsForm | None = None) -> dict[str, Any]:
    """What /myself/ shows of one's own details."""
    member = presence(request).member
    may, row = proposals.own(member), proposals.open_proposal(member)
    if row is not None:
        row.member = member  # it is known already
    waiting = row.values if row else {}
    return {
        "own": form or own_form(member, None),
        "own_photo": "photo" in may,
        "portrait": path_of(waiting.get("photo") or member.attributes.get("photo", "")),
        "proposal": row,
        "proposed": _differing(row) if row else [],
        "proposed_photo": bool(row and "photo" in row.values),
    }


def own_form(member: Member, data: Any) -> DetailsForm:
    """The form of what this member may change, filled with what they proposed or are."""
    may = {name: one for name, one in proposals.own(member).items() if name != "photo"}
    row = proposals.open_proposal(member)
    now = member.attributes | (row.values if row else {})
    return DetailsForm(data, names=may, initial={f"a_{name}": now.get(name, "") for name in may})


@members_only
def details(request: HttpRequest) -> HttpResponse:
    """Change one's own details, or propose it."""
    if request.method != "POST":
        return redirect("myself")
    from stationer.portal.access.views import own_page

    member = presence(request).member
    if not proposals.own(member):
        raise Http404("nothing to change")
    form = own_form(member, request.POST)
    if not form.is_valid():
        return own_page(request, facts(request, form))
    try:
        said(request, *proposals.change(member, form.values()))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return own_page(request, facts(request, form))
    return redirect("myself")


def said(request: HttpRequest, changed: list[str], asked: list[str]) -> None:
    """What became of it."""
    if asked:
        notes.success(
            request, _("Proposed. It is on your mail when somebody has agreed; you will get a mail.")
        )
    elif changed:
        notes.success(request, _("Saved. It is on your next mail."))
    else:
        notes.info(request, _("Nothing was changed."))


@most_octets(MOST_BYTES + BESIDE)
@require_POST
@members_only
def photo(request: HttpRequest) -> HttpResponse:
    """One's own portrait: a new one, or none."""
    member = presence(request).member
    if "photo" not in proposals.own(member):
        raise Http404("not theirs to change")
    new = new_photo(request)
    if new is not None:
        try:
            said(request, *proposals.change(member, {"photo": new}))
        except ValidationError as error:
            notes.error(request, " ".join(error.messages))
    return redirect("myself")


def new_photo(request: HttpRequest) -> str | None:
    """The address of the portrait that was sent, empty to take it away; None where there was none to keep."""
    if "remove" in request.POST:
        return ""
    sent = request.FILES.get("photo")
    if sent is None or not sent.file:
        notes.error(request, _("No photo was chosen. Choose a JPEG or PNG file first."))
        return None
    try:
        return keep_photo(sent.file, sent.size or 0)
    except ValidationError as error:
        notes.error(request, " ".join(error.messages))
        return None


@needs("change-people")
def waiting(request: HttpRequest) -> HttpResponse:
    """What members would like changed: old beside new, each decided in one click."""
    rows = Proposal.objects.filter(outcome=Proposal.Outcome.OPEN).select_related("member")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    shown = [
        (
            row,
            of_values({n: row.member.attributes.get(n, "") for n in row.values}, row.values),
            _portraits(row),
        )
        for row in page
    ]
    return render(request, "people/proposals.html", {"page": page, "rows": shown})


def _differing(row: Proposal) -> list[Difference]:
    """What the person is now beside what they propose; a portrait is shown, not told."""
    new = {name: value for name, value in row.values.items() if name != "photo"}
    return of_values({name: row.member.attributes.get(name, "") for name in new}, new)


def _portraits(row: Proposal) -> tuple[str, str] | None:
    if "photo" not in row.values:
        return None
    return path_of(row.member.attributes.get("photo", "")), path_of(row.values["photo"])


@require_POST
@needs("change-people")
def decide(request: HttpRequest, change: str) -> HttpResponse:
    """Agree or decline."""
    row = named(Proposal, "proposal", change)
    agree = request.POST.get("do") == "agree"
    if not agree and request.POST.get("do") != "decline":
        return redirect("proposals")
    try:
        open_still = proposals.decide(row, agree=agree, by=presence(request).member.name)
    except ValidationError as error:
        notes.error(request, " ".join(error.messages))
        return redirect("proposals")
    if not open_still:
        notes.warning(request, _("Somebody else has decided that already."))
    elif agree:
        notes.success(request, _("Agreed. It is on {name}’s next mail.").format(name=row.member.name))
    else:
        notes.success(request, _("Declined. {name} is told by mail.").format(name=row.member.name))
    return redirect("proposals")


def waiting_words() -> str:
    """How many wait, in words; empty where none does."""
    number = Proposal.objects.filter(outcome=Proposal.Outcome.OPEN).count()
    said_ = ngettext("{n} change waits for you", "{n} changes wait for you", number)
    return said_.format(n=number) if number else ""
