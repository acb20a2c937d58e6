"""What recipients were sent is counted once, whatever the order in which the halves become known."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from stationer.pick.counting import (
    DAY_MS,
    HOUR_MS,
    Allowance,
    Count,
    one_more,
    packed,
    recipient_key,
    unpacked,
)
from stationer.pick.memory import EARLY_MS, PATIENCE_MS, RETIRED_MS, Memory
from stationer.wire.memory import Asked, AskedCopy, Fold, Offered, Sent, State, Stopped

ANNE, BEN = recipient_key(b"k", "anne@sommer.example"), recipient_key(b"k", "ben@sommer.example")
NOON = 20_000 * DAY_MS + 12 * HOUR_MS


def asked(pick: str, *recipients: bytes, campaigns: tuple[str, ...] = ("fair",)) -> Asked:
    offered = tuple(Offered(f"mark-{campaign}", campaign) for campaign in campaigns)
    return Asked(pick, NOON, (AskedCopy(b"".join(recipients), offered),))


def sent(pick: str, *campaigns: str, at: int = NOON) -> Sent:
    return Sent(pick, 0, at, tuple(f"mark-{campaign}" for campaign in campaigns))


def test_an_answer_alone_counts_nothing_and_neither_does_a_mail_that_left_as_written():
    memory = Memory()
    memory.fold(asked("pk_1", ANNE))
    assert memory.count(ANNE, "fair") == Count()
    memory.fold(sent("pk_1"))
    assert memory.count(ANNE, "fair") == Count()


def test_a_report_counts_for_every_recipient_of_the_copy_once():
    memory = Memory()
    for record in (asked("pk_1", ANNE, BEN), sent("pk_1", "fair"), sent("pk_1", "fair", at=NOON + 5)):
        memory.fold(record)
    assert [memory.count(who, "fair").ever for who in (ANNE, BEN)] == [1, 1]


def test_a_report_that_comes_before_its_pick_waits_for_it():
    memory = Memory()
    memory.fold(sent("pk_1", "fair"))
    memory.fold(asked("pk_1", ANNE))
    assert memory.count(ANNE, "fair").ever == 1


def test_caps_look_at_the_day_the_week_and_ever():
    count = one_more(one_more(Count(), NOON, 0), NOON - 2 * DAY_MS, 0)
    assert (count.on(20_000), count.on(19_998), count.week(20_000), count.ever) == (1, 1, 2, 2)
    later = NOON + 6 * DAY_MS
    assert Allowance(day=1).refusal(count, NOON) == "cap-day" and not Allowance(day=1).refusal(
        count, NOON + DAY_MS
    )
    assert Allowance(week=2).refusal(count, NOON) == "cap-week" and not Allowance(week=2).refusal(
        count, later
    )
    assert Allowance(ever=2).refusal(count, later) == "cap-ever" and not Allowance(ever=3).refusal(
        count, later
    )


def test_a_cool_down_runs_from_the_last_mail():
    terms, count = Allowance(cool_down_ms=3 * HOUR_MS), one_more(Count(), NOON, 0)
    assert terms.refusal(count, NOON + 3 * HOUR_MS - 1) == "cool-down"
    assert not terms.refusal(count, NOON + 3 * HOUR_MS) and not terms.refusal(Count(), 0)


def test_a_click_stops_a_campaign_that_asks_for_it():
    memory = Memory()
    memory.fold(Stopped(ANNE, "fair"))
    assert Allowance(stop_after_click=True).refusal(memory.count(ANNE, "fair"), NOON) == "stopped"
    assert not Allowance().refusal(memory.count(ANNE, "fair"), NOON)


def test_a_mail_counts_at_the_moment_of_its_pick_whenever_it_is_reported():
    memory = Memory()
    memory.fold(asked("pk_1", ANNE))
    memory.fold(sent("pk_1", "fair", at=NOON + 5 * DAY_MS))
    assert memory.count(ANNE, "fair").last == NOON


@given(st.lists(st.tuples(st.integers(0, 40 * DAY_MS), st.integers(0, 9)), max_size=9), st.booleans())
def test_a_packed_count_is_the_count(mails: list[tuple[int, int]], stopped: bool):
    count = Count()
    for at, step in mails:
        count = one_more(count, at, step)
    count = count._replace(stopped=stopped)
    again = unpacked(packed(count))
    assert again._replace(recent=()) == count._replace(recent=())
    assert [again.on(day) for day in range(41)] == [count.on(day) for day in range(41)]


PICKS = st.integers(0, 5).map("pk_{}".format)
RECORDS = st.lists(
    st.one_of(
        st.builds(lambda pick: asked(pick, ANNE, BEN, campaigns=("fair", "move")), PICKS),
        st.builds(lambda pick, used: sent(pick, *used), PICKS, st.sets(st.sampled_from(["fair", "move"]))),
        st.builds(Stopped, st.sampled_from([ANNE, BEN]), st.just("fair")),
    ),
    max_size=30,
)


@given(RECORDS, st.randoms(use_true_random=False))
def test_the_order_of_records_does_not_matter_and_repeating_them_changes_nothing(records, chance):
    told = {(r.pick, r.copy): r for r in reversed(records) if isinstance(r, Sent)}
    records = [r for r in records if not isinstance(r, Sent)] + list(told.values())
    other = [*records, *records]
    chance.shuffle(other)
    one, two = Memory(), Memory()
    for record in records:
        one.fold(record)
    for record in other:
        two.fold(record)
    assert counts(one) == counts(two)
    assert all(count.ever <= 6 for count in counts(one).values())


@given(RECORDS, RECORDS)
def test_a_memory_that_was_written_down_goes_on_as_if_it_had_not_been(before, after):
    whole, first, second = Memory(), Memory(), Memory()
    for record in (*before, *after):
        whole.fold(record)
    for record in before:
        first.fold(record)
    second.resume(msgspec.msgpack.decode(msgspec.msgpack.encode(first.kept()), type=Fold))
    for record in (*before[-3:], *after):  # what was read and not noted as read is read again
        second.fold(record)
    assert counts(whole) == counts(second)


def counts(memory: Memory) -> dict[tuple[bytes, str], Count]:
    return {(who, what): memory.count(who, what) for who in (ANNE, BEN) for what in ("fair", "move")}


def test_halves_that_wait_too_long_are_forgotten_and_so_is_what_nobody_reports_again():
    memory = Memory()
    memory.fold(sent("pk_1", "fair"))
    memory.forget(NOON + EARLY_MS + 1, {"fair"})
    memory.fold(asked("pk_1", ANNE))
    assert memory.count(ANNE, "fair") == Count() and memory.waiting() == 1
    memory.forget(NOON + PATIENCE_MS + 1, {"fair"})
    assert memory.waiting() == 0
    memory.fold(asked("pk_2", ANNE))
    memory.fold(sent("pk_2", "fair"))
    memory.forget(NOON + PATIENCE_MS + 1, {"fair"})
    assert memory.kept().known == () and memory.count(ANNE, "fair").ever == 1


def test_counts_of_a_campaign_that_is_long_gone_are_forgotten():
    memory = Memory()
    memory.fold(asked("pk_1", ANNE))
    memory.fold(sent("pk_1", "fair"))
    memory.forget(NOON + RETIRED_MS, ())
    assert memory.size() == 1
    memory.forget(NOON + RETIRED_MS + 1, {"fair"})
    assert memory.size() == 1
    memory.forget(NOON + RETIRED_MS + 1, ())
    assert memory.size() == 0 and memory.count(ANNE, "fair") == Count()


def test_a_stop_without_a_mail_outlives_its_campaign_as_long_as_counts_do():
    memory = Memory()
    memory.fold(Stopped(ANNE, "fair"))
    memory.forget(NOON, ())
    assert memory.count(ANNE, "fair").stopped, "a pause lifts no stop"
    memory.forget(NOON + RETIRED_MS, ())
    assert memory.count(ANNE, "fair").stopped
    memory.forget(NOON + RETIRED_MS + 1, ())
    assert memory.size() == 0


def test_a_memory_is_bounded_and_says_what_it_dropped(monkeypatch):
    monkeypatch.setattr("stationer.pick.memory.MOST_WAITING", 2)
    memory = Memory()
    for number in range(3):
        memory.fold(asked(f"pk_{number}", ANNE))
    memory.fold(sent("pk_0", "fair"))
    memory.fold(sent("pk_2", "fair"))
    assert memory.dropped == 1 and memory.count(ANNE, "fair").ever == 1


def test_what_the_portal_tells_of_other_edges_is_added_and_replaced_whole():
    here, there = Memory(), Memory()
    for memory, pick in ((here, "pk_1"), (there, "pk_2")):
        memory.fold(asked(pick, ANNE))
        memory.fold(sent(pick, "fair"))
    there.fold(Stopped(BEN, "fair"))
    state = State(
        "pen", {"fair": BEN, "move": ANNE}, {"there": there.kept().counts, "here": here.kept().counts}
    )
    for _ in range(2):
        here.told(state, "here")
    assert here.count(ANNE, "fair").ever == 2 and here.count(ANNE, "move").stopped
    assert here.count(BEN, "fair").stopped and here.kept().counts.keys() == {"fair"}
    here.told(State("pen"), "here")
    assert here.count(ANNE, "fair").ever == 1 and not here.count(BEN, "fair").stopped


def test_each_copy_of_a_pick_counts_by_itself_and_one_that_was_not_asked_about_for_nobody():
    memory = Memory()
    [first] = asked("pk_1", ANNE).copies
    [second] = asked("pk_1", BEN).copies
    memory.fold(Asked("pk_1", NOON, (first, second)))
    memory.fold(Sent("pk_1", 7, NOON, ("mark-fair",)))
    memory.fold(Sent("pk_1", 1, NOON, ("mark-fair",)))
    assert (memory.count(ANNE, "fair").ever, memory.count(BEN, "fair").ever) == (
        0,
        1,
    ) and memory.waiting() == 1
    memory.fold(Sent("pk_1", 0, NOON, ("mark-fair",)))
    assert memory.count(ANNE, "fair").ever == 1 and memory.waiting() == 0
