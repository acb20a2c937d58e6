"""The mailboxes of this agent: `mailboxes.json` in its folder, without secrets.

Written durably (contract/journal.md has the rest of the folder).
"""

from __future__ import annotations

from pathlib import Path

import msgspec

from stationer import notice
from stationer.durable.files import make_folder, write_durably
from stationer.wire.account import Server

#: What asks for a seal in a subject where the PEN has not told its own.
DEFAULT_TAG = "[secure]"


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One enrolled mailbox: where it is, what its folders are called, and whom to ask.

    `portal` and `pen_id` are what sealing and restoring need; without them nothing is sealed here, and what asks for it
    does not leave. `pen` is its public half as it was at enrolment (`pen_issued_at`, Unix ms), if the portal told it
    then; what it is now the agent asks for (known.Known).
    """

    address: str
    imap: Server
    smtp: Server
    user: str
    outbox: str
    aside: str
    sent: str
    edge: str
    hold_limit_ms: int = 60_000
    pen_name: str = ""
    device: str = ""
    portal: str = ""
    pen: notice.Pen | None = None
    pen_id: str = ""
    pen_issued_at: int = 0


class AccountsError(Exception):
    """The file of mailboxes cannot be used. The message says what to do."""


def file_of(folder: Path) -> Path:
    """Where the mailboxes stand."""
    return folder / "mailboxes.json"


def load(folder: Path) -> list[Account]:
    """All enrolled mailboxes; none when nothing was enrolled yet. Raises AccountsError."""
    path = file_of(folder)
    try:
        return msgspec.json.decode(path.read_bytes(), type=list[Account])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise AccountsError(
            f"{path} cannot be read: {error}. Mend it, or move it away and enrol again."
        ) from error


def store(folder: Path, account: Account) -> None:
    """Add a mailbox, or put it in the place of the one with its address."""
    make_folder(folder, 0o700)
    others = [one for one in load(folder) if one.address != account.address]
    text = msgspec.json.format(msgspec.json.encode([*others, account]))
    write_durably(file_of(folder), text, 0o600)
