"""The demo's mail server as a fixture: a process of its own, on free ports, its mails in a temporary folder.

For other rooms: `from tests.demo.fixtures import demo_mail` in a conftest, or `running(folder)` anywhere.
"""

from __future__ import annotations

import json
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from imapclient import IMAPClient

PASSWORD = "paper and ink"
ADDRESSES = ("alice@harbour.example", "bob@harbour.example", "carol@elsewhere.example")


@dataclass(frozen=True)
class DemoMail:
    """A running server; every address has the same password."""

    imap: int
    smtp: int
    folder: Path
    password: str = PASSWORD
    addresses: Sequence[str] = ADDRESSES

    def mailbox(self, address: str) -> IMAPClient:
        """A signed-in IMAP connection."""
        client = IMAPClient("127.0.0.1", self.imap, ssl=False, timeout=30)
        client._imap.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        client.login(address, self.password)
        return client

    def submission(self, address: str) -> smtplib.SMTP:
        """A signed-in SMTP connection."""
        client = smtplib.SMTP("127.0.0.1", self.smtp, timeout=30)
        client.login(address, self.password)
        return client


@contextmanager
def running(folder: Path, addresses: Sequence[str] = ADDRESSES) -> Iterator[DemoMail]:
    """The server over `folder`, ended on leaving."""
    command = [sys.executable, "-m", "stationer", "demo", "mail", "--folder", str(folder)]
    people = [{"address": address, "password": PASSWORD} for address in addresses]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as server:
        assert server.stdin is not None and server.stdout is not None
        server.stdin.write(json.dumps(people).encode())
        server.stdin.close()
        try:
            ports = json.loads(server.stdout.readline())
            yield DemoMail(ports["imap"], ports["smtp"], folder, addresses=addresses)
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture
def demo_mail(tmp_path: Path) -> Iterator[DemoMail]:
    """A fresh demo mail server."""
    with running(tmp_path / "mail") as mail:
        yield mail
