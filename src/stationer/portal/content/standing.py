"""In what state a campaign is, in one word, one tone, and a few words more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.content.models import Campaign
from stationer.wire.rules import Schedule


@dataclass(frozen=True)
class Standing:
    """`word` always stands in the badge; `tone` (good, warn, bad, act or none) only repeats it."""

    word: str
    tone: str = ""
    icon: str = ""
    more: str = ""


@dataclass(frozen=True)
class Span:
    """How much of its time has passed: `share` in per cent."""

    share: int
    said: str
    first: str
    last: str


def changed() -> Standing:
    """The badge of a row that is not as it was published."""
    return Standing(_("Changed, not published"), "warn", "pencil")


def moment(text: str, zone: str, *, end: bool = False) -> datetime | None:
    """A schedule's moment. A bare date in `ends` is the end of that day (wire.rules.Schedule).

    None also for what is no moment or lies beyond all time: a program may have written it, and Publish says so.
    """
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
        if "T" not in text and end:
            at = datetime.combine(at.date() + timedelta(days=1), time.min)
        return at.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except (ValueError, OverflowError, ZoneInfoNotFoundError):
        return None


def of_draft(is_changed: bool, is_live: bool) -> Standing:
    """The badge of a message or a part in its editor."""
    if not is_live:
        return Standing(_("Draft"), "", "pencil")
    return changed() if is_changed else Standing(_("As published"), "good", "check")


def has_ended(campaign: Campaign, now: datetime) -> bool:
    """Whether its last moment is past."""
    when = campaign.wire_rule().when
    ends = moment(when.ends, when.zone, end=True)
    return ends is not None and ends <= now


def standing(campaign: Campaign, now: datetime) -> Standing:
    """The campaign's state as a person would say it."""
    when = campaign.wire_rule().when
    starts, ends = moment(when.starts, when.zone), moment(when.ends, when.zone, end=True)
    if campaign.state == Campaign.State.DRAFT:
        return Standing(_("Draft"), "", "pencil", _("shown to nobody yet"))
    if campaign.state == Campaign.State.PAUSED:
        return Standing(_("Paused"), "", "clock", _("shown to nobody after the next Publish"))
    if ends and ends <= now:
        return Standing(_("Ended"), "", "", _("on {day}").format(day=_day(when.ends)))
    if starts and starts > now:
        return Standing(_("Starts {day}").format(day=_day(when.starts)), "act", "clock", _until(ends, now))
    return Standing(_("Running"), "good", "check", _until(ends, now))


def span(when: Schedule, now: datetime) -> Span | None:
    """The bar under the schedule, when there is a beginning and an end and now lies between."""
    starts, ends = moment(when.starts, when.zone), moment(when.ends, when.zone, end=True)
    if not starts or not ends or not starts <= now < ends:
        return None
    done, left = (now - starts).days, (ends - now).days
    share = round(100 * ((now - starts) / (ends - starts)))
    passed = ngettext("{count} day done", "{count} days done", done).format(count=done)
    to_go = ngettext("{count} to go", "{count} to go", left).format(count=left)
    return Span(
        share,
        _("{done}, {left}").format(done=passed, left=to_go),
        _short_day(when.starts),
        _short_day(when.ends),
    )


def _day(text: str) -> str:
    return date_format(datetime.fromisoformat(text), "MONTH_DAY_FORMAT")


def _short_day(text: str) -> str:
    return date_format(datetime.fromisoformat(text), "j M")


def _until(ends: datetime | None, now: datetime) -> str:
    if not ends:
        return ""
    days = (ends - now).days
    return ngettext("ends in {count} day", "ends in {count} days", days).format(count=days)
