"""The time zones to choose from: IANA's of the form `Area/City`, and UTC."""

from __future__ import annotations

from functools import cache
from zoneinfo import available_timezones


@cache
def known() -> frozenset[str]:
    """Every IANA name this machine's time zone database has."""
    return frozenset(available_timezones())


@cache
def choices() -> tuple[tuple[str, str], ...]:
    """(name, as it is read) for a form, UTC first."""
    zones = sorted(zone for zone in known() if "/" in zone and not zone.startswith("Etc/"))
    return ("UTC", "UTC"), *((zone, zone.replace("_", " ")) for zone in zones)


def offered(now: str) -> list[tuple[str, str]]:
    """The choices, and the one in use where it is none of them (such as `CET`)."""
    return [*choices(), *([] if now in dict(choices()) else [(now, now)])]
