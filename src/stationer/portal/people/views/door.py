"""Who from outside may begin a secure message once there is a page for it, and what a package allows of them
(contract/people.md §5)."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy

from stationer.portal.people import levels
from stationer.portal.people.listed import normal_entry
from stationer.portal.people.models import Package, Pen
from stationer.portal.site.fields import Lines

MB = 1_000_000


class DoorForm(forms.Form):
    """The PEN's door."""

    quiet = True
    access = forms.ChoiceField(
        label=gettext_lazy("Who from outside may begin a secure message, once there is a page for that"),
        choices=Pen.Access.choices,
        widget=forms.RadioSelect,
    )
    access_list = Lines(
        label=gettext_lazy("Access list"),
        normal=normal_entry,
        help_text=gettext_lazy("An address, or @ and a domain, on each line."),
    )

    def keep(self, pen: Pen) -> None:
        """Write it. Raises ValidationError."""
        pen.access, pen.access_list = self.cleaned_data["access"], self.cleaned_data["access_list"]
        pen.clean_fields(exclude=[one.name for one in pen._meta.fields if not one.name.startswith("access")])
        pen.save(update_fields=["access", "access_list"])


class QuotaForm(forms.Form):
    """What a package allows of secure messages."""

    quiet = True
    megabytes = forms.IntegerField(
        label=gettext_lazy("Largest secure message, in MB (0: as large as the installation takes)"),
        min_value=0,
        max_value=5_000,
    )
    messages_a_day = forms.IntegerField(
        label=gettext_lazy("Secure messages a day (0: as many as they like)"),
        min_value=0,
        max_value=1_000_000,
    )
    retention_days = forms.IntegerField(
        label=gettext_lazy("Days until a secure message ends (0: never by itself)"),
        min_value=0,
        max_value=36_500,
    )
    level = forms.TypedChoiceField(label=levels.ASKED, coerce=int, choices=levels.WORDS)

    @staticmethod
    def of(row: Package) -> dict[str, int]:
        """What is in the blanks."""
        named = ("messages_a_day", "retention_days", "level")
        return {"megabytes": -(-row.most_octets // MB)} | {name: getattr(row, name) for name in named}

    def keep(self, row: Package) -> None:
        """Write it. Raises ValidationError."""
        given = self.cleaned_data
        if given["megabytes"] != self.of(row)["megabytes"]:  # a program may have said it to the octet
            row.most_octets = given["megabytes"] * MB
        row.messages_a_day, row.retention_days = given["messages_a_day"], given["retention_days"]
        row.level = given["level"]
        row.full_clean()
        row.save()
