"""The journal on disk (contract/journal.md §1): SQLite, FULL, one commit a record, checked when it is opened.

One connection, used by all threads in turn. Entries of mails that are not done are kept in memory as well.
"""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import msgspec

from stationer.agent.database import DEEDS, BrokenError, JournalError, open_checked, set_aside, sum_of
from stationer.durable.files import make_folder
from stationer.wire.journal import Done, Entry
from stationer.wire.memory import Report

KEPT_MS = 30 * 86_400_000
REPORT = msgspec.json.Decoder(Report)
__all__ = ["Journal", "JournalError"]


class Journal:
    """`before` and `after` are called with the number of each record (for trials that kill the process
    there).
    """

    def __init__(self, folder: Path, *, now: int, watch: Callable[[str, int], None] | None = None) -> None:
        make_folder(folder, 0o700)
        self.path, self._watch, self._records = folder / "agent.db", watch or (lambda side, n: None), 0
        self._lock = threading.Lock()
        #: Where a broken journal was set aside just now, or None.
        self.set_aside: Path | None = None
        try:
            self._connection, self._open = open_checked(self.path)
        except BrokenError:
            self.set_aside = set_aside(self.path)
            self._connection, self._open = open_checked(self.path)
            self.remember("careful", str(now))
        self._prune(now)

    def _prune(self, now: int) -> None:
        """Forget mails that were done long ago."""
        old = now - KEPT_MS
        with self._transaction() as connection:
            rows = connection.execute(
                "SELECT mailbox, key FROM entry GROUP BY mailbox, key HAVING max(at) < ?", (old,)
            )
            for mailbox, key in [row for row in rows.fetchall() if (row[0], row[1]) not in self._open]:
                connection.execute("DELETE FROM entry WHERE mailbox = ? AND key = ?", (mailbox, key))

    @contextlib.contextmanager
    def _transaction(self):  # type: ignore[no-untyped-def]
        with self._lock:
            try:
                self._connection.execute("BEGIN IMMEDIATE")
                yield self._connection
                self._connection.execute("COMMIT")
            except sqlite3.Error as error:
                with contextlib.suppress(sqlite3.Error):
                    self._connection.execute("ROLLBACK")
                raise JournalError(f"{self.path} cannot be written: {error}.") from error

    def write(
        self,
        mailbox: str,
        entries: Sequence[Entry],
        spool: Sequence[bytes] = (),
        *,
        first_copy: int = 0,
        drop: bool = False,
        reports: Sequence[Report] = (),
    ) -> None:
        """One record: durable when this returns, or not there; `spool` are the copies from `first_copy` on.

        Raises JournalError.
        """
        self._records += 1
        number, first = self._records, entries[0]
        self._watch("before", number)
        lines = [(mailbox, one.key, one.run, one.at, msgspec.json.encode(one.deed)) for one in entries]
        mails = [(mailbox, first.key, first.run, n, mail) for n, mail in enumerate(spool, first_copy)]
        with self._transaction() as connection:
            connection.executemany(
                "INSERT INTO entry (mailbox, key, run, at, deed, sum) VALUES (?, ?, ?, ?, ?, ?)",
                [(*line, sum_of(*line)) for line in lines],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO spool VALUES (?, ?, ?, ?, ?, ?)",
                [(*mail, sum_of(*mail)) for mail in mails],
            )
            connection.executemany(
                "INSERT OR IGNORE INTO report VALUES (?, ?, ?, ?, ?)",
                [(mailbox, one.pick, one.copy, entries[0].at, msgspec.json.encode(one)) for one in reports],
            )
            if drop:
                connection.execute("DELETE FROM spool WHERE mailbox = ? AND key = ?", (mailbox, first.key))
        self._note(mailbox, entries)
        self._watch("after", number)

    def _note(self, mailbox: str, entries: Sequence[Entry]) -> None:
        name = (mailbox, entries[0].key)
        if name in self._open:
            self._open[name].extend(entries)
        else:
            self._open[name] = self.of(*name)
        if isinstance(entries[-1].deed, Done):
            del self._open[name]

    def of(self, mailbox: str, key: str) -> list[Entry]:
        """All entries of one mail, oldest first."""
        if (line := self._open.get((mailbox, key))) is not None:
            return list(line)
        with self._lock:
            rows = self._connection.execute(
                "SELECT key, run, at, deed FROM entry WHERE mailbox = ? AND key = ? ORDER BY n",
                (mailbox, key),
            ).fetchall()
        return [Entry(key, run, at, DEEDS.decode(deed)) for key, run, at, deed in rows]

    def past(self, mailbox: str, also: Collection[str] = ()) -> list[Entry]:
        """The entries of all mails of a mailbox that are not done, and of the keys in `also`."""
        keys = dict.fromkeys([*(key for of, key in list(self._open) if of == mailbox), *also])
        return [entry for key in keys for entry in self.of(mailbox, key)]

    def spooled(self, mailbox: str, key: str, run: int, copy: int) -> bytes | None:
        """The outgoing bytes of a copy, or None when they are not there as they were written."""
        with self._lock:
            row = self._connection.execute(
                "SELECT mail, sum FROM spool WHERE mailbox = ? AND key = ? AND run = ? AND copy = ?",
                (mailbox, key, run, copy),
            ).fetchone()
        if row is None or sum_of(mailbox, key, run, copy, row[0]) != row[1]:
            return None
        return bytes(row[0])

    def remember(self, name: str, value: str) -> None:
        """A fact that is needed after a restart. Writes only what is new."""
        if self.recall(name) != value:
            with self._transaction() as connection:
                connection.execute("INSERT OR REPLACE INTO fact VALUES (?, ?)", (name, value))

    def forget(self, name: str) -> None:
        """This fact is needed no more."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM fact WHERE name = ?", (name,))

    def recall(self, name: str) -> str | None:
        """What was remembered."""
        with self._lock:
            row = self._connection.execute("SELECT value FROM fact WHERE name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def recalled(self, prefix: str) -> list[str]:
        """Names of all facts that begin so, sorted."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT name FROM fact WHERE substr(name, 1, ?) = ? ORDER BY name", (len(prefix), prefix)
            ).fetchall()
        return [str(row[0]) for row in rows]

    def keep_last_good(self, mailbox: str, sender: str, variant: str, choice: bytes) -> None:
        """The last good stationery (contract/journal.md §6). Writes only what is new."""
        if self.last_good(mailbox, sender, variant) != choice:
            with self._transaction() as connection:
                connection.execute(
                    "INSERT OR REPLACE INTO last_good VALUES (?, ?, ?, ?)", (mailbox, sender, variant, choice)
                )

    def last_good(self, mailbox: str, sender: str, variant: str) -> bytes | None:
        """What was kept for this sender and variant."""
        with self._lock:
            row = self._connection.execute(
                "SELECT choice FROM last_good WHERE mailbox = ? AND sender = ? AND variant = ?",
                (mailbox, sender, variant),
            ).fetchone()
        return bytes(row[0]) if row else None

    def untold(self, mailbox: str, most: int) -> list[Report]:
        """The oldest reports that the edge has not taken yet."""
        with self._lock:
            rows = self._connection.execute(
                "SELECT report FROM report WHERE mailbox = ? AND report IS NOT NULL ORDER BY at LIMIT ?",
                (mailbox, most),
            ).fetchall()
        return [REPORT.decode(row[0]) for row in rows]

    def told(self, mailbox: str, reports: Sequence[Report]) -> None:
        """The edge has taken these. Raises JournalError."""
        with self._transaction() as connection:
            connection.executemany(
                "UPDATE report SET report = NULL WHERE mailbox = ? AND pick = ? AND copy = ?",
                [(mailbox, one.pick, one.copy) for one in reports],
            )

    def give_up_reports(self, before: int) -> None:
        """Forget reports, told or not, of before that moment (Unix ms). Raises JournalError."""
        with self._transaction() as connection:
            connection.execute("DELETE FROM report WHERE at < ?", (before,))

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._connection.close()
