"""Who reads for somebody, and for whom they read: of a member, for whoever keeps people; and of oneself."""

from __future__ import annotations

import uuid

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.assigning import above
from stationer.portal.access.presence import members_only, needs, presence
from stationer.portal.people import delegates
from stationer.portal.people.models import Delegation, Member
from stationer.portal.people.named import named


class DelegateForm(forms.Form):
    """Somebody who is to read."""

    address = forms.CharField(label=gettext_lazy("Who is to read as well?"), max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("The address of somebody of this company."))  # fmt: skip
    earlier = forms.BooleanField(label=gettext_lazy("Also letters that came before today"), required=False)


@needs("see-people", change="change-people")
def page(request: HttpRequest, member: str) -> HttpResponse:
    """Of a member: who reads for them, for whom they read."""
    row = named(Member, "member", member)
    return _page(request, row, locked=above(presence(request), row))


@members_only
def own(request: HttpRequest) -> HttpResponse:
    """Of whoever is here."""
    return _page(request, presence(request).member, own=True)


def _page(request: HttpRequest, row: Member, *, own: bool = False, locked: bool = False) -> HttpResponse:
    form = DelegateForm(request.POST if request.method == "POST" and "address" in request.POST else None)
    if request.method == "POST" and locked:
        notes.error(request, _("They may do more than you: somebody with their rights has to do it."))
        return redirect(request.path)
    if "stop" in request.POST:
        _stop(request, row)
        return redirect(request.path)
    if form.is_valid():
        try:
            made = delegates.let(
                row, form.cleaned_data["address"], earlier=form.cleaned_data["earlier"],
                by=presence(request).member,
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("address", error.message_dict["address"])
        else:
            notes.success(
                request,
                _("{name} reads for {mailbox} now.").format(name=made.delegate.name, mailbox=row.name),
            )
            return redirect(request.path)
    facts = {"member": row, "own": own, "form": form, "locked": locked}
    facts |= {"readers": delegates.of(row), "reads": delegates.read_by(row)}
    return render(request, "people/delegates.html", facts, status=422 if form.errors else 200)


def _stop(request: HttpRequest, mailbox: Member) -> None:
    try:
        wanted = uuid.UUID(request.POST["stop"])
    except ValueError:
        return
    row = Delegation.objects.filter(pk=wanted, mailbox=mailbox).select_related("delegate").first()
    if row is not None:
        delegates.stop(row)
        said = _("{name} does not read for {mailbox} any more.")
        notes.success(request, said.format(name=row.delegate.name, mailbox=mailbox.name))
