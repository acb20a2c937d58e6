"""Schedules: a local calendar at compile time, plain numbers afterwards (contract/pick.md §4).

Compile needs a time zone database (zoneinfo reads the system's, or the tzdata package); `pick` needs none: a
snapshot carries, for each zone in use, every change of its offset between 2020 and 2060.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from stationer.pick import holidays
from stationer.pick.snapshot import Time, Zone
from stationer.wire.problem import Problem
from stationer.wire.rules import Schedule

_DAY, _MINUTE = 86_400_000, 60_000
_FIRST, _LAST = datetime(2020, 1, 1, tzinfo=UTC), datetime(2060, 1, 1, tzinfo=UTC)
_HOURS = re.compile(r"(\d\d):(\d\d)-(\d\d):(\d\d)")
_LOCAL = re.compile(r"\d{4}-\d\d-\d\d(T\d\d:\d\d)?")


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def zone_info(name: str) -> ZoneInfo | None:
    """The zone by its IANA name, or None."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None


@lru_cache(maxsize=512)
def offsets(name: str) -> Zone:
    """Every offset of a known zone from 2020 to 2060; the last one holds for ever."""
    zone = ZoneInfo(name)
    at, found = [_ms(_FIRST)], [_offset(zone, _FIRST)]
    day = _FIRST
    while day < _LAST:
        following = day + timedelta(days=1)
        if _offset(zone, following) != found[-1]:
            at.append(_change(zone, day, following))
            found.append(_offset(zone, following))
        day = following
    return Zone(tuple(at), tuple(found))


def _offset(zone: ZoneInfo, moment: datetime) -> int:
    away = moment.astimezone(zone).utcoffset() or timedelta()
    return int(away.total_seconds() * 1000)


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> int:
    """The first second between two moments of one day at which the zone's offset is already the later one."""
    low, high = int(before.timestamp()), int(after.timestamp())
    wanted = _offset(zone, after)
    while high - low > 1:
        middle = (low + high) // 2
        if _offset(zone, datetime.fromtimestamp(middle, UTC)) == wanted:
            high = middle
        else:
            low = middle
    return high * 1000


def read(
    schedule: Schedule, where: str, calendars: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> tuple[Time | None, list[Problem]]:
    """The compiled time (None: always), and everything that is wrong."""
    problems: list[Problem] = []
    zone = zone_info(schedule.zone)
    if zone is None:
        what = f"There is no time zone {schedule.zone!r}."
        problems.append(Problem(f"{where}/zone", what, "Write an IANA name such as Europe/London."))
        zone = ZoneInfo("UTC")
    starts = _local(schedule.starts, zone, f"{where}/starts", problems, end=False)
    ends = _local(schedule.ends, zone, f"{where}/ends", problems, end=True)
    if starts is not None and ends is not None and ends <= starts:
        what = "It ends before it starts."
        problems.append(Problem(f"{where}/ends", what, "Give an end that is later than the start."))
    begin, until = _hours(schedule.hours, f"{where}/hours", problems)
    days = _weekdays(schedule.weekdays, f"{where}/weekdays", problems)
    off = holidays.read(schedule.not_on, calendars, f"{where}/not_on", problems)
    time = Time(starts, ends, "", days, begin, until, off)
    if time.recurs():
        time = Time(starts, ends, schedule.zone, days, begin, until, off)
    return (None if time == Time() else time), problems


def _local(text: str, zone: ZoneInfo, where: str, problems: list[Problem], *, end: bool) -> int | None:
    """Local time → Unix ms. A bare date that ends something is the midnight after it."""
    if not text:
        return None
    try:
        if not _LOCAL.fullmatch(text):
            raise ValueError
        moment = datetime.fromisoformat(text)
        if end and len(text) == 10:
            moment += timedelta(days=1)
        return _ms(moment.replace(tzinfo=zone))
    except (ValueError, OverflowError):
        what = f"{text!r} is not a date."
        problems.append(Problem(where, what, "Write YYYY-MM-DD or YYYY-MM-DDTHH:MM, in local time."))
        return None


def _hours(text: str, where: str, problems: list[Problem]) -> tuple[int, int]:
    if not text:
        return 0, 1440
    match = _HOURS.fullmatch(text)
    hour, minute, until_hour, until_minute = map(int, match.groups()) if match else (99, 0, 99, 0)
    begin, until = hour * 60 + minute, until_hour * 60 + until_minute
    if minute > 59 or until_minute > 59 or begin >= 1440 or until > 1440 or begin == until:
        what = f"{text!r} is not a span of hours."
        problems.append(Problem(where, what, "Write HH:MM-HH:MM, for example 09:00-17:30; 24:00 ends a day."))
        return 0, 1440
    return begin, until


def _weekdays(days: tuple[int, ...], where: str, problems: list[Problem]) -> int:
    mask = 0
    for day in days:
        if 0 <= day <= 6:
            mask |= 1 << day
        else:
            problems.append(Problem(where, f"{day} is no weekday.", "Use 0 for Monday to 6 for Sunday."))
    return mask or 127


def holds(time: Time, zones: Mapping[str, Zone], now: int) -> bool:
    """Whether `now` (Unix ms) lies in it."""
    if (time.starts is not None and now < time.starts) or (time.ends is not None and now >= time.ends):
        return False
    return not time.recurs() or _on_the_clock(time, zones.get(time.zone), now)


def wall_clock(zone: Zone | None, now: int) -> tuple[int, int]:
    """The day (since 1970) that the zone's wall clock shows, and the milliseconds since its midnight."""
    away = zone.offsets[max(0, bisect_right(zone.at, now) - 1)] if zone and zone.at else 0
    return divmod(now + away, _DAY)


def _on_the_clock(time: Time, zone: Zone | None, now: int) -> bool:
    """Whether the zone's wall clock shows one of the weekdays and hours, and none of the days that are off."""
    day, rest = wall_clock(zone, now)
    if time.off and holidays.is_off(time.off, day):
        return False
    weekday, minute = (day + 3) % 7, rest // _MINUTE  # 1 January 1970 was a Thursday
    if time.from_minute < time.until_minute:
        return bool(time.weekdays >> weekday & 1) and time.from_minute <= minute < time.until_minute
    if minute >= time.from_minute:
        return bool(time.weekdays >> weekday & 1)
    return minute < time.until_minute and bool(time.weekdays >> (weekday - 1) % 7 & 1)


def next_change(times: list[Time], now: int) -> int:
    """A moment (Unix ms) before which none of them changes: the next start or end, or the next full minute."""
    edges = [edge for time in times for edge in (time.starts, time.ends) if edge is not None and edge > now]
    if any(time.recurs() for time in times):
        edges.append((now // _MINUTE + 1) * _MINUTE)
    return min(edges, default=1 << 62)
