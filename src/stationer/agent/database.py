"""The journal's file: opened and checked whole, or set aside (contract/journal.md §1).

SQLite checks the structure of its pages and not their content, so every entry and every spooled mail carries
a sum.
"""

from __future__ import annotations

import contextlib
import hashlib
import sqlite3
from pathlib import Path

import msgspec

from stationer.wire.journal import AnyDeed, Done, Entry

TABLES = """
CREATE TABLE IF NOT EXISTS entry (n INTEGER PRIMARY KEY, mailbox TEXT NOT NULL, key TEXT NOT NULL,
                                  run INTEGER NOT NULL, at INTEGER NOT NULL, deed BLOB NOT NULL, sum BLOB NOT NULL);
CREATE INDEX IF NOT EXISTS entry_by_key ON entry (mailbox, key, n);
CREATE TABLE IF NOT EXISTS spool (mailbox TEXT, key TEXT, run INTEGER, copy INTEGER, mail BLOB NOT NULL,
                                  sum BLOB NOT NULL, PRIMARY KEY (mailbox, key, run, copy));
CREATE TABLE IF NOT EXISTS last_good (mailbox TEXT, sender TEXT, variant TEXT, choice BLOB NOT NULL,
                                      PRIMARY KEY (mailbox, sender, variant));
CREATE TABLE IF NOT EXISTS report (mailbox TEXT, pick TEXT, copy INTEGER, at INTEGER NOT NULL, report BLOB,
                                   PRIMARY KEY (mailbox, pick, copy));
CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""
DEEDS = msgspec.json.Decoder(AnyDeed)
#: What SQLite says of a file that is no sound journal: ERROR (another schema), CORRUPT, FORMAT, NOTADB.
BROKEN = {1, 11, 24, 26}

Open = dict[tuple[str, str], list[Entry]]


class BrokenError(Exception):
    """The file is damaged, or is no journal of ours."""


class JournalError(Exception):
    """The journal cannot be used now (disk full, no right). Nothing may be done without it."""


def sum_of(mailbox: str, key: str, run: int, at: int, data: bytes) -> bytes:
    """The sum of an entry (`at`: its time) or of a spooled mail (`at`: its copy)."""
    head = "\0".join((mailbox, key, str(run), str(at), "")).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(head + data, digest_size=8).digest()


def open_checked(path: Path) -> tuple[sqlite3.Connection, Open]:
    """The database, and the entries of all mails that are not done. Raises BrokenError or JournalError."""
    connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=30)
    try:
        path.chmod(0o600)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.executescript(TABLES)
        if connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise BrokenError("integrity_check found damage")
        return connection, _open_entries(connection)
    except BaseException as error:
        connection.close()
        if isinstance(error, sqlite3.Error) and error.sqlite_errorcode & 0xFF not in BROKEN:
            raise JournalError(f"{path} cannot be opened: {error}.") from error
        if isinstance(
            error, sqlite3.Error | ValueError | TypeError
        ):  # what cannot be decoded is a ValueError
            raise BrokenError(str(error)) from error
        raise


def _open_entries(connection: sqlite3.Connection) -> Open:
    """Every entry is checked; those of mails that are not done are returned."""
    found: Open = {}
    rows = connection.execute("SELECT mailbox, key, run, at, deed, sum FROM entry ORDER BY n")
    for mailbox, key, run, at, deed, total in rows:
        if sum_of(mailbox, key, run, at, deed) != total:
            raise BrokenError("an entry is not what was written")
        found.setdefault((mailbox, key), []).append(Entry(key, run, at, DEEDS.decode(deed)))
    return {name: line for name, line in found.items() if not isinstance(line[-1].deed, Done)}


def set_aside(path: Path) -> Path:
    """Move a broken journal out of the way, with what belongs to it; its new name."""
    n = 1
    while (target := path.with_name(f"{path.name}.broken-{n}")).exists():
        n += 1
    for suffix in ("-wal", "-shm", ""):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{suffix}").rename(f"{target}{suffix}")
    return target
