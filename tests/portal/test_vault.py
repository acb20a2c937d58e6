"""A mail is kept sealed, is found by who may read it, and says what it said."""

from __future__ import annotations

import pytest

from stationer.portal.vault import ending, events, grants, keeping, opening, storing
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import Event, Grant, PenKey, SecureMessage
from tests.portal.vaulted import LETTER, PDF, TO

pytestmark = pytest.mark.django_db


@pytest.fixture
def kept(in_acme):
    return keeping.keep(LETTER, author="alice@acme.example", recipients=TO)


def test_a_mail_is_kept_and_says_what_it_said(kept):
    assert (kept.state, kept.reason) == ("ready", "")
    found = opening.content(kept)
    assert b"".join(found.range()) == LETTER
    assert b"".join(found.range(100, 5000)) == LETTER[100:5000]
    assert found.header() == LETTER[: LETTER.index(b"\r\n\r\n") + 4]
    text, file = found.index.leaves
    assert (text.path, text.type, text.charset, text.name) == ("1", "text/plain", "utf-8", "")
    assert (file.path, file.name, file.length, file.attached) == ("2", "Angebot für Bob.pdf", len(PDF), True)
    assert b"".join(found.part("2")) == PDF
    assert b"".join(found.part("1")).decode() == "Dear Bob, the price is 12€."
    with pytest.raises(VaultError, match="no part"):
        list(found.part("3"))


def test_its_row_says_what_the_notification_carries(kept):
    assert kept.subject == "Angebot für March"
    assert (kept.author, kept.author_name) == ("alice@acme.example", "Alice Example")
    assert kept.to == [["Böb", "bob@other.example"], ["", "carol@acme.example"]]
    assert kept.cc == [["Dora", "dora@third.example"]]
    assert kept.sent_at.isoformat() == "2026-11-23T09:00:00+00:00"
    assert kept.recipients == []


def test_who_may_read_it(kept):
    kinds = dict(Grant.objects.values_list("address", "kind"))
    assert kinds == {
        "alice@acme.example": "from",
        "bob@other.example": "to",
        "carol@acme.example": "to",
        "dora@third.example": "cc",
        "blind@fourth.example": "blind",
    }
    assert grants.grant_of(kept, ["x@y.example", "BOB@other.example"]).kind == "to"
    assert grants.grant_of(kept, ["bob+x@other.example"]) is None
    assert grants.found(kept.locator) == kept
    assert list(grants.of(["dora@third.example"])) == [kept]
    assert not grants.of(["nobody@third.example"]).exists()
    Grant.objects.filter(address="dora@third.example").update(withdrawn_at=kept.ready_at)
    assert grants.grant_of(kept, ["dora@third.example"]) is None
    assert not grants.of(["dora@third.example"]).exists()


def test_a_locator_says_which_pen_it_is_of(kept, acme):
    from stationer.portal.people.scope import _scope

    token = _scope.set(None)
    try:
        assert grants.pen_of(kept.locator) == acme
        assert grants.pen_of("a" * 26) is None
    finally:
        _scope.reset(token)


def test_what_is_done_is_noted(kept):
    events.note(kept, "opened", "Bob@other.example", {"by": "code"})
    rows = Event.objects.values_list("what", "address", "evidence")
    assert list(rows) == [
        ("kept", "alice@acme.example", {}),
        ("opened", "bob@other.example", {"by": "code"}),
    ]
    with pytest.raises(ValueError, match="thrown"):
        events.note(kept, "thrown")


@pytest.mark.parametrize(
    ("mail", "author", "reason"),
    [
        (LETTER, "mallory@acme.example", "other-author"),
        (b"From: alice@acme.example, ceo@acme.example\r\n\r\nx", "alice@acme.example", "other-author"),
        (b"no header at all", "alice@acme.example", "unparseable"),
        (b"Stationer-Notification: v=1\r\n" + LETTER, "alice@acme.example", "notification"),
    ],
)
def test_what_is_refused_says_why_and_is_unreadable(in_acme, mail, author, reason):
    row = keeping.keep(mail, author=author, recipients=TO)
    assert (row.state, row.reason) == ("refused", reason)
    assert row.sentence and row.wrapped is None
    assert not Grant.objects.exists()
    with pytest.raises(VaultError):
        opening.content(row)


def test_blind_recipients_are_never_kept(in_acme):
    row = keeping.keep(b"Bcc: secret@x.example\r\n" + LETTER, author="alice@acme.example", recipients=TO)
    assert b"".join(opening.content(row).range()) == LETTER


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"recipients": []}, "no-recipients"),
        ({"recipients": ["nobody"]}, "not-an-address"),
        ({"author": "a@b\r\n.example"}, "not-an-address"),
        ({"recipients": ["a@b.example"] * 10_001}, "too-many-recipients"),
        ({"mail": b""}, "empty"),
        ({"mail": b"x" * (16 * 1024 * 1024 + 1)}, "too-large"),
    ],
)
def test_nothing_is_kept_of_what_cannot_be(in_acme, change, code):
    asked = {"mail": LETTER, "author": "alice@acme.example", "recipients": TO} | change
    with pytest.raises(VaultError) as told:
        keeping.keep(asked.pop("mail"), **asked)
    assert told.value.code == code
    assert not SecureMessage.objects.exists()


def test_a_pen_has_one_key_of_its_own(kept):
    again = keeping.keep(LETTER, author="alice@acme.example", recipients=TO)
    assert PenKey.objects.count() == 1
    assert b"".join(opening.content(again).range()) == LETTER


def test_a_piece_that_comes_when_its_message_is_over_is_not_left_behind(in_acme):
    row = keeping.begin(author="alice@acme.example", recipients=TO, size=5, sha256="0" * 64)

    def late():
        ending.end(row, "author")
        storing.forget(row)
        yield b"12345"

    with pytest.raises(VaultError, match="already"):
        keeping.take(row, 0, late())
    assert list(storing.blobs().names(storing.folder_of(row))) == []
