"""Forms for a member, a group, a list of addresses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.people.attributes import called, proper
from stationer.portal.people.meanwhile import Said
from stationer.portal.people.members import FIRST_PACKAGE
from stationer.portal.people.models import Attribute, Group, Package
from stationer.portal.people.pens import called as package_called
from stationer.portal.people.valid import MOST_CHARACTERS, check_attributes, normal_address
from stationer.portal.site.fields import Lines, Many

INPUTS = {"phone": {"type": "tel"}, "link": {"inputmode": "url", "spellcheck": "false"}}


class AttributeField(forms.CharField):
    """One attribute of a person; what is not what the attribute is, is refused, unless it was there already."""

    def __init__(self, one: Attribute, now: str) -> None:
        self.one, self.now = one, now
        widget: forms.Widget = forms.TextInput(attrs=INPUTS.get(one.kind, {}))
        if one.kind == Attribute.Kind.CHOICE:
            words = [*one.choices, *([now] if now and now not in one.choices else [])]
            widget = forms.Select(choices=[("", "–"), *((word, word) for word in words)])
        super().__init__(label=called(one), required=False, max_length=MOST_CHARACTERS, widget=widget)

    def clean(self, value: Any) -> str:
        text = str(super().clean(value))
        return text if text == self.now else proper(self.one, text)


class DetailsForm(forms.Form):
    """One's own details: the attributes that may be changed, by name."""

    quiet = True

    def __init__(
        self, *args: Any, names: Mapping[str, Attribute], initial: Mapping[str, Any], **options: Any
    ) -> None:
        self.names = names
        options["initial"] = dict(initial)
        super().__init__(*args, **options)
        for name, one in names.items():
            self.fields[f"a_{name}"] = AttributeField(one, str(initial.get(f"a_{name}", "")))
            if one.editing == Attribute.Editing.ASKED:
                self.fields[f"a_{name}"].help_text = _("Somebody has to agree.")

    def values(self) -> dict[str, str]:
        """What was said, by name; an empty text takes one away. Only after `is_valid`."""
        return {name: self.cleaned_data[f"a_{name}"] for name in self.names}


class MemberForm(forms.Form):
    """A person: address, attributes, groups, package. `names` are the attributes to offer, by name."""

    quiet = True

    address = forms.CharField(
        label=gettext_lazy("E-mail address"),
        max_length=254,
        widget=forms.TextInput(attrs={"inputmode": "email", "autocomplete": "off", "spellcheck": "false"}),
    )
    aliases = Lines(
        label=gettext_lazy("Further addresses"),
        normal=normal_address,
        help_text=gettext_lazy("One a line; mail from them is this person’s too."),
    )
    groups = Many(label=gettext_lazy("Groups"))
    package = forms.ChoiceField(label=gettext_lazy("Package"))
    new_name = forms.CharField(
        label=gettext_lazy("A further detail is called"),
        required=False,
        max_length=64,
        help_text=gettext_lazy("Such as shoe_size; templates then know it as {{shoe_size}}."),
    )
    new_value = forms.CharField(label=gettext_lazy("and says"), required=False, max_length=MOST_CHARACTERS)

    def __init__(
        self,
        *args: Any,
        names: Mapping[str, Attribute],
        initial: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> None:
        self.names = {name: one for name, one in names.items() if name != "photo"}
        options["initial"] = dict(initial or {})
        super().__init__(*args, **options)
        for name, one in self.names.items():
            self.fields[f"a_{name}"] = AttributeField(one, self.initial.get(f"a_{name}", ""))
        self.all_groups = list(Group.objects.all())
        self.packages = list(Package.objects.all())
        usual = next((row for row in self.packages if row.name == FIRST_PACKAGE), None)
        if usual is not None:
            self.initial.setdefault("package", usual.outside_id)
        self.fields["groups"].choices = [(row.outside_id, row.name) for row in self.all_groups]  # type: ignore[attr-defined]
        self.fields["package"].choices = [(row.outside_id, package_called(row)) for row in self.packages]  # type: ignore[attr-defined]
        if not self.all_groups:
            del self.fields["groups"]

    def said(self) -> Said:
        """What was sent, by field, as `meanwhile` compares it. Only after `is_valid`."""
        data = self.cleaned_data
        return {f"a_{name}": data[f"a_{name}"].strip() for name in self.names} | {
            "address": data["address"].strip().lower(),
            "aliases": data["aliases"],
            "groups": [row.outside_id for row in self.chosen_groups()],
            "package": data["package"],
        }

    def details(self) -> list[forms.BoundField]:
        """The fields of attributes."""
        return [self[f"a_{name}"] for name in self.names]

    def clean_new_name(self) -> str:
        name = str(self.cleaned_data["new_name"]).strip()
        if name:
            check_attributes({name: ""})
            if name in self.names:
                raise forms.ValidationError(_("There is a field for that already."))
        return name

    def attributes(self) -> dict[str, str]:
        """What the letterhead is to know; empty ones are left out."""
        data = self.cleaned_data
        said = {name: data[f"a_{name}"].strip() for name in self.names}
        said[data["new_name"]] = data["new_value"].strip()
        return {name: value for name, value in said.items() if name and value}

    def chosen_groups(self) -> list[Group]:
        """The groups ticked."""
        ticked = self.cleaned_data.get("groups", ())
        return [row for row in self.all_groups if row.outside_id in ticked]

    def chosen_package(self) -> Package:
        """The package chosen."""
        return next(row for row in self.packages if row.outside_id == self.cleaned_data["package"])


class GroupForm(forms.Form):
    """A group's name; no two alike."""

    name = forms.CharField(label=gettext_lazy("Name of the group"), max_length=120)

    def __init__(self, *args: Any, row: Group | None = None, **options: Any) -> None:
        self.row = row
        super().__init__(*args, **options)

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"]).strip()
        others = Group.objects.filter(name__iexact=name)
        if self.row is not None:
            others = others.exclude(pk=self.row.pk)
        if others.exists():
            raise forms.ValidationError(_("There is a group of that name already."))
        return name


class ListForm(forms.Form):
    """A list of addresses outside the PEN's own people."""

    name = forms.CharField(label=gettext_lazy("Name of the list"), max_length=120)
    addresses = Lines(
        label=gettext_lazy("Addresses"),
        normal=normal_address,
        help_text=gettext_lazy("One a line, or copied from a table."),
    )
