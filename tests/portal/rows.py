"""The rows of a test's database: kept and laid in again, or all taken out.

What many tests stand in is furnished by the portal's own code once, and its rows are copied for each test after the
first. A test that commits leaves rows behind: only the tables that have some are emptied, and nothing is migrated
again (Django's `flush` empties all of them and makes the types, the permissions and our triggers anew each time).
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import connection, transaction

#: Migrations fill these, and no test writes to them.
LEFT_ALONE = {"django_migrations", "django_content_type", "auth_permission"}
#: Triggers put rows here when others come or go: its turn is after them.
LAST = "statistics_duehour"

#: Octets by PostgreSQL's COPY, or SQLite's own values.
Table = bytes | list[tuple[Any, ...]]


def filled() -> list[str]:
    """The tables with at least one row."""
    found = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - LEFT_ALONE
    asked = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")" for name in sorted(found))
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(asked))
        return [name for (name,) in cursor.fetchall()]


def read() -> dict[str, Table]:
    """All rows, as the database has them; those that triggers made are told even where there are none."""
    one = _copied if connection.vendor == "postgresql" else _selected
    return {name: one(name) for name in {*filled(), LAST}}


def lay(tables: dict[str, Table]) -> None:
    """Put rows in as they were read. Whatever they refer to is among them or there already."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in sorted(tables, key=lambda one: one == LAST):
            rows = tables[name]
            if name == LAST:
                cursor.execute(f'DELETE FROM "{LAST}"')
            if isinstance(rows, bytes):
                with cursor.copy(f'COPY "{name}" FROM STDIN (FORMAT BINARY)') as into:
                    into.write(rows)
            elif rows:
                marks = ", ".join(["%s"] * len(rows[0]))
                cursor.executemany(f'INSERT INTO "{name}" VALUES ({marks})', rows)


def _copied(name: str) -> bytes:
    with (
        connection.cursor() as cursor,
        cursor.copy(f'COPY (SELECT * FROM "{name}") TO STDOUT (FORMAT BINARY)') as out,
    ):
        return b"".join(map(bytes, out))


def _selected(name: str) -> list[tuple[Any, ...]]:
    """With a plus before each column, which changes no value, Django's readers of dates and truths leave it alone."""
    with connection.cursor() as cursor:
        columns = [f'+"{one.name}"' for one in connection.introspection.get_table_description(cursor, name)]
        cursor.execute(f'SELECT {", ".join(columns)} FROM "{name}"')
        return [tuple(row) for row in cursor.fetchall()]


def empty(begun_with: dict[str, Table]) -> None:
    """Take out every row, and lay in those that the database began with."""
    with transaction.atomic(), connection.cursor() as cursor:
        for name in sorted({*filled(), LAST}, key=lambda one: one == LAST):
            cursor.execute(f'DELETE FROM "{name}"')
    lay(begun_with)


class Kept:
    """`Kept(make)(portal, begun_with)` is what `make()` made: its rows, its files, and a copy of what it returned.

    Made once for tests in a transaction and once for those that commit, where more is told. Where others' rows are in
    the database before it, it is made anew, since their keys could be the same.
    """

    def __init__(self, make: Callable[[], Any]) -> None:
        self.make = make
        self.of: dict[bool, tuple[dict[str, Table], dict[Path, bytes], Any]] = {}

    def __call__(self, portal: Any, begun_with: dict[str, Table]) -> Any:
        if {*filled()} - {*begun_with}:
            return self.make()
        commits = not connection.in_atomic_block
        if commits not in self.of:
            made = self.make()
            rows = {name: table for name, table in read().items() if name not in begun_with or name == LAST}
            self.of[commits] = rows, files(portal), made
        else:
            rows, kept, made = self.of[commits]
            lay(rows)
            put(kept, portal)
        return copy.deepcopy(made)


def files(portal: Any) -> dict[Path, bytes]:
    """What is in the portal's folders, beside its keys."""
    roots = portal.data, portal.edge_folder
    top = portal.data.parent
    return {
        path.relative_to(top): path.read_bytes()
        for root in roots
        for path in root.rglob("*")
        if path.is_file()
    }


def put(kept: dict[Path, bytes], portal: Any) -> None:
    """Write those files into another test's folders."""
    for name, octets in kept.items():
        path = portal.data.parent / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(octets)
