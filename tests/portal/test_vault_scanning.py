"""The malware hook: a mail goes to clamd as a stream; found, it is refused and says in which file; silent, it waits."""

from __future__ import annotations

import socket
import threading
from contextvars import Context
from datetime import timedelta
from email import message_from_bytes, policy
from hashlib import sha256

import msgspec
import pytest
from django.utils import timezone

from stationer.portal.delivery.models import Outgoing
from stationer.portal.vault import checking, ending, keeping, scanning, storing, turning
from stationer.portal.vault.models import Event, SecureMessage
from tests.portal.vaulted import LETTER, TO

pytestmark = pytest.mark.django_db
BAD = b"Dear Bob"


class Clamd(threading.Thread):
    """Speaks INSTREAM (clamd(8)). `says`: what it answers of what it was given; None: it hangs up."""

    def __init__(self, line, says):
        super().__init__(daemon=True)
        self.line, self.says, self.given = line, says, []
        line.listen(8)

    def run(self):
        while True:
            try:
                peer, _ = self.line.accept()
            except OSError:
                return
            with peer, peer.makefile("rb") as file:
                assert file.read(10) == b"zINSTREAM\0"
                octets = b""
                while length := int.from_bytes(file.read(4), "big"):
                    octets += file.read(length)
                self.given.append(octets)
                said = self.says(octets)
                if said is not None:
                    peer.sendall(said)


def judged(octets):
    return b"stream: Eicar-Test-Signature FOUND\0" if BAD in octets else b"stream: OK\0"


@pytest.fixture
def clamd(settings, tmp_path, monkeypatch):
    """A scanner by the given address; stopped at the end."""
    begun = []
    monkeypatch.setattr(scanning, "PATIENCE_S", 10.0)

    def make(says=judged, unix=False, **more):
        line = socket.socket(socket.AF_UNIX if unix else socket.AF_INET)
        line.bind(str(tmp_path / "clamd") if unix else ("127.0.0.1", 0))
        url = f"clamd://{tmp_path}/clamd" if unix else f"clamd://127.0.0.1:{line.getsockname()[1]}"
        vault = msgspec.structs.replace(settings.PORTAL.vault, scanner=url, **more)
        settings.PORTAL = msgspec.structs.replace(settings.PORTAL, vault=vault)
        begun.append(Clamd(line, says))
        begun[-1].start()
        return begun[-1]

    yield make
    for one in begun:
        one.line.shutdown(socket.SHUT_RDWR)
        one.line.close()


def keep(mail=LETTER):
    return keeping.keep(mail, author="alice@acme.example", recipients=TO)


CLEAN = LETTER.replace(BAD, b"Dear Eve")


@pytest.mark.parametrize("unix", [False, True])
def test_a_clean_mail_goes_through_and_all_of_it_was_looked_at(in_acme, clamd, unix):
    server = clamd(unix=unix)
    assert keep(CLEAN).state == "ready"
    assert server.given == [CLEAN]
    assert list(Event.objects.values_list("what", "evidence")) == [("scanned", {"by": "clamd"}), ("kept", {})]


def test_what_is_found_is_refused_with_its_name(in_acme, clamd):
    clamd()
    row = keep()
    assert (row.state, row.reason, row.wrapped) == ("refused", "malware", None)
    assert "Eicar-Test-Signature" in row.sentence


def test_and_with_its_file_where_that_can_be_told(in_acme, clamd):
    clamd(
        lambda octets: judged(octets + (BAD if b"%c%c" % (254, 255) in octets or octets == LETTER else b""))
    )
    row = keep()
    assert "Angebot für Bob.pdf" in row.sentence
    assert b"Angebot" not in bytes(repr(list(Event.objects.values())).encode())


def _turn(at, monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: at)
    return Context().run(turning.turn)


@pytest.mark.parametrize("said", [None, b"", b"stream: PERHAPS\0"])
def test_without_an_answer_it_waits_and_is_asked_again(in_acme, clamd, monkeypatch, said):
    answers = [said]
    clamd(lambda octets: answers[0])
    begun = timezone.now()
    row = keep(CLEAN)
    assert (row.state, row.reason) == ("checking", "waiting")
    assert row.sentence
    assert _turn(begun + timedelta(seconds=30), monkeypatch) == 0
    assert _turn(begun + timedelta(minutes=2), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.scans, row.attempts) == ("checking", 2, 0)
    assert _turn(begun + timedelta(minutes=4), monkeypatch) == 0
    answers[0] = b"stream: OK\0"
    assert _turn(begun + timedelta(minutes=8), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.reason, row.sentence) == ("ready", "", "")


TOO_LONG = b"INSTREAM size limit exceeded. ERROR\0"


