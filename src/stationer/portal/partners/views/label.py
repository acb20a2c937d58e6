"""White label: what the portal is called below, its logo, and the host names it has there."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.partners import handing, hosts
from stationer.portal.partners.desk import Desk, desk, staffed
from stationer.portal.partners.labels import MOST_LOGO, keep_logo
from stationer.portal.partners.models import Host
from stationer.portal.site.fields import OneLine

MOST_HOSTS = 10


class LabelForm(forms.Form):
    """The name, and a picture."""

    house = OneLine(
        label=gettext_lazy("What the portal is called"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("In pages and in the portal’s own mails; empty: as above."),
    )
    logo = forms.FileField(
        label=gettext_lazy("Its logo"),
        required=False,
        help_text=gettext_lazy("PNG, JPEG or GIF, square, 64 pixels or more, at most 200 KB."),
        widget=forms.FileInput(attrs={"accept": "image/png,image/jpeg,image/gif"}),
    )

    def clean_logo(self) -> str:
        file = self.cleaned_data["logo"]
        return keep_logo(file.read(MOST_LOGO + 1)) if file else ""


class HostForm(forms.Form):
    """A host name."""

    host = forms.CharField(
        label=gettext_lazy("Host name"),
        max_length=253,
        help_text=gettext_lazy("Such as mail.example.com; its DNS entry leads to this installation."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    below = forms.BooleanField(
        label=gettext_lazy(
            "Every company has its own name below it (needs *.NAME in DNS and in the certificate)"
        ),
        required=False,
    )

    def clean_host(self) -> str:
        return hosts.normal_host(self.cleaned_data["host"])


@staffed("change-label")
def page(request: HttpRequest) -> HttpResponse:
    """Name and logo; host names, each with the record that proves it."""
    here = desk(request)
    deed = request.POST.get("deed", "")
    label = LabelForm(
        request.POST if deed == "label" else None,
        request.FILES if deed == "label" else None,
        initial={"house": here.partner.house},
    )
    host = HostForm(request.POST if deed == "host" else None)
    if request.method == "POST" and _done(request, here, deed, label, host):
        handing.want(here.partner)
        return redirect("partner-label", here.partner.outside_id)
    rows = [
        {"row": row, "record": hosts.record_of(row), "url": hosts.written(row.host)}
        for row in Host.objects.filter(partner=here.partner)
    ]
    facts = {
        "label_form": label,
        "host_form": host,
        "hosts": rows,
        "seen": hosts.label_of(handing.above(here.partner)),
    }
    return render(request, "partners/label.html", facts)


def _done(request: HttpRequest, here: Desk, deed: str, label: LabelForm, host: HostForm) -> bool:
    if deed == "label" and label.is_valid():
        here.partner.house = label.cleaned_data["house"].strip()
        here.partner.logo = label.cleaned_data["logo"] or here.partner.logo
        here.partner.save(update_fields=["house", "logo"])
        notes.success(request, _("Saved."))
        return True
    if deed == "no-logo":
        here.partner.logo = ""
        here.partner.save(update_fields=["logo"])
        return True
    if deed == "host" and host.is_valid():
        return _new_host(here, host)
    if deed in ("look", "gone"):
        return _about(request, here, deed)
    return False


def _new_host(here: Desk, form: HostForm) -> bool:
    rows = Host.objects.filter(partner=here.partner)
    if rows.count() >= MOST_HOSTS or rows.filter(host=form.cleaned_data["host"]).exists():
        form.add_error("host", ValidationError(_("It is there already, or there are too many.")))
        return False
    Host.objects.create(partner=here.partner, **form.cleaned_data)
    return True


def _about(request: HttpRequest, here: Desk, deed: str) -> bool:
    row: Any = Host.objects.filter(partner=here.partner, host=request.POST.get("host", "")).first()
    if row is None:
        raise Http404("no such host")
    if deed == "gone":
        row.delete()
        hosts.changed()
        notes.success(request, _("{host} no longer leads here.").format(host=row.host))
        return True
    said = hosts.look(row)
    if said:
        notes.error(request, said)
    else:
        notes.success(request, _("{host} is yours, and in force.").format(host=row.host))
    return True
