"""The device grant against a portal of our own, secrets, and what enrolment says when something is wrong."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs

import pytest

from stationer.agent import passwords
from stationer.agent.enrolling import EnrolError, Portal
from stationer.agent.notes import NOTES, note, subject_of
from tests.agent.desk import ALICE, OUTBOX, Desk
from tests.demo.fixtures import DemoMail

STARTED = {
    "device_code": "dc", "user_code": "ABCD-EFGH", "verification_uri": "http://portal/device", "interval": 1,
    "expires_in": 30,
}  # fmt: skip
ENROLLED = {
    "device": "dev_1", "token": "T", "pen": "pen_1", "pen_name": "Acme", "member": "mem_1", "address": ALICE,
    "edge": "http://edge", "hold_limit_ms": 30_000,
}  # fmt: skip


@contextmanager
def portal(polls: list[dict[str, str]]) -> Iterator[tuple[str, list[tuple[str, str, bytes]]]]:
    """A portal that answers the polls in turn; what it heard."""
    heard: list[tuple[str, str, bytes]] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append((self.path, self.headers.get("Authorization", ""), body))
            status, answer = 200, STARTED
            if self.path == "/o/token/":
                answer = polls.pop(0)
                status = 200 if "access_token" in answer else 400
            elif self.path == "/api/v1/devices":
                status, answer = 201, ENROLLED
            text = json.dumps(answer).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", heard
    finally:
        server.shutdown()
        server.server_close()


def test_a_device_is_enrolled_when_a_person_has_agreed() -> None:
    slept: list[float] = []
    shown: list[tuple[str, str]] = []
    polls = [{"error": "authorization_pending"}, {"error": "slow_down"}, {"access_token": "A"}]
    with portal(polls) as (url, heard):
        enrolled = Portal(url).enrol(lambda *what: shown.append(what), slept.append)
    assert (enrolled.token, enrolled.edge) == ("T", "http://edge")
    assert shown == [("http://portal/device", "ABCD-EFGH")] and slept == [1, 1, 6]
    assert parse_qs(heard[0][2].decode()) == {"client_id": ["stationer-agent"], "scope": ["device"]}
    assert heard[-1][1] == "Bearer A" and json.loads(heard[-1][2])["kind"] == "agent"


@pytest.mark.parametrize(
    ("polls", "says"),
    [
        ([{"error": "access_denied"}], "refused in the browser"),
        ([{"error": "expired_token"}], "in time"),
        ([{"error": "authorization_pending"}] * 40, "in time"),
    ],
)
def test_what_did_not_succeed_is_said(polls: list[dict[str, str]], says: str) -> None:
    with portal(list(polls)) as (url, _), pytest.raises(EnrolError, match=says):
        Portal(url).enrol(lambda *what: None, lambda seconds: None)


def test_a_portal_that_is_not_there_is_said() -> None:
    with pytest.raises(EnrolError, match="not reachable"):
        Portal("http://127.0.0.1:9").enrol(lambda *what: None)


def test_enrolment_makes_the_folders_and_finds_sent(desk: Desk) -> None:
    [account] = json.loads((desk.folder / "mailboxes.json").read_text())
    assert (account["outbox"], account["sent"]) == (OUTBOX, "Sent")
    with desk.server.mailbox(ALICE) as client:
        assert {OUTBOX, f"{OUTBOX}/Needs attention"} <= {name for _, _, name in client.list_sub_folders()}
    secret = desk.folder / "secrets.json"
    assert secret.stat().st_mode & 0o777 == 0o600
    assert desk.server.password not in (desk.folder / "mailboxes.json").read_text()


def test_a_wrong_password_a_wrong_server_and_a_wrong_flag_are_told_apart(
    demo_mail: DemoMail, tmp_path: Path
) -> None:
    wrong = Desk(
        DemoMail(demo_mail.imap, demo_mail.smtp, tmp_path, "wrong"), tmp_path / "agent", "http://127.0.0.1:9"
    )
    assert "does not accept the password" in wrong.enrol(expect=1).stderr
    away = Desk(DemoMail(9, demo_mail.smtp, tmp_path), tmp_path / "agent", "http://127.0.0.1:9")
    assert "is not reachable" in away.enrol(expect=1).stderr
    assert "not HOST:PORT" in away.enrol("--imap", "nowhere", expect=2).stderr
    assert "in the clear" in away.enrol("--imap", "mail.example.org:143", expect=2).stderr
    assert not (tmp_path / "agent" / "mailboxes.json").exists()


def test_an_edge_that_is_away_is_no_obstacle_and_a_token_it_does_not_know_is(desk: Desk) -> None:
    assert "does not answer now" in desk.enrol("--edge", "http://127.0.0.1:9").stderr
    assert "does not know this device's token" in desk.enrol("--token", "another", expect=1).stderr


def test_a_file_of_secrets_that_others_can_read_is_refused(tmp_path: Path) -> None:
    passwords.store(tmp_path, ALICE, passwords.Secrets("p", "t"), keyring=False)
    assert passwords.load(tmp_path, ALICE) == passwords.Secrets("p", "t")
    (tmp_path / "secrets.json").chmod(0o644)
    with pytest.raises(passwords.SecretsError, match="chmod 600"):
        passwords.load(tmp_path, ALICE)


@pytest.mark.parametrize("about", sorted(NOTES))
def test_every_note_says_what_happened_and_what_to_do(about: str) -> None:
    text = note(
        about, "550 no\x1b[31m\r\nBcc: x", address=ALICE, subject="Hello {detail}", reference="<1@b>",
        message_id="<n@b>", now_ms=0,
    )  # fmt: skip
    header, _, body = text.partition(b"\r\n\r\n")
    assert b"\r\nBcc" not in header and b"\x1b" not in body and len(body) > 80


def test_a_hostile_subject_is_no_obstacle() -> None:
    for subject in (b"=?utf-8?b?AAAA?=", b"\xff\xfe", b"a\r\n b\r\n\tc", b"=?x?q?=00?=", b""):
        assert subject_of(b"Subject: " + subject + b"\r\n\r\n")
