"""What a partner hands down and what a PEN says: merged, never wider than the partner's (contract/pick.md §8)."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stationer import pick
from stationer.wire.definition import Inherited, Management, Terms
from stationer.wire.rules import Schedule
from stationer.wire.words import SLOTS

#: Speed is no test's business.
CALM = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
NIGHT, SUNDAY = Schedule(hours="20:00-06:00"), Schedule(weekdays=(6,))
NAMES = Management.__struct_fields__
slots = st.lists(st.sampled_from(SLOTS), unique=True).map(tuple)
terms = st.builds(
    Terms,
    hold_limit_ms=st.none() | st.integers(0, 90_000),
    most_messages=st.none() | st.integers(0, 5),
    slots=st.none() | slots,
    blackout=st.none() | st.lists(st.sampled_from([NIGHT, SUNDAY]), unique_by=repr).map(tuple),
    quiet_groups=st.none() | st.lists(st.sampled_from(["board", "legal"]), unique=True).map(tuple),
    mixed=st.none() | st.sampled_from(["shared", "strictest", "copies"]),
    most_copies=st.none() | st.integers(2, 6),
)
locks = st.lists(st.sampled_from(NAMES), unique=True).map(tuple)


def test_what_nobody_says_is_as_it_comes() -> None:
    assert pick.settle(Inherited(), Terms()) == Management()


def test_a_pen_narrows_what_it_was_handed_and_never_widens_it() -> None:
    handed = Inherited(
        Terms(most_messages=2, slots=("banner", "footer"), blackout=(NIGHT,), quiet_groups=("legal",))
    )
    own = Terms(most_messages=5, slots=("top", "banner"), blackout=(SUNDAY,), quiet_groups=("board",))
    assert pick.settle(handed, own) == Management(
        most_messages=2, slots=("banner",), blackout=(SUNDAY, NIGHT), quiet_groups=("board", "legal")
    )
    assert pick.settle(handed, Terms(most_messages=1)).most_messages == 1


def test_a_lock_is_the_partners_alone() -> None:
    handed = Inherited(Terms(hold_limit_ms=30_000, mixed="copies"), ("hold_limit_ms", "mixed"))
    settled = pick.settle(handed, Terms(hold_limit_ms=5_000, mixed="shared"))
    assert (settled.hold_limit_ms, settled.mixed) == (30_000, "copies")
    assert pick.settle(Inherited(handed.management), Terms(mixed="shared")).mixed == "shared"


@CALM
@given(st.builds(Inherited, terms, locks), terms)
def test_what_comes_out_is_within_both(handed: Inherited, own: Terms) -> None:
    settled, upper = pick.settle(handed, own), handed.management
    if upper.most_messages is not None:
        assert settled.most_messages <= upper.most_messages
    if upper.slots is not None:
        assert set(settled.slots) <= set(upper.slots)
    assert set(upper.quiet_groups or ()) <= set(settled.quiet_groups)
    assert all(when in settled.blackout for when in upper.blackout or ())
    for name in handed.locks:
        if getattr(upper, name) is not None:
            assert getattr(settled, name) == getattr(upper, name)


@CALM
@given(st.builds(Inherited, terms, locks), terms)
def test_what_came_out_may_be_kept_as_a_pens_own(handed: Inherited, own: Terms) -> None:
    settled = pick.settle(handed, own)
    again = pick.settle(handed, Terms(**{name: getattr(settled, name) for name in NAMES}))
    assert {name: getattr(again, name) for name in NAMES if name != "blackout"} == {
        name: getattr(settled, name) for name in NAMES if name != "blackout"
    }
    assert sorted(map(repr, again.blackout)) == sorted(map(repr, settled.blackout))


def test_everything_wrong_between_the_levels_is_told() -> None:
    handed = Inherited(Terms(most_messages=1), ("most_messages", "slots", "most_mesages"))
    found = {p.where: p for p in pick.check_terms(handed, Terms(most_messages=3))}
    assert set(found) == {"management/most_messages", "partner/locks/1", "partner/locks/2"}
    assert found["partner/locks/2"].next == "Did you mean 'most_messages'?"
    assert not list(pick.check_terms(Inherited(Terms(mixed="copies"), ("mixed",)), Terms(mixed="copies")))


@CALM
@given(st.builds(Inherited, terms, locks), st.builds(Inherited, terms, locks), terms)
def test_a_partner_below_hands_on_within_what_it_is_handed(
    upper: Inherited, lower: Inherited, own: Terms
) -> None:
    handed = pick.hand_on(upper, lower)
    settled = pick.settle(handed, own)
    first = upper.management
    for name in upper.locks:
        if getattr(first, name) is not None:
            assert getattr(settled, name) == getattr(first, name)
            assert name in handed.locks
    if first.most_messages is not None:
        assert settled.most_messages <= first.most_messages
    assert all(getattr(handed.management, name) is not None for name in handed.locks)
    assert not [p for p in pick.check_terms(handed, Terms()) if p.where.startswith("partner/")]
    assert pick.hand_on(Inherited(), handed) == handed