def test_what_is_too_large_for_the_scanner_is_refused_with_a_sentence(in_acme, clamd):
    clamd(lambda octets: TOO_LONG)
    row = keep(CLEAN)
    assert (row.state, row.reason, row.wrapped) == ("refused", "unscannable", None)
    assert "larger than what can be checked" in row.sentence


def test_or_goes_through_at_once_where_the_setting_says_so_and_is_noted(in_acme, clamd):
    clamd(lambda octets: TOO_LONG, unscanned="deliver")
    assert keep(CLEAN).state == "ready"
    assert Event.objects.filter(what="unscanned").count() == 1


def test_where_the_setting_says_so_it_goes_through_after_an_hour_and_is_noted(in_acme, clamd, monkeypatch):
    clamd(lambda octets: None, unscanned="deliver")
    begun = timezone.now()
    row = keep(CLEAN)
    assert _turn(begun + timedelta(minutes=2), monkeypatch) == 1
    row.refresh_from_db()
    assert row.state == "checking"
    assert _turn(begun + timedelta(minutes=90), monkeypatch) == 1
    row.refresh_from_db()
    assert row.state == "ready"
    assert "unscanned" in Event.objects.values_list("what", flat=True)


def test_a_scanner_that_is_not_there_is_a_silent_one(settings, in_acme):
    vault = msgspec.structs.replace(settings.PORTAL.vault, scanner="clamd:///nowhere/at/all")
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, vault=vault)
    row = keep(CLEAN)
    assert (row.state, row.reason) == ("checking", "waiting")


def test_without_a_hook_nothing_is_said_of_scanning(in_acme):
    row = keep()
    assert row.state == "ready"
    assert list(Event.objects.values_list("what", flat=True)) == ["kept"]


def test_an_upload_that_nobody_goes_on_with_is_given_up(in_acme):
    row = keeping.begin(author="alice@acme.example", recipients=TO, size=5, sha256="0" * 64)
    keeping.take(row, 0, [b"12345"])
    assert Context().run(turning.tidy) == 0
    SecureMessage.objects.update(touched_at=timezone.now() - timedelta(days=8))
    assert Context().run(turning.tidy) == 1
    assert not SecureMessage.objects.exists()


def test_what_was_kept_for_as_long_as_its_package_says_ends(in_acme):
    row = keep()
    SecureMessage.objects.update(until=timezone.now() + timedelta(days=1))
    assert Context().run(turning.tidy) == 0
    SecureMessage.objects.update(until=timezone.now())
    assert Context().run(turning.tidy) == 1
    row.refresh_from_db()
    assert (row.state, row.why_ended, row.wrapped) == ("ended", "retention", None)


def test_a_check_that_fails_is_the_workers(in_acme, monkeypatch):
    row = keeping.begin(
        author="alice@acme.example", recipients=TO, size=len(LETTER), sha256=sha256(LETTER).hexdigest()
    )
    keeping.take(row, 0, [LETTER])
    with monkeypatch.context() as patch, pytest.raises(OSError, match="full"):
        patch.setattr(storing, "keep_index", _full)
        keeping.complete(row)
    row.refresh_from_db()
    assert (row.state, row.lease) == ("checking", None)
    assert Context().run(turning.turn) == 1
    row.refresh_from_db()
    assert row.state == "ready"


def _full(*_):
    raise OSError("the disk is full")


def test_a_check_that_always_fails_is_given_up_with_a_sentence(in_acme, monkeypatch):
    row = keeping.begin(author="alice@acme.example", recipients=TO, size=5, sha256="0" * 64)
    SecureMessage.objects.update(state="checking", due_at=timezone.now(), touched_at=timezone.now())
    monkeypatch.setattr(turning.checking, "read", _broken)
    begun = timezone.now()
    for number in range(turning.MOST_ATTEMPTS):
        assert _turn(begun + timedelta(days=number), monkeypatch) == 1
        assert _turn(begun + timedelta(days=number, seconds=30), monkeypatch) == 0 or number == 7
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "uncheckable")
    assert row.sentence


def _broken(*_):
    raise RecursionError("not foreseen")


def test_a_long_sentence_is_cut_to_what_a_row_keeps(in_acme):
    row = keeping.begin(author="alice@acme.example", recipients=TO, size=5, sha256="0" * 64)
    SecureMessage.objects.update(state="checking")
    turning.checking.refuse(row, "malware", "x" * 900)
    row.refresh_from_db()
    assert row.sentence == "x" * 500


# ── a scanner that takes its time ──


