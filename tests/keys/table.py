"""A table of wrapped keys in SQLite, as a database of the portal would have one: written durably, replaced row by row."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

from stationer.keys import Row
from stationer.seal import Owner


class Table:
    """Rows of PENs' keys."""

    def __init__(self, path: Path) -> None:
        self.base = sqlite3.connect(path, timeout=60, isolation_level=None)
        self.base.execute("pragma journal_mode=wal")
        self.base.execute("pragma synchronous=full")
        self.base.execute("create table if not exists pens (name text primary key, wrapped blob not null)")

    def add(self, rows: Sequence[tuple[str, bytes]]) -> None:
        self.base.execute("begin immediate")
        self.base.executemany("insert into pens values (?, ?)", rows)
        self.base.execute("commit")

    def drop(self, name: str) -> None:
        self.base.execute("delete from pens where name = ?", (name,))

    def get(self, name: str) -> bytes | None:
        found = self.base.execute("select wrapped from pens where name = ?", (name,)).fetchone()
        return found[0] if found else None

    def after(self, name: str, many: int) -> list[Row]:
        asked = "select name, wrapped from pens where name > ? order by name limit ?"
        return [Row(one, owner(one), data) for one, data in self.base.execute(asked, (name, many))]

    def replace(self, changes: Sequence[tuple[Row, bytes]]) -> int:
        self.base.execute("begin immediate")
        done = 0
        for row, new in changes:
            asked = "update pens set wrapped = ? where name = ? and wrapped = ?"
            done += self.base.execute(asked, (new, row.name, row.wrapped)).rowcount
        self.base.execute("commit")
        return done


def owner(name: str) -> Owner:
    """Whose key it is."""
    return Owner("pen", "pen_" + name, name)
