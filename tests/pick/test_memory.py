"""What recipients were sent is counted once, whatever the order in which the halves become known."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from stationer.pick.memory import DAY_MS, HOUR_MS, Count, Memory, Terms, one_more, recipient_key
from stationer.wire.memory import Asked, AskedCopy, Offered, Sent, Stopped

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
    assert Terms(day=1).refusal(count, NOON) == "cap" and not Terms(day=1).refusal(count, NOON + DAY_MS)
    assert Terms(week=2).refusal(count, NOON) == "cap" and not Terms(week=2).refusal(count, later)
    assert Terms(ever=2).refusal(count, later) == "cap" and not Terms(ever=3).refusal(count, later)


def test_a_cool_down_runs_from_the_last_mail():
    terms, count = Terms(cool_down_ms=3 * HOUR_MS), one_more(Count(), NOON, 0)
    assert terms.refusal(count, NOON + 3 * HOUR_MS - 1) == "cool-down"
    assert not terms.refusal(count, NOON + 3 * HOUR_MS) and not terms.refusal(Count(), 0)


def test_a_sequence_ends_behind_its_last_message_and_a_click_stops_a_campaign_that_asks_for_it():
    assert Terms(steps=2).refusal(one_more(Count(), NOON, 2), NOON) == "seen-all"
    assert not Terms(steps=3).refusal(one_more(Count(), NOON, 2), NOON)
    memory = Memory()
    memory.fold(Stopped(ANNE, "fair"))
    assert Terms(stop_after_click=True).refusal(memory.count(ANNE, "fair"), NOON) == "stopped"
    assert not Terms().refusal(memory.count(ANNE, "fair"), NOON)


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
    assert one.counts == two.counts
    assert all(count.ever <= 6 for count in one.counts.values())
