"""What the plan does with a mail, in the words of contract/journal.md §4."""

from __future__ import annotations

import pytest

from stationer import outbox
from tests.outbox.world import Letter, Store, World


def world(letter: Letter | None = None, **settings: object) -> World:
    """A world with one mail in the Outbox."""
    store = Store(**settings)  # type: ignore[arg-type]
    store.put(letter or Letter("m0"))
    return World(store)


def test_a_mail_is_stamped_sent_filed_and_removed() -> None:
    w = world()
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1}
    assert list(w.store.sent.values()) == [("m0", True)]
    assert not w.store.outbox and not w.store.notes
    assert w.store.dressed == {"m0": ["answer"]}


def test_the_good_case_takes_four_commits() -> None:
    w = world()
    w.run()
    before_later_looks = w.steps[: w.steps.index("look", 1)]
    assert before_later_looks.count("Write") == 4


@pytest.mark.parametrize("edge", ["dead", "frozen"])
def test_with_a_dead_edge_the_mail_leaves_within_the_hold_limit(edge: str) -> None:
    w = world(edge=edge)
    w.run()
    assert 50_000 <= w.store.left_at["m0"] <= 60_000
    assert w.store.dressed == {"m0": ["last-good"]}


def test_a_hundred_mails_behind_a_frozen_edge_all_leave_within_the_limit() -> None:
    w = world(edge="frozen")
    for n in range(1, 100):
        w.store.put(Letter(f"m{n}"))
    w.run(200)
    assert len(w.store.left_at) == 100
    assert max(w.store.left_at.values()) <= 60_000


def test_a_revoked_device_sends_as_written_soon() -> None:
    w = world(edge="refusing")
    w.run()
    assert w.store.left_at["m0"] <= 15_000
    assert w.store.dressed == {"m0": ["nothing"]}


def test_without_a_way_out_the_mail_waits_and_is_stamped_afterwards() -> None:
    w = world(edge="dead", smtp="down")
    w.run(1_000)
    assert w.store.mono > 3_600_000 and w.store.outbox and not w.store.asked
    w.store.smtp, w.store.edge = "up", "up"
    w.run()
    assert w.store.dressed == {"m0": ["answer"]}
    assert not w.store.outbox


def test_the_hold_clock_stands_still_while_the_way_out_is_closed() -> None:
    w = world(edge="dead")
    w.run(4)
    w.store.smtp = "down"
    w.run(300)
    assert not w.store.left_at
    w.store.smtp, opened = "up", w.store.mono
    w.run()
    assert 40_000 <= w.store.left_at["m0"] - opened <= 60_000


def test_the_hold_clock_survives_restarts() -> None:
    w = world(edge="dead")
    for _ in range(60):
        if w.store.left_at:
            break
        w.run(6)
        w.restart()
    assert w.store.left_at["m0"] <= 110_000


def test_a_mail_without_recipients_is_given_back_with_a_note_and_never_taken_up_again() -> None:
    w = world(Letter("m0", fault="no-recipients"))
    w.run()
    w.run()
    assert not w.store.outbox and not w.store.delivered
    assert w.store.aside == {"m0": 1} and w.store.notes == {("m0", 1, "no-recipients"): 1}


def test_refused_by_all_is_given_back() -> None:
    w = world(smtp="never")
    w.run()
    assert w.store.aside == {"m0": 1} and w.store.notes == {("m0", 1, "refused"): 1}
    assert not w.store.sent


def test_refused_by_some_goes_to_the_others_and_the_author_is_told() -> None:
    w = world(Letter("m0", to=("bob", "carol")), smtp="bob-never")
    w.run()
    assert w.store.delivered == {("m0", "carol"): 1}
    assert w.store.notes == {("m0", 1, "some-refused"): 1} and len(w.store.sent) == 1


def test_put_off_by_the_mail_server_the_author_is_told_and_after_five_days_it_is_given_back() -> None:
    w = world(smtp="later")
    w.run(8)
    assert ("m0", 1, "waiting") in w.store.notes and w.store.outbox
    w.run(500)
    assert 4 * 86_400_000 < w.store.mono < 6 * 86_400_000
    assert w.store.aside == {"m0": 1} and not w.store.outbox


