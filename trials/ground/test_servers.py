"""The trials' own servers do what the trials rely on: otherwise a green trial would show nothing."""

from __future__ import annotations

import imaplib
import smtplib
import socket
import ssl
from collections.abc import Callable
from contextlib import suppress
from email.message import EmailMessage

import pytest
from imapclient import IMAPClient

from trials.servers.bad_edges import BAD_EDGES, BadEdge
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox, trusting
from trials.servers.people import ALICE, BOB, CAROL, Person
from trials.servers.postfix import Postfix
from trials.servers.postgres import Postgres
from trials.servers.proxy import SILENT, Line, Proxy
from trials.servers.running import LOOPBACK


def a_mail(subject: str = "Hello") -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Cc"], mail["Subject"] = ALICE.address, BOB.address, CAROL.address, subject
    mail.set_content("How are you?")
    return mail.as_bytes(policy=mail.policy.clone(linesep="\r\n"))


def submit(postfix: Postfix, mail: bytes, port: int | None = None) -> None:
    with smtplib.SMTP(postfix.host, port or postfix.port, timeout=30) as client:
        client.login(ALICE.address, ALICE.password)
        client.sendmail(ALICE.address, [BOB.address, CAROL.address], mail)


def test_a_submitted_mail_arrives_in_both_domains(
    postfix: Postfix, mailbox: Callable[[Person], Mailbox]
) -> None:
    submit(postfix, a_mail())
    for person in (BOB, CAROL):
        (arrived,) = mailbox(person).wait_for(1)
        assert arrived.endswith(b"\r\n\r\nHow are you?\r\n")


def test_submission_refuses_whoever_does_not_sign_in(postfix: Postfix) -> None:
    with smtplib.SMTP(postfix.host, postfix.port, timeout=30) as client, pytest.raises(smtplib.SMTPException):
        client.sendmail(ALICE.address, [BOB.address], a_mail())


def test_nothing_leaves_for_another_domain(postfix: Postfix) -> None:
    with smtplib.SMTP(postfix.host, postfix.port, timeout=30) as client:
        client.login(ALICE.address, ALICE.password)
        with pytest.raises(smtplib.SMTPRecipientsRefused, match="nothing leaves the trial"):
            client.sendmail(ALICE.address, ["somebody@example.com"], a_mail())


def test_tls_is_offered_with_a_certificate_that_can_be_checked(dovecot: Dovecot, postfix: Postfix) -> None:
    context = trusting(dovecot)
    with IMAPClient(dovecot.host, dovecot.imaps_port, ssl_context=context) as client:
        client.login(ALICE.address, ALICE.password)
    with smtplib.SMTP_SSL(postfix.host, postfix.tls_port, context=context) as client:
        client.login(ALICE.address, ALICE.password)
    with smtplib.SMTP(postfix.host, postfix.port) as client:
        client.starttls(context=context)
        client.login(ALICE.address, ALICE.password)
    with pytest.raises(ssl.SSLError):
        IMAPClient(dovecot.host, dovecot.imaps_port, ssl_context=ssl.create_default_context())


def test_the_filing_port_files_one_copy_in_sent(
    postfix: Postfix, mailbox: Callable[[Person], Mailbox]
) -> None:
    alice = mailbox(ALICE)
    submit(postfix, a_mail("filed by the server"), postfix.filing_port)
    (filed,) = alice.wait_for(1, "Sent")
    assert b"Subject: filed by the server" in filed


def test_one_server_has_special_use_and_the_other_does_not(dovecot: Dovecot, plain_dovecot: Dovecot) -> None:
    with Mailbox(dovecot, ALICE).client() as client:
        assert client.has_capability("SPECIAL-USE")
        assert any(b"\\Sent" in flags for flags, _, _ in client.list_folders())
    with Mailbox(plain_dovecot, ALICE).client() as client:
        assert not client.has_capability("SPECIAL-USE")
        listed = client.list_folders()
        names = {str(name) for _, _, name in listed}
        assert plain_dovecot.sent in names and "Sent" not in names
        assert not any(flag.startswith(b"\\S") for flags, _, _ in listed for flag in flags)


def test_postgres_answers_on_loopback(postgres: Postgres) -> None:
    psycopg = pytest.importorskip("psycopg")
    with psycopg.connect(postgres.make_database("hello")) as connection:
        assert connection.execute("show server_version_num").fetchone()[0] >= "150000"


def test_the_proxy_records_both_ways_and_can_refuse_and_come_back(
    dovecot: Dovecot, proxy: Callable[..., Proxy]
) -> None:
    through = proxy(dovecot.imap_port)
    Mailbox(dovecot, ALICE, through.port).folders()
    assert ALICE.password.encode() in through.sent and b"* LIST" in through.received
    through.refuse()
    with pytest.raises(ConnectionRefusedError):
        Mailbox(dovecot, ALICE, through.port).folders()
    through.open()
    assert "INBOX" in Mailbox(dovecot, ALICE, through.port).folders()


@pytest.mark.parametrize(
    "line", [Line(reset_after=60), Line(stall_after=60), SILENT], ids=["reset", "stall", "silent"]
)
def test_the_proxy_breaks_lines(dovecot: Dovecot, proxy: Callable[..., Proxy], line: Line) -> None:
    through = proxy(dovecot.imap_port, line)
    with (
        pytest.raises((OSError, imaplib.IMAP4.error)),
        IMAPClient(dovecot.host, through.port, ssl=False, timeout=1) as client,
    ):
        client.login(ALICE.address, ALICE.password)


@pytest.mark.parametrize("kind", BAD_EDGES)
def test_every_bad_edge_hears_the_question_and_gets_the_answer_wrong(
    bad_edge: Callable[[str], BadEdge], kind: str
) -> None:
    edge = bad_edge(kind)
    with suppress(OSError), socket.create_connection((LOOPBACK, edge.port), timeout=0.5) as client:
        client.sendall(b"POST /v1/pick HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}")
        client.recv(100)
    assert edge.asked == (0 if kind == "stopped" else 1)
