"""Where the demo's mails lie: one SQLite file, `mail.sqlite3`, written before a command is answered.

| table      | a row is                                                                        |
|------------|---------------------------------------------------------------------------------|
| `folder`   | a folder of one owner: its object id, UIDVALIDITY, next UID, whether subscribed |
| `mail`     | a mail: folder, UID, when it came (ms), its flags, its bytes as they came       |
| `validity` | the one row: the largest UIDVALIDITY that was ever given                        |

Kept over restarts, not over a power cut (`synchronous=NORMAL`): it is a demo.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

_TABLES = """
CREATE TABLE IF NOT EXISTS folder (
  id INTEGER PRIMARY KEY, owner TEXT NOT NULL, name TEXT NOT NULL, object TEXT NOT NULL,
  validity INTEGER NOT NULL, next_uid INTEGER NOT NULL DEFAULT 1, subscribed INTEGER NOT NULL DEFAULT 0,
  UNIQUE (owner, name)
);
CREATE TABLE IF NOT EXISTS mail (
  folder INTEGER NOT NULL REFERENCES folder ON DELETE CASCADE, uid INTEGER NOT NULL,
  came INTEGER NOT NULL, flags TEXT NOT NULL, bytes BLOB NOT NULL,
  PRIMARY KEY (folder, uid)
);
CREATE TABLE IF NOT EXISTS validity (id INTEGER PRIMARY KEY CHECK (id = 1), largest INTEGER NOT NULL);
INSERT OR IGNORE INTO validity VALUES (1, 0);
"""


class FolderRow(NamedTuple):
    """A folder as it lies on the shelf."""

    id: int
    name: str
    object: str
    validity: int
    next_uid: int
    subscribed: int


class MailRow(NamedTuple):
    """A mail without its bytes. `came` is in Unix milliseconds, `flags` are separated by spaces."""

    uid: int
    came: int
    flags: str


class Shelf:
    """The file and its few sentences. Used from one thread."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        for sentence in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
            self._db.execute(f"PRAGMA {sentence}")
        self._db.executescript(_TABLES)

    def close(self) -> None:
        """Fold the journal back and let go of the file."""
        self._db.close()

    def folders(self, owner: str) -> list[FolderRow]:
        """An owner's folders, in the order they were made."""
        rows = self._db.execute(
            "SELECT id, name, object, validity, next_uid, subscribed FROM folder WHERE owner=? ORDER BY id",
            [owner],
        )
        return [FolderRow(*row) for row in rows]

    def add_folder(self, owner: str, name: str, object: str, now: int, subscribed: bool) -> FolderRow:
        """A new, empty folder. Raises sqlite3.IntegrityError when there is one by that name.

        Its UIDVALIDITY is `now` (Unix seconds) or larger: a folder made again under an old name, or on a new
        shelf, is another folder (RFC 9051 §2.3.1.1).
        """
        validity = self._db.execute(
            "UPDATE validity SET largest=max(largest + 1, ?) RETURNING largest", [now]
        ).fetchone()[0]
        made = self._db.execute(
            "INSERT INTO folder (owner, name, object, validity, subscribed)"
            " VALUES (?, ?, ?, ?, ?) RETURNING id",
            [owner, name, object, validity, subscribed],
        ).fetchone()
        return FolderRow(made[0], name, object, validity, 1, subscribed)

    def remove_folder(self, folder: int) -> None:
        """The folder and everything in it."""
        self._db.execute("DELETE FROM folder WHERE id=?", [folder])

    def rename_folder(self, folder: int, name: str) -> None:
        """Mails, UIDs and UIDVALIDITY go with it."""
        self._db.execute("UPDATE folder SET name=? WHERE id=?", [name, folder])

    def subscribe(self, folder: int, subscribed: bool) -> None:
        """LSUB's mark."""
        self._db.execute("UPDATE folder SET subscribed=? WHERE id=?", [subscribed, folder])

    def mails(self, folder: int) -> list[MailRow]:
        """Every mail of a folder by UID, without the bytes."""
        rows = self._db.execute("SELECT uid, came, flags FROM mail WHERE folder=? ORDER BY uid", [folder])
        return [MailRow(*row) for row in rows]

    def read(self, folder: int, uid: int) -> bytes | None:
        """The mail's bytes, or None when it is gone."""
        row = self._db.execute("SELECT bytes FROM mail WHERE folder=? AND uid=?", [folder, uid]).fetchone()
        return None if row is None else bytes(row[0])

    def put(self, folder: int, came: int, flags: str, mail: bytes) -> int:
        """A new mail; returns its UID, larger than any before (RFC 9051 §2.3.1.1)."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            uid = self._take_uid(folder)
            self._db.execute("INSERT INTO mail VALUES (?, ?, ?, ?, ?)", [folder, uid, came, flags, mail])
        return uid

    def copy(self, folder: int, uid: int, destination: int, keep: bool = True) -> int | None:
        """A copy in `destination` (`keep=False`: a move): its UID there, or None when the mail is gone."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            new = self._take_uid(destination)
            copied = self._db.execute(
                "INSERT INTO mail SELECT ?, ?, came, flags, bytes FROM mail WHERE folder=? AND uid=?",
                [destination, new, folder, uid],
            ).rowcount
            if not keep:
                self._db.execute("DELETE FROM mail WHERE folder=? AND uid=?", [folder, uid])
        return new if copied else None

    def flag(self, folder: int, uid: int, flags: str) -> None:
        """The mail's flags from now on."""
        self._db.execute("UPDATE mail SET flags=? WHERE folder=? AND uid=?", [flags, folder, uid])

    def remove(self, folder: int, uids: Iterable[int]) -> None:
        """Expunged for good."""
        with self._db:
            self._db.execute("BEGIN IMMEDIATE")
            self._db.executemany("DELETE FROM mail WHERE folder=? AND uid=?", [(folder, uid) for uid in uids])

    def _take_uid(self, folder: int) -> int:
        row = self._db.execute(
            "UPDATE folder SET next_uid=next_uid+1 WHERE id=? RETURNING next_uid-1", [folder]
        ).fetchone()
        return int(row[0])