def test_a_clock_set_back_does_not_hold_a_mail() -> None:
    w = world(smtp="later")
    w.run(2)
    w.store.wall -= 400 * 86_400_000
    w.store.smtp = "up"
    w.run(2)
    assert w.store.delivered


def test_a_copy_that_the_server_filed_gives_way_to_ours() -> None:
    w = world(files_itself=True)
    w.run()
    assert list(w.store.sent.values()) == [("m0", True)]


def test_a_copy_in_sent_that_its_author_took_away_is_not_put_back() -> None:
    w = world()
    while w.store.outbox:
        w.run(1)
    w.store.sent.clear()
    w.run()
    assert not w.store.sent and w.store.delivered == {("m0", "bob"): 1}


def test_lost_after_the_dot_is_sent_again_and_the_author_is_told() -> None:
    w = world(smtp="unsure")
    w.run(1)
    w.store.smtp = "up"
    w.run()
    assert w.store.delivered == {("m0", "bob"): 2}
    assert w.store.notes == {("m0", 1, "twice"): 1}
    assert len(w.store.sent) == 1 and not w.store.outbox


def test_lost_after_the_dot_is_not_sent_again_when_the_servers_own_copy_shows_that_it_went() -> None:
    w = world(smtp="unsure", files_itself=True)
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1}
    assert list(w.store.sent.values()) == [("m0", True)] and not w.store.notes


def test_a_server_that_always_cuts_after_the_dot_gets_the_mail_five_times_at_most() -> None:
    w = world(smtp="unsure")
    w.run(100)
    assert w.store.delivered["m0", "bob"] <= 6
    assert w.store.aside == {"m0": 1} and not w.store.outbox


def test_taken_back_by_its_author_it_is_not_sent() -> None:
    w = world(edge="dead")
    w.run(5)
    w.store.outbox.clear()
    w.run()
    assert not w.store.delivered and not w.store.sent


def test_the_same_mail_twice_in_the_outbox_is_sent_once() -> None:
    w = world()
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and not w.store.outbox


@pytest.mark.parametrize("after", [0, 50_000, 300_000, 590_000])
def test_put_there_again_within_ten_minutes_it_is_the_same_mail(after: int) -> None:
    w = world()
    outbox.turn(w)
    assert not w.store.outbox
    for _ in range(after // 10_000):
        w.pass_time(10_000)
        outbox.turn(w)
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and not w.store.outbox and not w.store.notes
    assert list(w.store.sent.values()) == [("m0", True)]


def test_put_there_again_within_ten_minutes_its_copy_in_sent_is_made_sure_of() -> None:
    w = world()
    while w.store.outbox:
        w.run(1)
    w.store.sent.clear()
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and list(w.store.sent.values()) == [("m0", True)]


def test_put_there_again_after_the_clock_was_put_back_it_is_sent_rather_than_thrown_away() -> None:
    w = world()
    while w.store.outbox:
        w.run(1)
    w.store.wall -= 3_600_000
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 2} and not w.store.outbox


def test_put_there_again_later_it_is_sent_again() -> None:
    w = world()
    w.run()
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 2} and len(w.store.dressed["m0"]) == 2


def test_after_a_new_uidvalidity_a_mail_that_was_sent_is_removed_unsent() -> None:
    w = world()
    w.run()
    w.store.new_validity()
    w.store.put(Letter("m0"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and len(w.store.sent) == 1 and not w.store.outbox


def test_a_mail_that_cannot_be_filed_is_sent_once_and_does_not_keep_the_others() -> None:
    w = world(Letter("m0", cannot_be_filed=True))
    w.store.put(Letter("m1"))
    w.run(20)
    assert w.store.delivered == {("m0", "bob"): 1, ("m1", "bob"): 1}
    assert list(w.store.outbox.values()) == ["m0"], "kept until it can be filed"
    w.store.letters["m0"].cannot_be_filed = False
    w.run()
    assert not w.store.outbox and sorted(w.store.sent.values()) == [("m0", True), ("m1", True)]


def test_after_a_lost_journal_what_lies_in_sent_is_not_sent_again() -> None:
    w = world(careful=True)
    w.store.put(Letter("m1"))
    w.store.sent[7] = ("m0", True)
    w.store.sent_next = 8
    w.run()
    assert w.store.delivered == {("m1", "bob"): 1} and not w.store.outbox
    assert sorted(w.store.sent.values()) == [("m0", True), ("m1", True)]
