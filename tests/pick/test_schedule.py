"""Schedules across the days on which clocks change, against the zone database itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.pick import oracle, worlds

from stationer.pick import schedule
from stationer.pick.index import Clock
from stationer.wire.definition import Definition
from stationer.wire.roll import Person
from stationer.wire.rules import Schedule

CALENDARS = {"bank": ("2026-10-26", "2026-12-25..2027-01-01"), "works": ()}
COMPANY = Definition("p", "P", ("in.example",), b"k" * 32, (), (), calendars=CALENDARS)


def compiled(said: Schedule):  # type: ignore[no-untyped-def]
    time, problems = schedule.read(said, "when", CALENDARS)
    assert not problems
    return time


def holds(said: Schedule, at: str) -> bool:
    time = compiled(said)
    zones = {said.zone: schedule.offsets(said.zone)}
    return time is None or schedule.holds(time, zones, int(datetime.fromisoformat(at).timestamp() * 1000))


@settings(max_examples=600, deadline=None)
@given(worlds.schedules, worlds.times)
@example(Schedule(hours="01:00-03:00", zone="Australia/Lord_Howe"), 1_791_039_600_000)
def test_a_schedule_holds_when_the_wall_clock_says_so(said: Schedule, now: int) -> None:
    if said.starts and said.ends and said.starts >= said.ends:
        return
    time = compiled(said)
    zones = {said.zone: schedule.offsets(said.zone)}
    assert (time is None or schedule.holds(time, zones, now)) == oracle.Oracle(
        COMPANY, {}, Person("m", "a@in.example", {}), [], datetime.fromtimestamp(now / 1000, UTC), 0
    ).is_time(said)


def test_hours_keep_to_the_wall_clock_in_summer_and_winter() -> None:
    office = Schedule(hours="09:00-17:00", zone="Europe/London")
    assert holds(office, "2026-07-01T08:00:00+00:00") and not holds(office, "2026-01-01T08:00:00+00:00")
    assert not holds(office, "2026-07-01T16:00:00+00:00") and holds(office, "2026-01-01T16:00:00+00:00")


def test_an_hour_that_comes_twice_happens_twice_and_one_leapt_over_never() -> None:
    night = Schedule(hours="01:00-02:00", zone="Europe/London")
    assert holds(night, "2026-10-25T00:30:00+00:00") and holds(night, "2026-10-25T01:30:00+00:00")
    assert not holds(night, "2026-03-29T00:30:00+00:00") and not holds(night, "2026-03-29T01:30:00+00:00")


def test_hours_past_midnight_belong_to_the_day_on_which_they_began() -> None:
    friday = Schedule(weekdays=(4,), hours="22:00-02:00", zone="UTC")
    assert holds(friday, "2026-11-20T23:00:00+00:00") and holds(friday, "2026-11-21T01:59:00+00:00")
    assert not holds(friday, "2026-11-20T01:00:00+00:00") and not holds(friday, "2026-11-21T02:00:00+00:00")


def test_a_bare_end_date_is_the_end_of_that_day_in_its_zone() -> None:
    said = Schedule(ends="2026-10-25", zone="Europe/London")
    assert holds(said, "2026-10-25T23:59:59+00:00") and not holds(said, "2026-10-26T00:00:00+00:00")


def test_a_day_off_is_the_day_that_the_wall_clock_shows() -> None:
    said = Schedule(not_on=("2026-12-24..2026-12-25",), zone="Europe/Berlin")
    assert holds(said, "2026-12-23T22:59:59+00:00") and not holds(said, "2026-12-23T23:00:00+00:00")
    assert not holds(said, "2026-12-25T22:59:59+00:00") and holds(said, "2026-12-25T23:00:00+00:00")


def test_a_night_that_runs_into_a_day_off_ends_at_midnight() -> None:
    night = Schedule(hours="22:00-06:00", not_on=("2026-12-25",), zone="UTC")
    assert holds(night, "2026-12-24T23:00:00+00:00") and not holds(night, "2026-12-25T01:00:00+00:00")
    assert not holds(night, "2026-12-25T23:00:00+00:00") and holds(night, "2026-12-26T01:00:00+00:00")


def test_a_calendar_gives_all_its_days() -> None:
    said = Schedule(not_on=("bank", "2026-12-31..2027-01-05"), zone="UTC")
    assert compiled(said).off == ((20752, 20752), (20812, 20823))
    assert not holds(said, "2026-10-26T12:00:00+00:00") and holds(said, "2026-10-27T12:00:00+00:00")


def test_a_start_that_the_clock_leaps_over_is_not_lost() -> None:
    said = Schedule(starts="2026-03-29T01:30", zone="Europe/London")
    assert compiled(said).starts == int(datetime(2026, 3, 29, 1, 30, tzinfo=UTC).timestamp() * 1000)


@pytest.mark.parametrize(
    ("said", "places"),
    [
        (Schedule(zone="Mars/Olympus", starts="soon", hours="9-17"), ["zone", "starts", "hours"]),
        (Schedule(starts="2026-02-30", ends="2026-13-01"), ["starts", "ends"]),
        (Schedule(starts="2026-02-02", ends="2026-02-01"), ["ends"]),
        (Schedule(weekdays=(7, -1), hours="25:00-26:00"), ["hours", "weekdays", "weekdays"]),
        (Schedule(zone="../../etc/passwd"), ["zone"]),
        (
            Schedule(not_on=("2026-12-24", "2026-02-30", "2026-12-26..2026-12-25", "banks", "24.12.2026")),
            ["not_on/1", "not_on/2", "not_on/3", "not_on/4"],
        ),
    ],
)
def test_everything_wrong_is_told_at_once(said: Schedule, places: list[str]) -> None:
    _, problems = schedule.read(said, "when")
    assert [problem.where for problem in problems] == [f"when/{place}" for place in places]
    assert all(problem.what and problem.next for problem in problems)


@settings(max_examples=150, deadline=None)
@given(st.lists(worlds.schedules, min_size=1, max_size=5), st.lists(worlds.times, min_size=1, max_size=12))
def test_the_memo_of_the_clock_is_never_stale(said: list[Schedule], times: list[int]) -> None:
    read = [compiled(each) for each in said if not (each.starts and each.ends and each.starts >= each.ends)]
    zones = {each.zone: schedule.offsets(each.zone) for each in said}
    kept = Clock(read, zones)
    for now in [moment + step for moment in times for step in (0, 1, 59_999, 60_000, 3_600_000)]:
        assert kept.at(now) == Clock(read, zones).at(now)
