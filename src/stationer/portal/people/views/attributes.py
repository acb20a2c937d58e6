"""What is known of people: each detail, what it is called, what it is, and who may change it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs
from stationer.portal.people.attributes import COMMON, called, in_use
from stationer.portal.people.importing.columns import own_name
from stationer.portal.people.models import Attribute
from stationer.portal.people.valid import check_attributes

KINDS = [
    ("text", gettext_lazy("words")),
    ("phone", gettext_lazy("a telephone number")),
    ("link", gettext_lazy("an address on the web")),
    ("choice", gettext_lazy("one of a list")),
]
EDITING = [
    ("office", gettext_lazy("the office alone")),
    ("asked", gettext_lazy("each person, when the office agrees")),
    ("self", gettext_lazy("each person, at once")),
]


class AttributeForm(forms.Form):
    """One detail."""

    quiet = True
    label = forms.CharField(label=gettext_lazy("What it is called"), max_length=80)
    kind = forms.ChoiceField(label=gettext_lazy("It is"), choices=KINDS)
    choices = forms.CharField(
        label=gettext_lazy("The list"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("One a line; only where it is one of a list."),
    )
    editing = forms.ChoiceField(
        label=gettext_lazy("Who changes it"), choices=EDITING, widget=forms.RadioSelect, initial="office"
    )

    def clean_choices(self) -> list[str]:
        lines = (" ".join(line.split()) for line in self.cleaned_data["choices"].splitlines())
        return list(dict.fromkeys(line for line in lines if line))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("kind") == "choice" and not data.get("choices"):
            self.add_error("choices", _("Write at least one word to choose."))
        return data

    def keep(self, row: Attribute) -> None:
        """Write it. Raises ValidationError."""
        data = self.cleaned_data
        row.label, row.kind, row.editing = data["label"], data["kind"], data["editing"]
        row.choices = data["choices"] if row.kind == "choice" else []
        row.full_clean()
        row.save()


@needs("see-people", change="change-people")
def listing(request: HttpRequest) -> HttpResponse:
    """All details, and a new one."""
    form = AttributeForm(request.POST or None, initial={"kind": "text", "editing": "office"})
    if request.method == "POST" and form.is_valid():
        row = Attribute(name=own_name(form.cleaned_data["label"]))
        try:
            check_attributes({row.name: ""})
            if row.name in in_use():
                raise ValidationError(_("There is one of that name already."))
            form.keep(row)
        except ValidationError as error:
            form.add_error("label", error.messages)
        else:
            said = _("“{label}” is there; templates know it as {name}.")
            notes.success(request, said.format(label=row.label, name=f"{{{{{row.name}}}}}"))
            return redirect("attributes")
    rows = [
        (one, called(one), dict(KINDS)[one.kind], dict(EDITING)[one.editing]) for one in in_use().values()
    ]
    return render(request, "people/attributes.html", {"rows": rows, "form": form})


@needs("see-people", change="change-people")
def page(request: HttpRequest, attribute: str) -> HttpResponse:
    """Change one, or say nothing of it any more."""
    row = in_use().get(attribute)
    if row is None:
        raise Http404("no such attribute")
    if request.method == "POST" and "delete" in request.POST:
        Attribute.objects.filter(name=row.name).delete()
        notes.success(request, _("It is as it came. What people have stays."))
        return redirect("attributes")
    initial = {
        "label": called(row),
        "kind": row.kind,
        "choices": "\n".join(row.choices),
        "editing": row.editing,
    }
    form = AttributeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            form.keep(row)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            notes.success(request, _("Saved."))
            return redirect("attributes")
    facts = {
        "row": row,
        "label": called(row),
        "form": form,
        "common": row.name in COMMON,
        "described": not row._state.adding,
    }
    return render(request, "people/attribute.html", facts)
