"""What comes back by LMTP is noted with its mail; what is no report of ours changes nothing."""

from __future__ import annotations

import smtplib
import threading
import time
from datetime import timedelta

import msgspec
import pytest
from contract.bounce_samples import report
from django.utils import timezone

from stationer.portal.delivery import listening
from stationer.portal.delivery.models import Recipient, Suppression
from stationer.portal.delivery.receiving import hear
from stationer.portal.delivery.returning import return_path
from stationer.portal.delivery.sending import send

pytestmark = pytest.mark.django_db(transaction=True)
MAILBOX = "bounces@mail.acme.example"
FIELDS = "Final-Recipient: rfc822; {}\nAction: {}\nStatus: {}\nDiagnostic-Code: smtp; 550 {} said so\n"


@pytest.fixture
def bob(settings, alice):
    """A recipient whose mail the relay took."""
    bounces = msgspec.structs.replace(settings.PORTAL.bounces, address=MAILBOX)
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, bounces=bounces)
    mail = send(
        b"From: a@example.org\n\nHi\n", sender="a@example.org", recipients=["bob@example.org"], pen=alice.pen
    )
    Recipient.objects.update(state="sent", status="2.0.0")
    return mail.recipients.get()


def failed(address="bob@example.org", action="failed", status="5.1.1"):
    return report("delivery-status", FIELDS.format(address, action, status, status)).encode()


def path_of(row):
    return return_path(row.outgoing, row)


def test_a_failure_is_noted_and_the_address_is_suppressed_for_that_company(bob):
    assert hear(path_of(bob), failed()) == "bounced"
    bob.refresh_from_db()
    assert (bob.state, bob.status, bob.reason) == ("bounced", "5.1.1", "550 5.1.1 said so")
    (row,) = Suppression.objects.all()
    assert (row.pen_id, row.address, row.why) == (bob.outgoing.pen_id, "bob@example.org", "hard")
    assert hear(path_of(bob), failed()) == "nothing"


def test_a_full_mailbox_bounces_and_suppresses_nobody(bob):
    assert hear(path_of(bob), failed(status="5.2.2")) == "bounced"
    assert not Suppression.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        failed(action="delayed", status="4.4.1"),
        failed(action="delivered", status="2.0.0"),
        b"Subject: hello\n\nHi",
    ],
)
def test_a_delay_a_success_and_a_letter_change_nothing(bob, data):
    assert hear(path_of(bob), data) == "nothing"
    bob.refresh_from_db()
    assert bob.state == "sent"


def test_of_a_report_of_several_only_what_it_says_of_ours_counts(bob):
    other = FIELDS.format("eve@example.org", "failed", "5.1.1", "5.1.1")
    third = FIELDS.format("joe@example.org", "failed", "5.1.1", "5.1.1")
    assert hear(path_of(bob), report("delivery-status", other + "\n" + third).encode()) == "nothing"
    ours = FIELDS.format("Bob@Example.org", "failed", "5.2.1", "5.2.1")
    assert hear(path_of(bob), report("delivery-status", other + "\n" + ours).encode()) == "bounced"
    bob.refresh_from_db()
    assert bob.status == "5.2.1"


def test_one_that_was_forwarded_bounces_by_its_token(bob):
    assert hear(path_of(bob), failed("robert@elsewhere.example")) == "bounced"
    assert Suppression.objects.get().address == "bob@example.org"


def test_a_complaint_is_believed_by_the_return_path_that_it_shows(bob):
    def complaint(sender):
        fields = f"Feedback-Type: abuse\nVersion: 1\nOriginal-Mail-From: <{sender}>\n"
        return report("feedback-report", fields).encode()

    assert hear(MAILBOX, complaint("a@example.org")) == "nothing"
    assert hear(MAILBOX, complaint(path_of(bob))) == "complained"
    assert [(row.address, row.why, row.until) for row in Suppression.objects.all()] == [
        ("bob@example.org", "complaint", None)
    ]


def test_nothing_is_believed_without_a_token_that_is_ours_and_in_time(bob, settings, monkeypatch):
    path = path_of(bob)
    later = timezone.now() + timedelta(days=20)
    with monkeypatch.context() as patch:
        patch.setattr(timezone, "now", lambda: later)
        assert hear(path, failed()) == "nothing"
    assert hear(MAILBOX, failed()) == "nothing"
    bob.delete()
    assert hear(path, failed()) == "nothing"
    settings.PORTAL = msgspec.structs.replace(
        settings.PORTAL, bounces=msgspec.structs.replace(settings.PORTAL.bounces, address="")
    )
    assert hear(path, failed()) == "nothing"


@pytest.fixture
def lmtp(bob):
    listener = listening.listen("127.0.0.1:0")
    client = smtplib.LMTP("127.0.0.1", listener.port, timeout=20)
    client.ehlo()
    yield client
    client.close()
    listener.stop()


def test_a_mail_server_hands_reports_over_by_lmtp(lmtp, bob):
    path = path_of(bob)
    assert lmtp.sendmail("", [path, "bounces+x@mail.acme.example"], failed()) == {
        "bounces+x@mail.acme.example": (550, b"5.1.1 no mail of ours comes back to this address, or no more")
    }
    bob.refresh_from_db()
    assert bob.state == "bounced"
    with pytest.raises(smtplib.SMTPRecipientsRefused):
        lmtp.sendmail("", ["postmaster@mail.acme.example"], failed())


def test_each_recipient_of_a_report_has_its_own_reply(lmtp, bob):
    lmtp.mail("")
    for one in (path_of(bob), MAILBOX):
        assert lmtp.rcpt(one)[0] == 250
    lmtp.docmd("DATA")
    lmtp.send(failed() + b"\r\n.\r\n")
    assert [lmtp.getreply(), lmtp.getreply()] == [(250, b"2.0.0 bounced"), (250, b"2.0.0 nothing")]
    for _ in range(listening.MOST_RECIPIENTS + 2):
        lmtp.mail("")
        code = lmtp.rcpt(MAILBOX)[0]
    assert code == 452


def test_what_cannot_be_noted_stays_with_the_server_that_has_it(lmtp, bob, monkeypatch):
    def broken(to, data):
        raise OSError("the disk is full")

    monkeypatch.setattr(listening, "hear", broken)
    with pytest.raises(smtplib.SMTPDataError, match=r"4\.3\.0"):
        lmtp.sendmail("", [path_of(bob)], failed())


def reached(port):
    """A client of whoever listens there, as soon as somebody does."""
    deadline = time.monotonic() + 20
    while True:
        try:
            return smtplib.LMTP("127.0.0.1", port, timeout=20)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def test_the_worker_listens_until_it_is_stopped_and_says_where_it_cannot(settings, bob, monkeypatch, capfd):
    taken = listening.listen("127.0.0.1:0")
    monkeypatch.setattr(listening, "AGAIN_S", 0.05)
    for where in ("", f"127.0.0.1:{taken.port}"):
        bounces = msgspec.structs.replace(settings.PORTAL.bounces, listen=where)
        settings.PORTAL = msgspec.structs.replace(settings.PORTAL, bounces=bounces)
        stop = threading.Event()
        thread = threading.Thread(target=listening.run, args=(stop,), daemon=True)
        thread.start()
        if where:
            taken.stop()
            with reached(taken.port) as client:
                assert client.ehlo()[0] == 250
        stop.set()
        thread.join(20)
        assert not thread.is_alive()
