"""Who works for a partner and as what; and resellers below it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.partners.desk import desk, staffed
from stationer.portal.partners.joining import LastOwner, join, leave
from stationer.portal.partners.models import Staff
from stationer.portal.partners.rights import BUILT_IN, RIGHTS, ROLE_NAMES, SENTENCES
from stationer.portal.people.models import Partner
from stationer.portal.site.fields import OneLine
from stationer.wire import ids


class StaffForm(forms.Form):
    """An address, and what it may do."""

    address = forms.EmailField(label=gettext_lazy("E-mail address"))
    role = forms.ChoiceField(label=gettext_lazy("Works here as"), choices=list(ROLE_NAMES.items()))


class ResellerForm(forms.Form):
    """A reseller below: its name, and its first owner."""

    name = OneLine(label=gettext_lazy("What is it called?"), max_length=120)
    owner = forms.EmailField(label=gettext_lazy("Address of its first owner"))


@staffed("manage-staff")
def page(request: HttpRequest) -> HttpResponse:
    """Everybody who works for this partner; somebody new; somebody gone."""
    here = desk(request)
    if request.method == "POST" and "gone" in request.POST:
        row = _row(here.partner, request.POST["gone"])
        try:
            leave(row)
        except LastOwner as error:
            notes.error(request, " ".join(error.messages))
        return redirect("partner-staff", here.partner.outside_id)
    form = StaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            join(here.partner, form.cleaned_data["address"], form.cleaned_data["role"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            notes.success(request, _("They can sign in, by a code sent to that address."))
            return redirect("partner-staff", here.partner.outside_id)
    return render(request, "partners/staff.html", _facts(here.partner, form))


def _facts(partner: Partner, form: StaffForm) -> dict[str, Any]:
    rows = Staff.objects.filter(partner=partner).select_related("account")
    roles = [
        (name, [SENTENCES[right] for right in RIGHTS if right in BUILT_IN[key]])
        for key, name in ROLE_NAMES.items()
    ]
    return {"rows": [(ids.outside("staff", row.pk), row) for row in rows], "form": form, "roles": roles}


def _row(partner: Partner, text: str) -> Staff:
    try:
        return Staff.objects.get(partner=partner, pk=ids.inside("staff", text))
    except (ValueError, Staff.DoesNotExist):
        raise Http404("nobody of here") from None


@staffed("manage-staff")
def reseller(request: HttpRequest) -> HttpResponse:
    """A new reseller below."""
    here = desk(request)
    form = ResellerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        row = Partner(name=form.cleaned_data["name"], parent=here.partner)
        try:
            with transaction.atomic():
                row.full_clean()
                row.save()
                join(row, form.cleaned_data["owner"], "owner")
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            notes.success(request, _("{name} is there, and its owner is invited.").format(name=row.name))
            return redirect("partner", row.outside_id)
    return render(request, "partners/reseller.html", {"form": form})
