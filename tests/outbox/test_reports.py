"""What the edge is told of a mail's copies: each as soon as it is sure, and nothing of a mail without a pick."""

from __future__ import annotations

from stationer.outbox import reports
from stationer.wire.journal import (
    AnyDeed,
    Carried,
    Deferred,
    Done,
    Dressed,
    Entry,
    FileBegun,
    Refused,
    SubmitBegun,
    Submitted,
)
from stationer.wire.memory import Report, Used

COPIES = (("bob@x.example",), ("carol@y.example",))
DRESSED = Dressed(
    "stamped",
    "alice@x.example",
    "<1@x.example>",
    COPIES,
    pick="pk_1",
    carried=(Carried(1, ("aaaaaaaa",)), Carried(0, untouched=True)),
)


def past(*deeds: AnyDeed) -> list[Entry]:
    return [Entry("k", 1, 1_000, deed) for deed in deeds]


def test_a_copy_that_was_taken_is_told_as_it_left_by_its_index_in_the_answer() -> None:
    begun = past(DRESSED, SubmitBegun(0, 1))
    assert reports(begun, (Submitted(0), FileBegun())) == [Report("pk_1", 1, Used(("aaaaaaaa",)))]
    assert reports(begun, (Submitted(1),)) == [Report("pk_1", 0, "untouched")]


def test_that_a_copy_had_no_bcc_is_told_with_it() -> None:
    alone = Dressed(
        "stamped", "a@x.example", "<1@x.example>", COPIES, pick="pk_1", carried=(Carried(0, rest=False),)
    )
    assert reports(past(alone), (Submitted(0),)) == [Report("pk_1", 0, Used(()), rest=False)]
    left = past(DRESSED, SubmitBegun(0, 1))
    assert all(one.rest for one in reports(left, (Submitted(0), Submitted(1))))


def test_what_was_found_in_sent_with_its_first_record_is_told_too() -> None:
    assert reports([], (DRESSED, Submitted(0, seen_in_sent=True))) == [Report("pk_1", 1, Used(("aaaaaaaa",)))]


def test_a_copy_that_may_still_leave_is_not_told_and_one_that_never_will_is_unsent() -> None:
    begun = past(DRESSED, SubmitBegun(0, 1))
    assert reports(begun, (Deferred(0, "later", 5_000),)) == []
    assert reports(begun, (Refused(0, "never"),)) == [Report("pk_1", 1, "unsent")]
    left = past(DRESSED, SubmitBegun(0, 1), Submitted(0))
    assert reports(left, (Done("given-back"),)) == [Report("pk_1", 0, "unsent")]


def test_a_mail_without_a_pick_and_one_of_an_older_version_tell_nothing() -> None:
    plain = Dressed("plain", "alice@x.example", "<1@x.example>", COPIES)
    older = Dressed("stamped", "alice@x.example", "<1@x.example>", COPIES, pick="pk_1")
    for dressed in (plain, older):
        assert reports(past(dressed), (Submitted(0), Refused(1, "no"), Done("sent"))) == []
    assert reports([], (Done("taken-back"),)) == []
