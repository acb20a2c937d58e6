"""What a submission server says, and what we make of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import smtp
from stationer.smtp.way import on_wire
from stationer.wire.account import Server, parse_server
from tests.smtp.scripted import CUT, Scripted

MAIL = b"From: a@acme.test\r\nTo: b@acme.test\r\nSubject: x\r\n\r\nHello\r\n.dot\r\nbye\r\n"
BOTH = ("bob@acme.test", "carol@other.test")


def submit(server: Scripted, recipients: tuple[str, ...] = BOTH, mail: bytes = MAIL) -> smtp.Outcome:
    """One mail over one connection."""
    way = smtp.connect(Server("127.0.0.1", server.port, "plain"))
    try:
        return way.submit("alice@acme.test", recipients, mail)
    finally:
        way.close()


def test_an_accepted_mail_arrives_byte_for_byte() -> None:
    with Scripted() as server:
        outcome = submit(server)
    assert outcome.verdict == "accepted" and outcome.reply == "250 taken"
    assert server.mails == [MAIL]


def test_a_report_leaves_by_the_null_reverse_path() -> None:
    with Scripted() as server:
        way = smtp.connect(Server("127.0.0.1", server.port, "plain"))
        outcome = way.submit("", BOTH, MAIL)
        way.close()
    assert outcome.verdict == "accepted" and server.mails == [MAIL]
    assert [line.startswith("MAIL FROM:<>") for line in server.heard if line.startswith("MAIL")] == [True]


@pytest.mark.parametrize(
    "mail", [b"A: b\r\n\r\nx\ny\rz", b"A: b\n\nx\n.\ny\n", b"A: b\r\n\r\nx\n.\r\nMAIL FROM:<e@x>\r\n"]
)
def test_nothing_can_be_smuggled_behind_a_bare_line_end(mail: bytes) -> None:
    with Scripted() as server:
        assert submit(server, mail=mail).verdict == "accepted"
    assert len(server.mails) == 1
    assert (
        server.mails[0].replace(b"\r\n", b"").count(b"\r")
        == server.mails[0].replace(b"\r\n", b"").count(b"\n")
        == 0
    )
    assert sum(line.startswith("MAIL") for line in server.heard) == 1


def test_a_recipient_that_is_refused_does_not_keep_it_from_the_others() -> None:
    with Scripted({"RCPT TO:<BOB": "550 5.1.1 no such user"}) as server:
        outcome = submit(server)
    assert outcome.verdict == "accepted" and outcome.refused == {"bob@acme.test": "550 5.1.1 no such user"}


def test_a_recipient_that_is_put_off_is_named() -> None:
    with Scripted({"RCPT TO:<BOB": "451 greylisted"}) as server:
        outcome = submit(server)
    assert outcome.verdict == "accepted" and outcome.delayed == ("bob@acme.test",)


@pytest.mark.parametrize(
    ("answers", "verdict"),
    [
        ({"RCPT": "550 no"}, "never"),
        ({"RCPT": "450 later"}, "later"),
        ({"MAIL": "550 not you"}, "never"),
        ({"MAIL": "552 too big"}, "never"),
        ({"MAIL": "451 busy"}, "later"),
        ({"MAIL": "530 log in first"}, "later"),
        ({"DATA": "554 no"}, "never"),
        ({"DATA": "451 busy"}, "later"),
        ({".": "554 spam"}, "never"),
        ({".": "452 disk full"}, "later"),
        ({"MAIL": CUT}, "later"),
        ({"RCPT": CUT}, "later"),
        ({"DATA": CUT}, "later"),
        ({".": CUT}, "unsure"),
        ({".": "what?"}, "unsure"),
        ({"RCPT": "421 shutting down"}, "later"),
        ({"RCPT": "550 no", "RSET": CUT}, "never"),
    ],
)
def test_every_answer_has_one_meaning(answers: dict[str, str], verdict: str) -> None:
    with Scripted(answers) as server:
        outcome = submit(server)
    assert outcome.verdict == verdict
    assert (outcome.verdict in ("never", "later")) <= (not server.mails)


def test_the_connection_serves_the_next_mail_after_a_refusal() -> None:
    with Scripted({"RCPT TO:<BOB": "550 no"}) as server:
        way = smtp.connect(Server("127.0.0.1", server.port, "plain"))
        assert way.submit("a@acme.test", ["bob@acme.test"], MAIL).verdict == "never"
        assert way.alive()
        assert way.submit("a@acme.test", ["carol@acme.test"], MAIL).verdict == "accepted"
        way.close()


def test_options_are_asked_for_only_where_they_are_needed_and_offered() -> None:
    eight = MAIL.replace(b"Hello", "Grüße".encode())
    with Scripted() as server:
        submit(server)
        submit(server, mail=eight)
        submit(server, ("jörg@acme.test",))
    froms = [line for line in server.heard if line.startswith("MAIL")]
    assert "BODY" not in froms[0] and "SIZE=" in froms[0]
    assert "BODY=8BITMIME" in froms[1] and "SMTPUTF8" not in froms[1]
    assert "SMTPUTF8" in froms[2]


def test_without_smtputf8_a_domain_is_written_in_a_labels_and_a_name_cannot_be_written() -> None:
    with Scripted(extensions=()) as server:
        outcome = submit(server, ("bob@bücher.test", "jörg@acme.test"))
    assert outcome.verdict == "accepted" and set(outcome.refused) == {"jörg@acme.test"}
    assert "RCPT TO:<bob@xn--bcher-kva.test>" in server.heard


def test_a_mail_for_one_domain_never_goes_to_the_one_that_idna_2003_made_of_it() -> None:
    assert on_wire("bob@straße.example", utf8=False) == "bob@xn--strae-oqa.example"
    assert on_wire("bob@evil＠in.example", utf8=False) is None


@given(st.text(max_size=40))
def test_no_address_can_hold_a_command(text: str) -> None:
    form = on_wire(text, True)
    assert form is None or not set(form) & {"\r", "\n", "\0"}
    assert form is None or '"' in form or not set(form) & set("<> \t")


def test_a_wrong_password_is_told_apart_from_a_server_that_is_away() -> None:
    with (
        Scripted({"AUTH": "535 5.7.8 bad"}, extensions=("AUTH PLAIN",)) as server,
        pytest.raises(smtp.AuthError, match="does not accept the password") as caught,
    ):
        smtp.connect(Server("127.0.0.1", server.port, "plain"), "alice", "wrong")
    assert caught.value.permanent
    with pytest.raises(smtp.UnreachableError) as gone:
        smtp.connect(Server("127.0.0.1", server.port, "plain"), "alice", "wrong")
    assert not gone.value.permanent


def test_encryption_that_was_asked_for_is_never_given_up() -> None:
    with Scripted() as server, pytest.raises(smtp.UnreachableError, match="STARTTLS"):
        smtp.connect(Server("127.0.0.1", server.port, "starttls"), "alice", "secret")
    assert not any("secret" in line or line.startswith("AUTH") for line in server.heard)
    with Scripted() as server, pytest.raises(smtp.UnreachableError):
        smtp.connect(Server("127.0.0.1", server.port, "tls"), "alice", "secret")
    with pytest.raises(ValueError, match="in the clear"):
        parse_server("mail.example.org:25", "plain")
