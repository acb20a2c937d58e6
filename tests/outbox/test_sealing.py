"""What the plan does with a mail that asks to be sealed, in the words of contract/journal.md §10."""

from __future__ import annotations

from stationer import outbox
from stationer.outbox.seen import Mail, Now, Outfit, Portal, Seen
from stationer.outbox.steps import drive, perform
from stationer.wire.journal import Dressed, Entry, SealDelayed, Sealed
from tests.outbox.test_plan import world
from tests.outbox.world import Letter

LETTER = Letter("m0", sealing=True)
DRESSED = Dressed("answer", "alice", "m0", (("bob",),), sealed=True)


def entry(deed: object, at: int = 0) -> Entry:
    return Entry("m0", 1, at, deed)  # type: ignore[arg-type]


def test_it_is_stamped_sealed_sent_filed_and_removed() -> None:
    w = world(LETTER)
    w.run()
    assert w.store.kept == {"m0": 1} and w.store.delivered == {("m0", "bob"): 1} and not w.store.clear
    assert w.store.dressed == {"m0": ["answer"]}
    assert list(w.store.sent.values()) == [("m0", True)] and not w.store.outbox and not w.store.notes


def test_stamping_that_fails_does_not_stop_the_seal() -> None:
    w = world(LETTER, edge="refusing")
    w.run()
    assert w.store.dressed == {"m0": ["nothing"]} and w.store.delivered and not w.store.clear


def test_with_the_portal_down_it_stays_and_after_ten_minutes_its_author_is_told_once() -> None:
    w = world(LETTER, portal="down")
    w.run(6)
    assert w.store.outbox and not w.store.notes and not w.store.delivered
    w.run(40)
    assert w.store.mono > 600_000
    assert w.store.outbox and not w.store.delivered and w.store.notes == {("m0", 1, "seal-waits"): 1}
    w.store.portal = "up"
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1} and not w.store.outbox and not w.store.clear


def test_after_five_days_it_is_given_back() -> None:
    w = world(LETTER, portal="checking")
    w.run(1_000)
    assert 4 * 86_400_000 < w.store.mono < 6 * 86_400_000
    assert w.store.aside == {"m0": 1} and w.store.notes["m0", 1, "seal-given-up"] == 1
    assert not w.store.delivered and not w.store.outbox


def test_while_its_content_is_on_its_way_another_mail_leaves_before_it() -> None:
    w = world(LETTER, portal="slow")
    w.store.put(Letter("m1"))
    w.run()
    assert w.store.delivered == {("m0", "bob"): 1, ("m1", "bob"): 1} and not w.store.clear
    assert w.store.left_at["m1"] < w.store.left_at["m0"] and w.store.kept == {"m0": 2}
    assert not [entry for entry in w.store.journal if isinstance(entry.deed, SealDelayed)]


def test_refused_by_the_portal_it_is_given_back_with_its_sentence() -> None:
    w = world(LETTER, portal="never")
    w.run()
    assert w.store.aside == {"m0": 1} and w.store.notes == {("m0", 1, "seal-refused"): 1}
    assert not w.store.delivered and not w.store.sent


def test_without_a_way_out_nothing_is_given_to_the_portal() -> None:
    w = world(LETTER, smtp="down")
    w.run(30)
    assert not w.store.kept and w.store.outbox


def test_the_way_out_may_close_after_it_was_dressed() -> None:
    w = world(LETTER, portal="down")
    w.run(4)
    w.store.smtp, tries = "down", w.store.kept["m0"]
    w.run(30)
    assert w.store.kept["m0"] == tries and w.store.outbox


def test_taken_back_while_it_waits_it_is_not_sent() -> None:
    w = world(LETTER, portal="down")
    w.run(4)
    w.store.outbox.clear()
    w.store.portal = "up"
    w.run()
    assert not w.store.delivered and not w.store.aside


def test_a_clock_set_back_does_not_hold_it() -> None:
    seen = Seen(1, (Mail("m0", (10,), sealing=True),))
    past = [entry(DRESSED), entry(SealDelayed("down", 9_000), at=8_000)]
    assert outbox.plan(seen, past, Now(1_000, 0)) == (outbox.Seal("m0", 1, ("bob",)),)
    [wait] = outbox.plan(seen, past, Now(8_500, 100))
    assert isinstance(wait, outbox.Wait) and wait.until == 600 and "down" in wait.why


def test_what_the_portal_did_for_one_mail_all_wait_for() -> None:
    seen = Seen(1, (Mail("m0", (10,), sealing=True),), portal=Portal(5_000, "nobody answers"))
    [wait] = outbox.plan(seen, [entry(DRESSED)], Now(0, 0))
    assert isinstance(wait, outbox.Wait) and wait.until == 5_000 and "nobody answers" in wait.why


def test_a_mail_that_asks_to_be_sealed_cannot_be_dressed_for_a_plain_submission() -> None:
    outfit = Outfit("answer", "alice", "m0", (("bob",),))
    seen = Seen(1, (Mail("m0", (10,), outfit=outfit, sealing=True),))
    assert outbox.plan(seen, [], Now(0, 0)) == (outbox.Seal("m0", 1, ("bob",), first=True),)
    wrong, done = outbox.Submit("m0", 1, 0, 1, ("bob",), first=True), []
    try:
        drive(perform(wrong, outbox.State(), seen, Now(0, 0)), done.append)
    except AssertionError:
        pass
    assert not done


def test_after_a_lost_journal_what_was_sealed_is_looked_for_in_sent_first() -> None:
    seen = Seen(1, (Mail("m0", (10,), sealing=True),), careful=True)
    [submit] = outbox.plan(seen, [entry(DRESSED), entry(Sealed("msg"))], Now(0, 0))
    assert isinstance(submit, outbox.Submit) and submit.doubt
