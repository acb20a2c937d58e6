"""An undo record that nobody of ours wrote costs no more than a bounded look, and takes nothing."""

from __future__ import annotations

import msgspec
import pytest

from stationer import mime
from stationer.stamp import Unstamped, Untouched, consent, removal, stamp, unrelated, unstamp
from stationer.stamp.undo import (
    Head,
    PartUndo,
    Splice,
    digest_of,
    field_of,
    record_of,
    shown_digest,
    trace_of,
)
from tests.stamp.laws import PICTURED, PLAIN
from tests.stamp.test_stamp import stamped, text


def test_all_texts_of_a_record_share_one_budget(monkeypatch):
    mail = text("ab\r\n" * 20_000)
    record = record_of((PartUndo("1", (), shown=tuple((b"%08d" % at, 5) for at in range(8))),))
    asked = []
    monkeypatch.setattr(removal, "shown_digest", lambda held: (asked.append(held), shown_digest(held))[1])
    assert unstamp(field_of("x", record, None, b"\n") + mail, key=b"k") == Untouched("edited-block")
    assert 0 < sum(max(len(held), removal.LEAST_HASHED) for held in asked) <= removal.MOST_HASHED


def test_the_budget_is_counted_over_the_texts_that_are_found(monkeypatch):
    mail = text("one\n" + "x\n" * 50 + "two\n" + "x\n" * 50 + "three\n")
    shown = (shown_digest("one\n"), shown_digest("two\n"))
    forged = field_of("x", record_of((PartUndo("1", (), shown=shown),)), None, b"\n") + mail
    assert isinstance(unstamp(forged, key=b"k"), Unstamped)
    monkeypatch.setattr(removal, "MOST_HASHED", removal.LEAST_HASHED * 40)
    assert unstamp(forged, key=b"k") == Untouched("edited-block")


@pytest.mark.parametrize(
    "parts",
    [(PartUndo("1", (), shown=((b"12345678", 5),) * 9),), (PartUndo("1", (Splice(0, 1, b"12345678"),) * 9),),
     (PartUndo("1", (), (Head("subject", b"12345678", b""),) * 9),), (PartUndo("1", ()),) * 9],
)  # fmt: skip
def test_a_record_of_more_entries_than_ours_have_is_not_ours(parts):
    mail = field_of("x", record_of(parts), None, b"\n") + text("Hello\n")
    assert unstamp(mail) == Untouched("no-body")
    assert unstamp(stamped(mail)).bytes() == mail


def test_fields_that_do_not_fit_into_their_header_are_not_looked_at(monkeypatch):
    head = "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    pictured = stamped(text("<p>Hello</p>", head), PICTURED)
    trace = trace_of(pictured, mime.read(pictured).root.fields, None)
    assert trace is not None
    (part,) = trace.parts
    assert part.related is not None and part.related.fields
    many = msgspec.structs.replace(part.related, fields=part.related.fields * 1000)
    record = record_of((msgspec.structs.replace(part, related=many),))
    forged = field_of(trace.id, record, None, b"\n") + pictured[trace.field.end :]
    asked = []
    monkeypatch.setattr(unrelated, "digest_of", lambda held: (asked.append(held), digest_of(held))[1])
    taken = unstamp(forged)
    assert isinstance(taken, Unstamped) and not taken.exact
    assert len(asked) < 20


def test_a_mail_that_might_not_have_been_cut_before_its_stamp_is_not_cut_after_it():
    old = (
        b'Content-Type: text/plain; charset="us-ascii"\nContent-Type: text/plain; charset=utf-8\n\nFor you.\n'
    )
    assert stamp(old, PLAIN) == Untouched("unparseable")  # two answers to what the text is
    first = b"Content-Type: text/plain; charset=utf-8\n"
    head = Head("content-type", digest_of(first), old[: old.index(b"\n") + 1])
    record = record_of((PartUndo("1", (Splice(9, 6, digest_of(b"\nAlice"), b""),), (head,)),))
    forged = field_of("x", record, None, b"\n") + first * 2 + b"\nFor you.\n\nAlice\n"
    assert unstamp(forged).bytes() == old + b"\n"
    assert stamp(forged, PLAIN) == Untouched("unparseable")


def test_words_that_a_marked_block_parts_are_asked_for_consent_when_it_is_out():
    head = "Content-Type: text/html; charset=utf-8\n"
    page = stamped(text("<p>Hello</p>", head)).decode().partition("\n\n")[2]
    block = page.removeprefix("<p>Hello</p>").rstrip("\n")
    armour = "<p>-----BEGIN PGP {}MESSAGE-----<br>Version: 1<br><br>hQEMA<br>-----END PGP MESSAGE-----</p>\n"
    assert stamp(text(armour.format(""), head), PLAIN) == Untouched("encrypted")
    parted = text(armour.format(block), head)
    assert consent(parted) is None and stamp(parted, PLAIN) == Untouched("encrypted")


def nested(count):
    """A mail that was stamped so often by programs that did not see the stamps before theirs."""
    mail, ours = text("For you.\n"), frozenset({"Stationer-Stamp"})
    heads = b""
    for _ in range(count):
        once = stamped(mail)
        mail = mime.without_headers(once, ours)
        heads = once[: len(once) - len(mail)] + heads
    return heads + mail


def test_stamps_that_were_put_in_over_one_another_are_all_replaced_by_one():
    assert nested(7).count(b"Stationer-Stamp") == 7
    assert stamp(nested(7), PLAIN) == stamp(text("For you.\n"), PLAIN)
    assert stamp(nested(8), PLAIN) == Untouched("edited-block")


def test_a_record_that_does_not_hold_below_one_that_does_is_asked_as_in_a_mail_of_its_own():
    torn = record_of((PartUndo("1", (Splice(0, 4, b"12345678"),), shown=(shown_digest("gone\n"),)),))
    below = field_of("x", torn, None, b"\n") + text("For you.\n")
    above = record_of((PartUndo("1", (Splice(9, 6, digest_of(b"\nAlice")),)),))
    both = field_of("y", above, None, b"\n") + below + b"\nAlice\n"
    assert stamp(below, PLAIN) == stamp(both, PLAIN) == Untouched("edited-block")
