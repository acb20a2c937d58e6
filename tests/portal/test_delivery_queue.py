"""The queue's promises: destinations rest, nobody waits behind a slow one, and what may have gone twice is said."""

from __future__ import annotations

import argparse
import json
import os
import signal
import subprocess
import sys
import uuid
from datetime import timedelta

import msgspec
import pytest
from django.utils import timezone

from stationer.cli import outgoing
from stationer.portal.delivery import claiming, handling, leases, queue, suppressing
from stationer.portal.delivery.claiming import claim
from stationer.portal.delivery.models import Destination, Outgoing, Recipient, Suppression
from stationer.portal.delivery.relay import Fate, Outcome, Session
from stationer.portal.delivery.sending import send
from stationer.settings import Relay

pytestmark = pytest.mark.django_db(transaction=True)
MAIL = b"From: a@example.org\r\nMessage-ID: <1@example.org>\r\nSubject: Hi\r\n\r\nHello\r\n"
RELAY = Relay(host="127.0.0.1", tls="none")


@pytest.fixture
def world(monkeypatch, portal):
    """A relay that answers as it is told, by address or domain, and keeps what it took."""
    monkeypatch.setattr(leases, "EVERY_S", -1.0)
    taken: list[tuple[str, str, bytes]] = []
    answers: dict[str, Outcome] = {}

    def hand_over(_, sender, recipients, mail):
        told = {}
        for one in recipients:
            told[one] = (
                answers.get(one) or answers.get(one.rpartition("@")[2]) or Outcome(Fate.SENT, "250", "2.0.0")
            )
            if told[one].fate is Fate.SENT:
                taken.append((sender, one, mail))
        return told

    monkeypatch.setattr(Session, "hand_over", hand_over)
    hand_over.taken, hand_over.answers = taken, answers
    return hand_over


def mail_to(*recipients, **more):
    return send(MAIL, sender="a@example.org", recipients=recipients, **more)


def state(address):
    return Recipient.objects.get(address=address)


def now_due():
    Recipient.objects.update(due_at=timezone.now())


def test_a_domain_rests_after_three_refusals_in_a_row_and_others_go_on(world):
    world.answers["slow.example"] = Outcome(Fate.LATER, "451 4.7.1 later", "4.7.1")
    for number in range(3):
        mail_to(f"u{number}@slow.example")
    queue.turn(RELAY)
    assert Destination.objects.get().failures == 3
    mail_to("late@slow.example")
    mail_to("bob@quick.example")
    while queue.turn(RELAY):
        pass
    assert [to for _, to, _ in world.taken] == ["bob@quick.example"]
    rest = Destination.objects.get().rests_until
    assert (state("late@slow.example").attempts, state("late@slow.example").due_at) == (0, rest)
    world.answers.clear()
    Destination.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    now_due()
    while queue.turn(RELAY):
        pass
    assert len(world.taken) == 5 and not Destination.objects.exists()


def test_a_relay_that_is_away_is_asked_once_and_then_rests(world):
    world.answers["example.org"] = Outcome(Fate.LATER, "no route", "4.4.1", relay=True)
    for number in range(5):
        mail_to(f"u{number}@example.org")
    assert queue.turn(RELAY) == 5
    assert sorted(Recipient.objects.values_list("attempts", flat=True)) == [0, 0, 0, 0, 1]
    assert not Recipient.objects.exclude(lease=None).exists()
    assert queue.turn(RELAY) == 0
    world.answers.clear()
    Destination.objects.update(rests_until=timezone.now() - timedelta(seconds=1))
    now_due()
    queue.turn(RELAY)
    assert len(world.taken) == 5


def test_a_slow_destination_has_no_more_than_two_turns_at_a_time(world):
    for number in range(60):
        mail_to(f"u{number}@slow.example")
    mail_to("bob@quick.example")
    now = timezone.now()
    for _ in range(claiming.MOST_FOR_ONE):
        assert {row.domain for row in claim(now)[0]} == {"slow.example"}
    assert [row.address for row in claim(now)[0]] == ["bob@quick.example"]
    assert claim(now) == ([], 0)


def test_a_code_goes_before_what_came_earlier(world):
    mail_to("bob@example.org")
    mail_to("eve@example.org", secret=True)
    queue.turn(RELAY)
    assert [to for _, to, _ in world.taken] == ["eve@example.org"]


