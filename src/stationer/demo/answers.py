"""Does it answer? Waiting for the demo's programs, and asking each in its own protocol."""

from __future__ import annotations

import socket
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

import msgspec

from stationer.demo.people import PEOPLE, Person


def wait(what: str, answers: Callable[[], bool], alive: Callable[[], None], patience: float = 90.0) -> None:
    """Until `answers()`; `alive` is asked in between and may raise.

    Raises TimeoutError after `patience` seconds.
    """
    end = time.monotonic() + patience
    while not answers():
        alive()
        if time.monotonic() > end:
            raise TimeoutError(f"{what} did not answer within {patience:.0f} seconds.")
        time.sleep(0.05)


def ready(port: int) -> bool:
    """Whether `/readyz` says 200 (contract/http.md §3)."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def picks(port: int, token: str, person: Person) -> bool:
    """Whether the edge has something for this sender's mail: token, snapshot and person are there."""
    question = {
        "from": person.address,
        "to": [other.address for other in PEOPLE if other != person],
        "cc": [],
    }
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/v1/pick",
        data=msgspec.json.encode(question),
        headers={"Authorization": f"Bearer {token}", "Content-Type": "application/json"},
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            copies = msgspec.json.decode(answer.read())["copies"]
    except OSError:
        return False
    return any(copy["new"] for copy in copies)


def watches(status: Path, pid: int) -> bool:
    """Whether the agent with this process id says, in its `status.json`, that it watches every mailbox it has."""
    try:
        said = msgspec.json.decode(status.read_bytes())
    except (OSError, msgspec.DecodeError):
        return False
    return said["pid"] == pid and all(mailbox["state"] == "watching" for mailbox in said["mailboxes"])


def greets(port: int) -> bool:
    """Whether an IMAP server says hello."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
            return connection.recv(4).startswith(b"* OK")
    except OSError:
        return False