def test_one_that_reads_and_never_ends_is_given_up_after_a_time_in_all(in_acme, settings):
    line = socket.socket()
    line.bind(("127.0.0.1", 0))
    line.listen(1)
    url = f"clamd://127.0.0.1:{line.getsockname()[1]}"
    vault = msgspec.structs.replace(settings.PORTAL.vault, scanner=url)
    settings.PORTAL = msgspec.structs.replace(settings.PORTAL, vault=vault)
    stop = threading.Event()

    def drip():
        peer, _ = line.accept()
        with peer:
            while not stop.wait(0.02):
                peer.sendall(b"s")

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    try:
        assert isinstance(scanning.ask([b"x" * 10], 0.3), scanning.Silent)
    finally:
        stop.set()
        line.close()


def test_whoever_waits_for_an_answer_waits_for_the_scanner_a_short_time(in_acme, clamd, monkeypatch):
    asked = []
    clamd()
    ask = scanning.ask
    monkeypatch.setattr(
        scanning, "ask", lambda octets, within_s: (asked.append(within_s), list(octets), ask([], within_s))[2]
    )
    row = keep(CLEAN)
    assert asked == [checking.REQUEST_S] and checking.REQUEST_S < checking.FILES_S
    SecureMessage.objects.update(state="checking", due_at=timezone.now())
    assert Context().run(turning.check) == 1
    assert asked[1:] == [scanning.WHOLE_S] and row.state == "ready"


def test_after_five_days_without_an_answer_it_is_refused_with_a_sentence(in_acme, clamd, monkeypatch):
    clamd(lambda octets: None)
    begun = timezone.now()
    row = keep(CLEAN)
    assert _turn(begun + timedelta(days=4, hours=23), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.reason) == ("checking", "waiting")
    assert _turn(begun + timedelta(days=5, hours=1), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.reason, row.wrapped) == ("refused", "unscanned", None)
    assert "has not answered for five days" in row.sentence
    assert not Outgoing.objects.exists()  # an agent or program asks for the state itself


def test_what_was_written_on_our_pages_and_does_not_leave_after_all_is_told_to_its_author(
    in_acme, clamd, monkeypatch
):
    answers = [None]
    clamd(lambda octets: answers[0])
    options = keeping.Options(language="de")
    row = keeping.keep(CLEAN, author="alice@acme.example", recipients=TO * 2, options=options, announce=True)
    assert row.reason == "waiting" and not Outgoing.objects.exists()
    answers[0] = b"stream: Eicar-Test-Signature FOUND\0"
    assert _turn(timezone.now() + timedelta(minutes=2), monkeypatch) == 1
    mail = message_from_bytes(bytes(Outgoing.objects.get().mail), policy=policy.default)
    said = mail.get_content()
    assert (mail["To"], mail["Subject"]) == (
        "alice@acme.example",
        "Was Sie an ACME schrieben, ging nicht hinaus",
    )
    assert "Eicar-Test-Signature" in said and "bob@other.example" in said and "price" not in said
    row.refresh_from_db()
    assert row.sentence in said.replace("\n", " ")


def test_a_silent_scanner_does_not_count_as_a_failed_check(in_acme, clamd, monkeypatch):
    clamd(lambda octets: None)
    begun = timezone.now()
    row = keep(CLEAN)
    for hour in range(1, 12):
        assert _turn(begun + timedelta(hours=2 * hour), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.scans, row.attempts) == (12, 0)
    with monkeypatch.context() as patch:
        patch.setattr(turning.checking, "read", _broken)
        assert _turn(begun + timedelta(hours=30), patch) == 1
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("checking", 1)
    turning.checking.refuse(row, "digest")
    row.refresh_from_db()
    assert (row.state, row.attempts) == ("refused", 0)


def test_what_has_ended_goes_while_a_check_waits_for_the_scanner(in_acme, clamd, monkeypatch):
    from stationer.portal.delivery import worker

    clamd(lambda octets: None)
    waiting, over = keep(CLEAN), keep(CLEAN)
    ending.end(over, "author")
    SecureMessage.objects.filter(pk=waiting.pk).update(due_at=timezone.now() - timedelta(days=1))
    asked = []
    monkeypatch.setattr(scanning, "ask", lambda *_: asked.append(1))
    assert turning.clear in worker.others() and turning.check not in worker.others()
    assert turning.check in worker.secure()
    assert Context().run(turning.clear) == 1 and not asked
    assert not list(storing.blobs().names(storing.folder_of(over)))
    assert list(storing.blobs().names(storing.folder_of(waiting)))


def test_a_mail_whose_octets_are_gone_is_not_checked_for_ever(in_acme, clamd, monkeypatch):
    clamd(lambda octets: None)
    row, begun = keep(CLEAN), timezone.now()
    storing.forget(row)
    for day in range(1, turning.MOST_ATTEMPTS + 1):
        assert _turn(begun + timedelta(hours=day * 12), monkeypatch) == 1
    row.refresh_from_db()
    assert (row.state, row.reason) == ("refused", "uncheckable")