def test_an_answer_that_was_lost_is_said_and_the_mail_goes_again(world):
    world.answers["bob@example.org"] = Outcome(Fate.LATER, "cut", "4.4.2", unsure=True)
    mail_to("bob@example.org")
    queue.turn(RELAY)
    assert (state("bob@example.org").state, state("bob@example.org").twice) == ("waiting", True)
    world.answers.clear()
    now_due()
    queue.turn(RELAY)
    row = handling.listed((), 10, twice=True)
    assert [(one["to"], one["state"], one["message_id"]) for one in row] == [
        ("bob@example.org", "sent", "<1@example.org>")
    ]


def test_of_a_worker_that_was_killed_only_what_it_had_begun_may_go_twice(world, settings):
    for number in range(3):
        mail_to(f"u{number}@example.org")
    rows = claim(timezone.now())[0]
    leases.extended(rows[0].lease, [rows[0].pk], timezone.now(), timezone.now() + timedelta(minutes=1))
    dead = uuid.uuid4()
    Recipient.objects.update(holder=dead)
    (settings.PORTAL.data / "delivery" / f"{dead}.lock").touch()
    assert leases.free_dead() == 3
    assert not (settings.PORTAL.data / "delivery" / f"{dead}.lock").exists()
    queue.turn(RELAY)
    assert len(world.taken) == 3
    assert [row.pk for row in Recipient.objects.filter(twice=True)] == [rows[0].pk]


def test_a_process_that_lives_keeps_what_it_has(world, settings):
    mail_to("bob@example.org")
    folder = settings.PORTAL.data / "delivery"
    folder.mkdir(parents=True, exist_ok=True)
    name = uuid.uuid4()
    hold = "import fcntl,sys; f=open(sys.argv[1],'w'); fcntl.flock(f, fcntl.LOCK_EX); print(flush=True); sys.stdin.read()"
    command = [sys.executable, "-c", hold, str(folder / f"{name}.lock")]
    other = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        other.stdout.readline()
        (row,) = claim(timezone.now())[0]
        Recipient.objects.update(holder=name)
        (folder / "other.lock").touch()
        assert leases.free_dead() == 0
        os.kill(other.pid, signal.SIGKILL)
        other.wait()
        assert leases.free_dead() == 1
    finally:
        other.kill()
        other.communicate()
    assert Recipient.objects.get(lease=None).pk == row.pk


def test_a_lease_that_was_taken_over_begins_nothing(world):
    mail_to("bob@example.org", "eve@example.org")
    rows = claim(timezone.now())[0]
    Recipient.objects.filter(pk=rows[0].pk).update(lease=uuid.uuid4())
    now = timezone.now()
    assert leases.extended(rows[1].lease, [one.pk for one in rows], now, now) == [rows[1].pk]


def test_an_address_where_nobody_is_is_not_tried_again_by_that_company_alone(world, alice):
    world.answers["bob@example.org"] = Outcome(Fate.NEVER, "550 5.1.1 unknown", "5.1.1")
    mail_to("bob@example.org", pen=alice.pen)
    queue.turn(RELAY)
    world.answers.clear()
    mail_to("Bob@example.org", pen=alice.pen)
    queue.turn(RELAY)
    row = state("Bob@example.org")
    assert (row.state, row.status, row.reason) == (
        "suppressed",
        "5.1.1",
        "nobody is there: 550 5.1.1 unknown",
    )
    assert not world.taken
    mail_to("bob@example.org")
    queue.turn(RELAY)
    assert len(world.taken) == 1
    Suppression.objects.update(until=timezone.now() - timedelta(days=1))
    mail_to("bob@example.org", pen=alice.pen)
    queue.turn(RELAY)
    assert len(world.taken) == 2
    assert suppressing.forget_old() == 1


def test_what_is_refused_for_another_reason_suppresses_nobody(world):
    world.answers["bob@example.org"] = Outcome(Fate.NEVER, "550 5.7.1 policy", "5.7.1")
    mail_to("bob@example.org")
    queue.turn(RELAY)
    assert state("bob@example.org").state == "failed" and not Suppression.objects.exists()


def test_a_code_is_tried_though_its_address_is_suppressed(world):
    suppressing.suppress(None, "bob@example.org", Suppression.Reason.HARD)
    row = mail_to("bob@example.org", secret=True)
    queue.turn(RELAY)
    row.refresh_from_db()
    assert len(world.taken) == 1 and bytes(row.mail) == b""


