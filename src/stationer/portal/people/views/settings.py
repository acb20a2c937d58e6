"""The PEN's own settings: what it is called, which domains are its own, its clock, and its brand."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.factor import ask
from stationer.portal.access.presence import needs, presence
from stationer.portal.content.models import Asset
from stationer.portal.people import zones
from stationer.portal.people.models import Pen
from stationer.portal.people.valid import domain_or_below
from stationer.portal.site.fields import Lines

COLOUR = re.compile(r"#[0-9a-f]{6}", re.IGNORECASE)
PAPERS = [
    ("", gettext_lazy("cream")),
    ("250", gettext_lazy("cool")),
    ("150", gettext_lazy("mint")),
    ("20", gettext_lazy("rose")),
]
VOICES = [("", gettext_lazy("the printer’s serif")), ("sans", gettext_lazy("plain, as the rest"))]
INK, WAX = "#1f4468", "#a8322a"


class PenForm(forms.Form):
    """What the company is called, and what holds for all its mail."""

    name = forms.CharField(label=gettext_lazy("Name of the company"), max_length=120)
    domains = Lines(
        label=gettext_lazy("Your domains"),
        normal=domain_or_below,
        help_text=gettext_lazy("One a line, such as example.com. Whoever writes from there is inside."),
    )
    zone = forms.ChoiceField(
        label=gettext_lazy("Your clock"),
        help_text=gettext_lazy("New campaigns go by it, unless they name another."),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["zone"].choices = zones.offered(self.initial["zone"])  # type: ignore[attr-defined]

    def keep(self, pen: Pen) -> None:
        """Write it. Raises ValidationError."""
        data = self.cleaned_data
        pen.name, pen.domains = data["name"], data["domains"]
        pen.zone = data["zone"]
        pen.full_clean()
        pen.save()


class TokensForm(forms.Form):
    """The four tokens of pages. Whatever is chosen, the contrast is kept by computation."""

    colour = forms.CharField(
        label=gettext_lazy("Colour of buttons and links"),
        widget=forms.TextInput(attrs={"type": "color", "class": "is-auto"}),
    )
    seal = forms.CharField(
        label=gettext_lazy("Colour of the wax"),
        widget=forms.TextInput(attrs={"type": "color", "class": "is-auto"}),
    )
    paper = forms.ChoiceField(label=gettext_lazy("Paper"), choices=PAPERS, required=False)
    voice = forms.ChoiceField(label=gettext_lazy("Titles in"), choices=VOICES, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("colour", "seal"):
            if not COLOUR.fullmatch(str(data.get(name, ""))):
                self.add_error(name, _("A colour is # and six digits, such as #1f4468."))
        return data

    def said(self) -> dict[str, str]:
        """What was chosen; what is as Stationer comes is left out. Only after `is_valid`."""
        said = {"colour": self.cleaned_data["colour"], "seal": self.cleaned_data["seal"]}
        plain = {"colour": INK, "seal": WAX}
        brand = {name: value for name, value in said.items() if value.lower() != plain[name]}
        brand |= {name: self.cleaned_data[name] for name in ("paper", "voice") if self.cleaned_data[name]}
        return brand


class BrandForm(TokensForm):
    """The four tokens of a PEN's pages, and its logo."""

    field_order = ("colour", "seal", "logo", "paper", "voice")
    logo = forms.ChoiceField(
        label=gettext_lazy("Logo"),
        required=False,
        help_text=gettext_lazy(
            "One of your pictures. It stands above your letters, where their readers open them."
        ),
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._pictures = {row.file_name: row for row in Asset.objects.all()}
        rows = [(file, row.name) for file, row in self._pictures.items()]
        kept = str(self.initial.get("logo", ""))
        if kept and kept not in self._pictures:  # its address goes on to work (content.pictures)
            rows.append((kept, _("the one of now")))
        self.fields["logo"].choices = [("", _("none")), *rows]  # type: ignore[attr-defined]

    def said(self) -> dict[str, str]:
        """What was chosen, with the logo. Only after `is_valid`."""
        return super().said() | self._logo()

    def _logo(self) -> dict[str, str]:
        """The logo, and whether it is wide."""
        file = self.cleaned_data["logo"]
        if not file:
            return {}
        row = self._pictures.get(file)
        wide = row.width > 2 * row.height if row else bool(self.initial.get("logo_wide"))
        return {"logo": file} | ({"logo_wide": "1"} if wide else {})

    def keep(self, pen: Pen) -> None:
        """Write it. Raises ValidationError where a partner has locked it."""
        if by := pen.from_above().brand_by:
            raise ValidationError(_("{partner} has locked the looks of these pages.").format(partner=by))
        pen.brand = self.said()
        pen.save()


class SafetyForm(forms.Form):
    """What is asked of whoever changes everybody's mail."""

    second_factor = forms.BooleanField(
        label=gettext_lazy("Ask for a second factor before anybody publishes"),
        required=False,
        help_text=gettext_lazy("A passkey or the code of an app, once each time they have signed in."),
    )

    def keep(self, pen: Pen) -> None:
        """Write it."""
        pen.second_factor = self.cleaned_data["second_factor"]
        pen.save()


@needs("see-settings", change="change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """Both forms; each is saved on its own."""
    pen = presence(request).pen
    which = request.POST.get("form", "")
    if which == "safety" and (asked := ask(request, request.path)):
        return asked
    about = {
        "name": pen.name,
        "domains": "\n".join(pen.domains),
        "zone": pen.zone,
    }
    looks = {"colour": INK, "seal": WAX} | pen.looks()
    pen_form = PenForm(request.POST if which == "pen" else None, initial=about)
    brand_form = BrandForm(request.POST if which == "brand" else None, initial=looks)
    safety = SafetyForm(
        request.POST if which == "safety" else None, initial={"second_factor": pen.second_factor}
    )
    forms_here: dict[str, PenForm | BrandForm | SafetyForm] = {
        "pen": pen_form,
        "brand": brand_form,
        "safety": safety,
    }
    form = forms_here.get(which)
    if form is not None and form.is_valid():
        try:
            form.keep(pen)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            notes.success(
                request, _("Saved. Mail follows at the next Publish.") if which == "pen" else _("Saved.")
            )
            return redirect("settings")
    facts = {"pen_form": pen_form, "brand_form": brand_form, "safety_form": safety, "above": pen.from_above()}
    return render(request, "people/settings.html", facts)
