"""`status.json` in the agent's folder: what the running agent says of itself, for `stationer agent
status`.
"""

from __future__ import annotations

import contextlib
from pathlib import Path

import msgspec


class WaitingMail(msgspec.Struct, frozen=True):
    """A mail that has not left yet or is not done: its subject (which stays on this machine), and why."""

    key: str
    subject: str
    why: str


class MailboxStatus(msgspec.Struct, frozen=True):
    """One mailbox: watching, not reachable or starting; the last error; trouble with the edge; what waits;
    what keeps its inbox from being restored.
    """

    address: str
    state: str
    error: str = ""
    edge: str = ""
    waiting: list[WaitingMail] = []
    inbox: str = ""


class Status(msgspec.Struct, frozen=True):
    """The whole agent. `at`: Unix ms of the last change."""

    running: bool
    pid: int
    at: int
    journal_set_aside: str = ""
    mailboxes: list[MailboxStatus] = []


def write(folder: Path, status: Status) -> None:
    """Whole or not at all; it need not survive a power cut."""
    work = folder / ".status.json.tmp"
    with contextlib.suppress(OSError):  # a full disk may not stop a mail
        work.touch(mode=0o600)
        work.write_bytes(msgspec.json.encode(status))
        work.replace(folder / "status.json")


def read(folder: Path) -> Status | None:
    """The last status, or None when no agent has ever run here."""
    try:
        return msgspec.json.decode((folder / "status.json").read_bytes(), type=Status)
    except (OSError, msgspec.DecodeError):
        return None


def in_words(status: Status) -> str:
    """For a terminal."""
    lines = ["The agent is running." if status.running else "The agent is not running."]
    if status.journal_set_aside:
        lines.append(
            f"Its journal was damaged and set aside as {status.journal_set_aside}; a new one was begun."
        )
    for mailbox in status.mailboxes:
        lines.append(f"\n{mailbox.address}: {mailbox.state}")
        lines += [f"  {text}" for text in (mailbox.error, mailbox.edge, mailbox.inbox) if text]
        lines += [f"  {mail.subject!r}: {mail.why}" for mail in mailbox.waiting]
        if not mailbox.waiting:
            lines.append("  Nothing waits.")
    return "\n".join(lines)
