"""Mail of the server's own: queued before `send` returns, handed over at a real SMTP server's word."""

from __future__ import annotations

import threading
import time
from datetime import timedelta
from email.message import EmailMessage

import msgspec
import pytest
from aiosmtpd.controller import Controller
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives
from django.db import connection
from django.test import Client
from django.utils import timezone

from stationer.portal.delivery import leases, queue, worker
from stationer.portal.delivery.claiming import claim
from stationer.portal.delivery.models import Destination, Outgoing, Recipient
from stationer.portal.delivery.sending import Unsendable, send
from stationer.settings import Relay

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Hi\r\n\r\nHello\r\n.\r\nbye\r\n"


class Sink:
    """An SMTP server that answers each recipient as its local part says, and keeps what it takes."""

    def __init__(self):
        self.mails = []
        self.data_answer = "250 taken"

    async def handle_RCPT(self, server, session, envelope, address, options):
        answer = {"later": "451 try later", "never": "550 no such person"}.get(address.partition("@")[0])
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 ok"

    async def handle_DATA(self, server, session, envelope):
        if self.data_answer.startswith("250"):
            self.mails.append((envelope.mail_from, envelope.rcpt_tos, envelope.original_content))
        return self.data_answer


class Anywhere(Controller):
    """On a port the system picks; the controller itself wants to know it beforehand."""

    def _trigger_server(self):
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@pytest.fixture(autouse=True)
def at_every_turn(monkeypatch):
    """Dead processes are looked for each time."""
    monkeypatch.setattr(leases, "EVERY_S", -1.0)


@pytest.fixture
def sink(settings, portal):
    handler = Sink()
    controller = Anywhere(handler, hostname="127.0.0.1", port=0)
    controller.start()
    handler.port = controller.port
    relay = Relay(host="127.0.0.1", port=handler.port, tls="none", sender="stationer@example.org")
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, relay=relay)
    handler.relay = relay
    yield handler
    controller.stop()


def states():
    return {row.address: (row.state, row.attempts) for row in Recipient.objects.all()}


def test_a_mail_arrives_byte_for_byte_with_its_envelope(sink):
    send(MAIL, sender="a@example.org", recipients=["bob@example.org", "eve@example.org", "bob@example.org"])
    assert queue.turn(sink.relay) == 2
    assert sink.mails == [("a@example.org", ["bob@example.org", "eve@example.org"], MAIL)]
    assert set(states().values()) == {("sent", 1)}
    assert queue.turn(sink.relay) == 0


def test_each_recipient_has_its_own_fate(sink):
    send(
        MAIL, sender="a@example.org", recipients=["ok@example.org", "later@example.org", "never@example.org"]
    )
    queue.turn(sink.relay)
    assert states() == {
        "ok@example.org": ("sent", 1),
        "later@example.org": ("waiting", 1),
        "never@example.org": ("failed", 1),
    }
    assert "550 no such person" in Recipient.objects.get(state="failed").reason
    assert [to for _, to, _ in sink.mails] == [["ok@example.org"]]
    assert queue.turn(sink.relay) == 0  # the one that waits is not due


def test_a_temporary_refusal_waits_longer_each_time_and_is_given_up_at_last(sink):
    send(MAIL, sender="a@example.org", recipients=["later@example.org"])
    waits = []
    for _ in range(3):
        queue.turn(sink.relay)
        row = Recipient.objects.get()
        waits.append(row.due_at - timezone.now())
        Recipient.objects.update(due_at=timezone.now())
        Destination.objects.update(rests_until=None)
    assert waits[0] < waits[1] < waits[2]
    Outgoing.objects.update(created_at=timezone.now() - timedelta(days=6))
    queue.turn(sink.relay)
    assert states() == {"later@example.org": ("failed", 4)}


@pytest.mark.parametrize(("answer", "state"), [("451 full", "waiting"), ("554 no", "failed")])
def test_the_answer_to_the_mail_itself_decides(sink, answer, state):
    sink.data_answer = answer
    send(MAIL, sender="a@example.org", recipients=["bob@example.org"])
    queue.turn(sink.relay)
    assert states() == {"bob@example.org": (state, 1)}


def test_a_relay_that_is_not_there_is_tried_again(portal):
    send(MAIL, sender="a@example.org", recipients=["bob@example.org"])
    queue.turn(Relay(host="127.0.0.1", port=1, tls="none"))
    queue.turn(Relay())
    assert states() == {"bob@example.org": ("waiting", 1)}


