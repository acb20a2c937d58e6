"""What holds for every mail: the company's rules as sentences with blanks, and its calendars."""

from __future__ import annotations

from typing import Any

import msgspec
from django import forms
from django.contrib import messages as notes
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.access.presence import needs, presence
from stationer.portal.content.blanks import Blank
from stationer.portal.content.houseblanks import HOUSE, sentences
from stationer.portal.content.overtaking import facts as said_of
from stationer.portal.content.overtaking import held, overtaken, version
from stationer.portal.content.sentence import all_of, off, plain, short, when_sentence
from stationer.portal.content.timing import normal_day
from stationer.portal.people.models import Group, Pen
from stationer.portal.site.fields import Lines
from stationer.wire.rules import Schedule


class Calendar(Blank):
    """A calendar: its name, and its days one a line. No days: it is taken away."""

    rows = (("name",), ("days",))
    name = forms.CharField(
        label=gettext_lazy("Name"), max_length=80, help_text=gettext_lazy("Such as “Bank holidays”.")
    )
    days = Lines(
        label=gettext_lazy("Its days"),
        normal=normal_day,
        help_text=gettext_lazy("One a line: 2026-12-24, or from..to as 2026-12-24..2027-01-01."),
    )

    def __init__(self, pen: Pen, before: str, data: Any = None) -> None:
        self.pen, self.before = pen, before
        days = "\n".join(pen.calendars.get(before, ()))
        super().__init__(data, initial={"name": before, "days": days})

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("name") != self.before and data.get("name") in self.pen.calendars:
            self.add_error("name", _("There is a calendar of that name already. Choose another name."))
        if not self.errors and not data.get("days"):
            self.add_error("days", _("A calendar has at least one day."))
        return data

    def keep(self) -> None:
        """Write it. Raises ValidationError."""
        own = {name: days for name, days in self.pen.calendars.items() if name != self.before}
        self.pen.calendars = own | {self.cleaned_data["name"]: self.cleaned_data["days"]}
        self.pen.full_clean()
        self.pen.save(update_fields=["calendars"])


@needs("see-settings", "change-settings")
def page(request: HttpRequest) -> HttpResponse:
    """Show; `?edit=` opens a blank, `?calendar=` a calendar (empty: a new one); posting fills it in."""
    pen = presence(request).pen
    if request.method != "POST":
        return _shown(request, pen, *_form(request, pen))
    with held(pen) as pen:
        if _removed(request, pen):
            notes.success(request, _("Taken away. Mail follows at the next Publish."))
            return redirect("house-rules")
        edit, form = _form(request, pen)
        refused = form is not None and overtaken(request, pen, _piece(request), version(form.initial))
        if form is not None and not refused and form.is_valid():
            try:
                form.keep()  # type: ignore[attr-defined]
            except ValidationError as error:
                form.add_error(None, error.messages)
                pen.refresh_from_db()
            else:
                notes.success(request, _("Saved. Mail follows at the next Publish."))
                return redirect("house-rules")
    return _shown(request, pen, edit, form, refused)


def _piece(request: HttpRequest) -> str:
    return request.GET.get("edit", "") or f"calendar {request.GET.get('calendar', '')}"


def _shown(
    request: HttpRequest, pen: Pen, edit: str, form: forms.Form | None, refused: bool = False
) -> HttpResponse:
    facts = said_of(request, pen, version(form.initial), refused) if form else {}
    locks = _locks(pen)
    facts |= {
        "said": sentences(pen.management(), locks),
        "locked": bool(locks),
        "lockers": all_of(sorted(set(pen.from_above().locked_by.values()))),
        "edit": edit,
        "blank": form,
        "times": _times(pen),
        "calendars": [
            (name, all_of(short([off(day) for day in days], 4)))
            for name, days in sorted(pen.calendars.items())
        ],
        "calendar": request.GET.get("calendar"),
    }
    return render(request, "content/house.html", facts)


def _locks(pen: Pen) -> frozenset[str]:
    """What a partner does not leave to the PEN."""
    return frozenset(pen.inherited.get("locks", ()))


def _times(pen: Pen) -> list[str]:
    """The company's own times of rest, each as its sentence."""
    return [plain(when_sentence(msgspec.convert(when, Schedule))) for when in pen.blackout]


def _form(request: HttpRequest, pen: Pen) -> tuple[str, forms.Form | None]:
    data = request.POST if request.method == "POST" else None
    if "calendar" in request.GET:
        before = request.GET["calendar"]
        known = before in pen.calendars or not before
        return "calendar", Calendar(pen, before, data) if known else None
    edit = request.GET.get("edit", "")
    if edit not in HOUSE or edit in _locks(pen):
        return "", None
    groups = Group.objects.values_list("name", flat=True) if edit == "quiet_groups" else ()
    return edit, HOUSE[edit](pen, data, groups=groups)


def _removed(request: HttpRequest, pen: Pen) -> bool:
    """Take away a time of rest (`remove` is its number) or a calendar, by name."""
    number, name = request.POST.get("remove", ""), request.POST.get("remove_calendar", "")
    if number.isdecimal() and int(number) < len(pen.blackout) and "blackout" not in _locks(pen):
        pen.blackout = [when for n, when in enumerate(pen.blackout) if n != int(number)]
    elif name in pen.calendars:
        pen.calendars = {one: days for one, days in pen.calendars.items() if one != name}
    else:
        return False
    pen.save(update_fields=["blackout", "calendars"])
    return True
