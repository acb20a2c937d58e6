"""When: the blank of a schedule, and days as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from typing import Any

import msgspec
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.content.blanks import Blank, Names, kept_names
from stationer.portal.content.sentence import weekday_names
from stationer.portal.people import zones
from stationer.portal.site.fields import Lines, Many
from stationer.wire.rules import Rule, Schedule

#: Days before and after these are slips of the keyboard.
FIRST_YEAR, LAST_YEAR = 2000, 2100
_WRITTEN = ("%Y-%m-%d", "%d.%m.%Y", "%d/%m/%Y")


def normal_day(text: str) -> str:
    """`2026-12-24` or `2026-12-24..2027-01-01`, from that or from days written 24.12.2026 or 24/12/2026."""
    first, dots, last = text.partition("..")
    begin = _day(first)
    if not dots:
        return begin
    end = _day(last)
    if end < begin:
        raise ValidationError(_("{span} ends before it begins.").format(span=text), code="day")
    return f"{begin}..{end}"


def _day(text: str) -> str:
    for form in _WRITTEN:
        try:
            day = datetime.strptime(text, form).date()
        except ValueError:
            continue
        check_year(day)
        return day.isoformat()
    raise ValidationError(_("{day} is no day. Write it as 2026-12-24.").format(day=text), code="day")


def check_year(day: date) -> None:
    """Raises ValidationError for a day that nobody means."""
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        said = _("Choose a day between {first} and {last}; empty means without end.")
        raise ValidationError(said.format(first=FIRST_YEAR, last=LAST_YEAR), code="year")


def is_day(entry: str) -> bool:
    """Whether an entry of `not_on` is a day or a span of days, and not the name of a calendar."""
    return bool(re.fullmatch(r"\d{4}-\d\d-\d\d(\.\.\d{4}-\d\d-\d\d)?", entry))


HOURS = re.compile(r"(\d\d:\d\d)-(\d\d:\d\d)")


class When(Blank):
    """From when to when, on which days, at what hours, by whose clock."""

    rows = (("starts", "starts_at"), ("ends", "ends_at"), ("weekdays",), ("opens", "closes"), ("zone",))
    fewer = (("calendars",), ("off",))
    fold = gettext_lazy("Days on which it rests")

    starts = forms.DateField(
        label=gettext_lazy("From"),
        required=False,
        validators=[check_year],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    starts_at = forms.TimeField(
        label=gettext_lazy("at"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    ends = forms.DateField(
        label=gettext_lazy("To"),
        required=False,
        validators=[check_year],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    ends_at = forms.TimeField(
        label=gettext_lazy("until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    weekdays = Many(label=gettext_lazy("On these days"), help_text=gettext_lazy("None ticked: every day."))
    opens = forms.TimeField(
        label=gettext_lazy("Each day from"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    closes = forms.TimeField(
        label=gettext_lazy("Each day until"),
        required=False,
        widget=forms.TimeInput(format="%H:%M", attrs={"type": "time"}),
    )
    zone = forms.ChoiceField(label=gettext_lazy("By the clock in"))
    calendars = Many(label=gettext_lazy("Not on the days of"))
    off = Lines(
        label=gettext_lazy("And not on these days"),
        normal=normal_day,
        help_text=gettext_lazy("One a line: 2026-12-24, or from..to as 2026-12-24..2027-01-01."),
    )

    def __init__(self, rule: Rule, *args: Any, calendars: Names = (), **options: Any) -> None:
        when, known = rule.when, list(calendars)
        days = [entry for entry in when.not_on if is_day(entry)]
        named = [entry for entry in when.not_on if not is_day(entry)]
        opens, closes = m.groups() if (m := HOURS.fullmatch(when.hours)) else ("", "")
        options["initial"] = {
            "starts": when.starts[:10],
            "starts_at": when.starts[11:],
            "ends": when.ends[:10],
            "ends_at": when.ends[11:],
            "weekdays": [str(day) for day in when.weekdays],
            "opens": opens,
            "closes": closes,
            "zone": when.zone,
            "calendars": named,
            "off": "\n".join(days),
        }
        super().__init__(*args, **options)
        self.fields["weekdays"].choices = [(str(n), name) for n, name in enumerate(weekday_names())]  # type: ignore[attr-defined]
        self.fields["zone"].choices = zones.offered(when.zone)  # type: ignore[attr-defined]
        self.fields["calendars"].choices = kept_names(known, named)  # type: ignore[attr-defined]
        if not self.fields["calendars"].choices:  # type: ignore[attr-defined]
            del self.fields["calendars"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if bool(data.get("opens")) != bool(data.get("closes")):
            self.add_error("closes", _("Give both hours, or neither."))
        elif data.get("opens") and data["opens"] == data["closes"]:
            self.add_error("closes", _("It would be over at the moment it begins. Give a later hour."))
        for day, hour in (("starts", "starts_at"), ("ends", "ends_at")):
            if data.get(hour) and not data.get(day):
                self.add_error(day, _("An hour needs its day."))
        if data.get("starts") and data.get("ends"):
            first = datetime.combine(data["starts"], data.get("starts_at") or time.min)
            last = datetime.combine(data["ends"], data.get("ends_at") or time.max)
            if first >= last:
                self.add_error("ends", _("It would end before it begins. Choose a later day."))
        return data

    def change(self, rule: Rule) -> Rule:
        """The rule with another schedule."""
        return msgspec.structs.replace(rule, when=self.schedule(rule.when))

    def schedule(self, before: Schedule) -> Schedule:
        """The schedule as it is filled in."""
        data = self.cleaned_data
        hours = f"{data['opens']:%H:%M}-{data['closes']:%H:%M}" if data["opens"] else ""
        named = [entry for entry in before.not_on if entry in data.get("calendars", ())]
        named += [name for name in data.get("calendars", ()) if name not in named]
        days = tuple(data["off"])
        off = before.not_on if sorted((*days, *named)) == sorted(before.not_on) else (*days, *named)
        return msgspec.structs.replace(
            before,
            starts=_moment(data["starts"], data["starts_at"]),
            ends=_moment(data["ends"], data["ends_at"]),
            weekdays=tuple(int(day) for day in data["weekdays"]),
            hours=hours,
            zone=data["zone"],
            not_on=off,
        )


def _moment(day: date | None, hour: time | None) -> str:
    if day is None:
        return ""
    return f"{day.isoformat()}T{hour:%H:%M}" if hour is not None else day.isoformat()
