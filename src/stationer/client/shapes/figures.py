"""What the API says of figures. Made by `make generated` from the API's description."""

from __future__ import annotations

import msgspec
from msgspec import field


class Figures(msgspec.Struct, kw_only=True):
    """Of one thing over one period: in all, by day, by hour of the day (none are kept of a member); of a
    campaign its messages; people and lift where they are known."""

    since: str
    until: str
    total: SumsShown
    days: list[DayShown]
    hours: list[HourShown]
    messages: list[OfMessage] | None = field(default=None)
    people: PeopleShown | None = field(default=None)
    lift: LiftShown | None = field(default=None)


class SumsShown(msgspec.Struct, kw_only=True):
    """Counts (contract/figures.md §1)."""

    mails: int
    clicked: int
    raw_clicks: int
    human_clicks: int
    click_rate: float
    held: int


class DayShown(msgspec.Struct, kw_only=True):
    """Counts of a day."""

    mails: int
    clicked: int
    raw_clicks: int
    human_clicks: int
    click_rate: float
    held: int
    day: str


class HourShown(msgspec.Struct, kw_only=True):
    """Counts of an hour of the day, of all days."""

    hour: int
    mails: int
    raw_clicks: int
    human_clicks: int


class OfMessage(msgspec.Struct, kw_only=True):
    """Counts of a campaign's message."""

    mails: int
    clicked: int
    raw_clicks: int
    human_clicks: int
    click_rate: float
    held: int
    id: str
    people: PeopleShown | None
    lift: LiftShown | None


class PeopleShown(msgspec.Struct, kw_only=True):
    """How many people were reached; exact, or estimated."""

    reached: int
    exact: bool


class LiftShown(msgspec.Struct, kw_only=True):
    """What a campaign brought: clicks of those with it against those without (contract/figures.md §4)."""

    with_: SideShown = field(name="with")
    without: SideShown
    most_likely: float
    low: float
    high: float
    verdict: str


class SideShown(msgspec.Struct, kw_only=True):
    """Those with a campaign, or those held back."""

    people: int
    clicked: int
    sample: bool


class PartShown(msgspec.Struct, kw_only=True):
    """Counts of one member, domain, list or message (`of`; empty for what is gone)."""

    mails: int
    clicked: int
    raw_clicks: int
    human_clicks: int
    click_rate: float
    held: int
    of: str
