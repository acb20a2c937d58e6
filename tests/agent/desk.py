"""Alice with an agent, Bob and Carol without, on the demo's mail server: what most tests of this room
stand on.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from imapclient import IMAPClient

from tests.agent.edges import TOKEN
from tests.demo.fixtures import DemoMail

ALICE, BOB, CAROL = "alice@harbour.example", "bob@harbour.example", "carol@elsewhere.example"
OUTBOX, ASIDE = "Stationer Outbox", "Stationer Outbox/Needs attention"
MAIL = (
    b"From: Alice <alice@harbour.example>\r\nTo: Bob <bob@harbour.example>\r\nSubject: Hello\r\n"
    b"Date: Sat, 21 Nov 2026 10:00:00 +0000\r\nMessage-ID: <%s@harbour.example>\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: text/plain; charset=utf-8\r\n\r\nDear Bob,\r\n\r\nfine.\r\n"
)


def mail(name: str = "m1", *, cc: str = "", bcc: str = "", body: bytes = b"") -> bytes:
    """A mail of Alice's."""
    text = MAIL % name.encode()
    for field, value in (("Cc", cc), ("Bcc", bcc)):
        if value:
            text = text.replace(b"Subject:", f"{field}: {value}\r\nSubject:".encode(), 1)
    return text.replace(b"fine.\r\n", body) if body else text


@dataclass
class Desk:
    """Alice's computer: the agent's folder, and the mailboxes for looking into."""

    server: DemoMail
    folder: Path
    edge: str

    def command(self, *words: str) -> list[str]:
        """`stationer agent …` in this folder."""
        return [
            sys.executable,
            "-m",
            "stationer",
            "agent",
            words[0],
            "--folder",
            str(self.folder),
            *words[1:],
        ]

    def enrol(self, *more: str, expect: int = 0) -> subprocess.CompletedProcess[str]:
        """Enrol Alice with a ready-made token."""
        self.folder.mkdir(exist_ok=True)
        secret = self.folder / "password"
        secret.write_text(self.server.password)
        words = [
            "--address", ALICE, "--password-file", str(secret),
            "--token", TOKEN, "--edge", self.edge, "--no-keyring",
            "--imap", f"127.0.0.1:{self.server.imap}", "--imap-security", "plain",
            "--smtp", f"127.0.0.1:{self.server.smtp}", "--smtp-security", "plain",
        ]  # fmt: skip
        done = subprocess.run(
            self.command("enrol", *words, *more), capture_output=True, text=True, timeout=60
        )
        assert done.returncode == expect, done.stdout + done.stderr
        return done

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        """The agent as a process."""
        log = (self.folder / "agent.log").open("ab")
        return subprocess.Popen(self.command("run", *more), stderr=log, start_new_session=True)

    @contextmanager
    def running(self, *more: str) -> Iterator[subprocess.Popen[bytes]]:
        """The agent while this lasts."""
        process = self.start(*more)
        try:
            yield process
        finally:
            if process.poll() is None:
                os.kill(process.pid, signal.SIGTERM)
            process.wait(30)

    def put(self, *mails: bytes, folder: str = OUTBOX, flags: Sequence[bytes] = (b"\\Seen",)) -> None:
        """Into Alice's Outbox, as a mail program does."""
        with self.server.mailbox(ALICE) as client:
            for one in mails:
                client.append(folder, one, flags)

    def mails(self, address: str, folder: str = "INBOX") -> list[bytes]:
        """All mails of a folder, oldest first."""
        with self.server.mailbox(address) as client:
            return contents(client, folder)

    def log(self) -> str:
        """What the agent said."""
        return (self.folder / "agent.log").read_text()


def contents(client: IMAPClient, folder: str) -> list[bytes]:
    """Every mail of a folder that is not flagged as deleted."""
    if not client.folder_exists(folder):
        return []
    client.select_folder(folder, readonly=True)
    rows = client.fetch(client.search("UNDELETED"), ["BODY.PEEK[]"])
    return [rows[uid][b"BODY[]"] for uid in sorted(rows)]


def until(condition: Callable[[], object], seconds: float = 30.0, every: float = 0.1) -> None:
    """Return as soon as `condition` holds; a generous deadline, not a measurement."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(every)