def test_a_complaint_stays_until_somebody_takes_it_off(world):
    suppressing.suppress(None, "bob@example.org", Suppression.Reason.COMPLAINT)
    suppressing.suppress(None, "bob@example.org", Suppression.Reason.HARD)
    assert [(row.why, row.until) for row in Suppression.objects.all()] == [("complaint", None)]
    assert suppressing.allow("Bob@Example.org") == 1


def test_an_automatic_mail_says_so_once_and_every_mail_has_a_message_id(world):
    mail_to("a@example.org", automatic=True)
    send(
        b"From: a@example.org\nAuto-Submitted: auto-replied\n\nHi\n",
        sender="",
        recipients=["b@example.org"],
        automatic=True,
    )
    mail_to("c@example.org")
    first, second, third = (bytes(row.mail) for row in Outgoing.objects.order_by("pk"))
    assert first.startswith(b"Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n")
    assert second.count(b"Auto-Submitted") == 1 and b"\r\nMessage-ID: <" in second
    assert third == MAIL
    assert all(Outgoing.objects.values_list("message_id", flat=True))


def test_a_recipients_return_path_is_its_own_where_bounces_come_back(world, settings):
    bounces = msgspec.structs.replace(settings.PORTAL.bounces, address="bounces@mail.acme.example")
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, bounces=bounces)
    mail_to("bob@example.org", "eve@example.org")
    send(MAIL, sender="", recipients=["joe@example.org"])
    while queue.turn(RELAY):
        pass
    paths = {to: sender for sender, to, _ in world.taken}
    assert paths["joe@example.org"] == "" and len(set(paths.values())) == 3
    assert paths["bob@example.org"].startswith("bounces+") and paths["bob@example.org"].endswith(
        "@mail.acme.example"
    )


def asked(capsys, *words):
    """`stationer outgoing` with these words: its exit code and what it printed."""
    parser = argparse.ArgumentParser()
    outgoing.configure(parser)
    code = outgoing.handled(parser.parse_args(words))
    return code, capsys.readouterr().out


def test_an_operator_looks_holds_lets_go_and_drops(world, capsys):
    mail_to("bob@example.org")
    row = mail_to("eve@example.org", secret=True)
    bob = str(state("bob@example.org").pk)
    assert asked(capsys, "hold", bob) == (0, "hold: 1\n")
    assert asked(capsys, "hold", bob) == (3, "hold: 0\n")
    assert asked(capsys, "drop", str(row.pk)) == (0, "drop: 1\n")
    row.refresh_from_db()
    assert bytes(row.mail) == b"" and queue.turn(RELAY) == 0
    code, text = asked(capsys)
    assert code == 0 and "held 1" in text and bob in text and "eve@" not in text
    assert (
        json.loads(asked(capsys, "show", "--state", "dropped", "--json")[1])["recipients"][0]["to"]
        == "eve@example.org"
    )
    assert asked(capsys, "release", bob) == (0, "release: 1\n")
    assert queue.turn(RELAY) == 1
    assert asked(capsys, "drop", bob)[0] == 3
    assert asked(capsys, "drop", "x")[0] == 2


def test_an_operator_has_all_tried_again_at_once(world, capsys):
    world.answers["example.org"] = Outcome(Fate.LATER, "no route", "4.4.1", relay=True)
    mail_to("bob@example.org")
    queue.turn(RELAY)
    world.answers.clear()
    assert "the relay: rests until" in asked(capsys)[1]
    assert asked(capsys, "retry") == (0, "retry: 1\n")
    assert queue.turn(RELAY) == 1 and len(world.taken) == 1


def test_an_operator_sees_who_is_suppressed_and_why_and_lets_mail_go_there_again(world, capsys):
    suppressing.suppress(None, "bob@example.org", Suppression.Reason.HARD, "5.1.1", "550 no")
    assert "bob@example.org  hard  the installation" in asked(capsys, "suppressed")[1]
    assert json.loads(asked(capsys, "suppressed", "--json")[1])[0]["said"] == "550 no"
    assert asked(capsys, "allow", "bob@example.org") == (0, "allow: 1\n")
    assert asked(capsys, "suppressed") == (0, "nothing\n")
