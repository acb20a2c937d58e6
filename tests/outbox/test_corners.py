"""What seldom happens to a mail on its way out, each as its author or administrator would meet it."""

from __future__ import annotations

import pytest

from stationer import outbox
from stationer.outbox.state import State, apply
from stationer.outbox.steps import perform
from tests.outbox.test_plan import world
from tests.outbox.world import Crash, Letter, World


def test_taken_back_and_put_there_again_it_is_a_new_sending() -> None:
    w = world(edge="dead")
    w.run(5)
    w.store.outbox.clear()
    w.run()
    w.store.edge = "up"
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and not w.store.outbox


def test_taken_back_while_it_may_have_been_leaving_its_author_is_told_once_and_it_is_not_sent_again() -> None:
    w = world(smtp="unsure-lost")
    outbox.turn(w)
    w.store.outbox.clear()
    w.store.smtp = "up"
    w.run()
    assert not w.store.delivered and w.store.notes == {("m0", 1, "unknown"): 1}


def crashed_at(step: int) -> World:
    """A mail that left without a word, was taken out of the Outbox, and a crash before that step of the note."""
    w = world(smtp="unsure-lost")
    outbox.turn(w)
    w.store.outbox.clear()
    w.steps, w.faults = [], {step: "crash_before"}
    with pytest.raises(Crash):
        outbox.turn(w)
    return w


def test_a_crash_between_that_note_and_its_record_gives_no_second_note() -> None:
    w = crashed_at(4)
    assert w.steps[-1] == "Write" and w.store.notes == {("m0", 1, "unknown"): 1}
    w.restart()
    w.run()
    assert w.store.notes == {("m0", 1, "unknown"): 1}


def test_a_crash_between_that_note_and_the_end_tells_it_once() -> None:
    w = crashed_at(5)
    w.restart()
    w.steps = []
    w.run()
    assert "AppendNote" not in w.steps and w.store.notes == {("m0", 1, "unknown"): 1}


def test_given_back_and_there_again_under_a_new_uidvalidity_it_goes_back_and_is_not_sent() -> None:
    w = world(smtp="never")
    w.run()
    w.store.new_validity()
    w.store.smtp = "up"
    w.store.put(Letter("m0"))
    w.run()
    assert not w.store.delivered and not w.store.outbox and w.store.aside == {"m0": 2}
    assert w.store.notes == {("m0", 1, "refused"): 1}


def test_put_off_and_then_the_way_out_closes_it_waits_for_that() -> None:
    w = world(smtp="later")
    outbox.turn(w)
    w.store.smtp = "down"
    (wait,) = outbox.turn(w)
    assert "no way out" in wait.why and wait.until == w.store.mono + 5_000
    w.store.smtp = "up"
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1}


def test_taken_for_one_and_put_off_for_the_other_each_gets_it_once() -> None:
    w = world(Letter("m0", ("bob", "carol")), smtp="bob-later")
    w.run(3)
    assert w.store.delivered == {("m0", "carol"): 1} and w.store.outbox
    w.store.smtp = "up"
    w.run()
    assert w.store.delivered == {("m0", "carol"): 1, ("m0", "bob"): 1}
    assert not w.store.outbox and len(w.store.sent) == 1


def test_taken_for_one_and_refused_for_the_one_put_off_it_is_filed_and_its_author_told() -> None:
    w = world(Letter("m0", ("bob", "carol")), smtp="bob-later")
    w.run(3)
    w.store.smtp = "never"
    w.run()
    assert w.store.notes == {("m0", 1, "some-refused"): 1}
    assert not w.store.outbox and list(w.store.sent.values()) == [("m0", True)]


def test_taken_for_one_and_put_off_for_the_other_for_five_days_its_author_hears_who_missed_it() -> None:
    w = world(Letter("m0", ("bob", "carol")), smtp="bob-later")
    w.run(400)
    assert w.store.delivered == {("m0", "carol"): 1} and not w.store.outbox
    assert w.store.notes[("m0", 1, "some-refused")] == 1 and len(w.store.sent) == 1


def test_put_there_a_second_time_while_it_is_being_removed_both_go() -> None:
    w = world()
    w.faults = {1 + _good_steps().index("Discard"): "crash_before"}
    with pytest.raises(Crash):
        outbox.turn(w)
    w.store.put(Letter("m0"))
    w.restart()
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and not w.store.outbox


def _good_steps() -> list[str]:
    w = world()
    outbox.turn(w)
    return w.steps


def test_a_world_in_which_nothing_shows_ends_with_an_error_and_not_in_a_circle() -> None:
    w = world()
    w.do = lambda operation: None  # type: ignore[method-assign]
    with pytest.raises(RuntimeError, match="no progress with m0"):
        outbox.turn(w)


def test_a_deed_without_a_rule_is_a_bug_that_is_named() -> None:
    with pytest.raises(TypeError, match="no rule for str"):
        apply("a new kind", State(), 0)  # type: ignore[arg-type]


def test_a_wait_takes_no_steps() -> None:
    w = world()
    assert not list(perform(outbox.Wait("m0", 0, ""), State(), w.look(), w.clock()))