def test_a_relay_without_encryption_gets_nothing_when_it_is_asked_for(sink):
    send(MAIL, sender="a@example.org", recipients=["bob@example.org"])
    queue.turn(msgspec.structs.replace(sink.relay, tls="starttls"))
    assert sink.mails == []
    assert states() == {"bob@example.org": ("waiting", 1)}


def test_a_worker_that_was_killed_gives_its_mail_back_when_its_lease_ends(sink):
    send(MAIL, sender="a@example.org", recipients=["bob@example.org"])
    assert len(claim(timezone.now())[0]) == 1
    assert queue.turn(sink.relay) == 0
    Recipient.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
    assert leases.free_dead() == 1
    assert queue.turn(sink.relay) == 1
    assert states() == {"bob@example.org": ("sent", 1)}


def test_of_several_workers_one_gets_each_mail(sink):
    for _ in range(10):
        send(MAIL, sender="a@example.org", recipients=["bob@example.org"])

    def work():
        while queue.turn(sink.relay):
            pass
        connection.close()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    while queue.turn(sink.relay):  # a worker that found its mail taken stops; nothing may be left over
        pass
    assert len(sink.mails) == 10


def test_line_ends_leave_as_the_standard_wants_them(sink):
    send(
        b"Subject: x\nMessage-ID: <1@x.y>\n\na\rb\r\nc\n",
        sender="a@example.org",
        recipients=["bob@example.org"],
    )
    queue.turn(sink.relay)
    assert sink.mails[0][2] == b"Subject: x\r\nMessage-ID: <1@x.y>\r\n\r\na\r\nb\r\nc\r\n"


@pytest.mark.parametrize(
    "address",
    ["", "bob", "@example.org", "bob@", "b ob@example.org", "bob@example.org\r\nRCPT TO:<x@y.z>", "<a@b.c>"],
)
def test_what_no_envelope_may_hold_is_refused_and_nothing_is_queued(address, db):
    with pytest.raises(Unsendable):
        send(MAIL, sender="a@example.org", recipients=["ok@example.org", address])
    with pytest.raises(Unsendable):
        send(MAIL, sender=address or "x", recipients=["ok@example.org"])
    assert not Outgoing.objects.exists()


def test_an_email_message_may_be_sent(sink):
    mail = EmailMessage()
    mail["Subject"] = "Grüße"
    mail.set_content("Hello")
    send(mail, sender="a@example.org", recipients=["bob@example.org"])
    queue.turn(sink.relay)
    assert b"Hello" in sink.mails[0][2]


def test_djangos_mail_goes_through_the_one_door(sink, settings):
    settings.EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"  # pytest puts another in
    mail = EmailMultiAlternatives(
        "Hi", "Hello", "Stationer <s@example.org>", ["B <bob@example.org>"], bcc=["e@example.org"]
    )
    assert mail.send() == 1
    assert django_mail.get_connection().__class__.__module__.startswith("stationer.")
    queue.turn(sink.relay)
    ((sender, to, data),) = sink.mails
    assert (sender, to) == ("s@example.org", ["bob@example.org", "e@example.org"])
    assert b"e@example.org" not in data


def test_a_sign_in_code_reaches_the_mailbox_by_the_worker(sink, settings, alice):
    settings.EMAIL_BACKEND = "stationer.portal.delivery.backend.EmailBackend"
    answer = Client().post("/accounts/login/code/", {"email": "alice@acme.example"})
    assert answer.status_code == 302, answer.content
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 20
    while not sink.mails and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join()
    ((_, to, data),) = sink.mails
    assert to == ["alice@acme.example"]
    assert b"Subject:" in data


def test_the_worker_begins_by_removing_what_killed_writers_of_blobs_left(portal):
    folder = portal.data / "blobs" / "pictures"
    folder.mkdir(parents=True)
    for name in ("a.png", ".a.png.tmp", ".b.png.0123456789abcdef.part"):
        (folder / name).write_bytes(b"x")
    stop = threading.Event()
    thread = threading.Thread(target=worker.run, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 20
    while len(list(folder.iterdir())) > 1 and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join()
    assert [path.name for path in folder.iterdir()] == ["a.png"]


def test_done_mails_are_forgotten_after_a_while_and_waiting_ones_are_not(sink):
    send(MAIL, sender="a@example.org", recipients=["bob@example.org"])
    queue.turn(sink.relay)
    send(MAIL, sender="a@example.org", recipients=["later@example.org"])
    Outgoing.objects.update(created_at=timezone.now() - timedelta(days=30))
    queue.forget_old()
    assert list(states()) == ["later@example.org"]
