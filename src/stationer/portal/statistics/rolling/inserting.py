"""Figures are written by the database's own means: COPY on PostgreSQL, one prepared statement on SQLite.

Django's bulk_create makes an object and looks at every field of it, which takes ten times as long as the rest. Rows
of which the audit tells nothing, in the PEN in scope: the wall does not see raw SQL, so it is named here, in each row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.db import connection

from stationer.portal.people.owned import PenOwned, new_id
from stationer.portal.people.scope import ForeignPen, current_pen_id


def insert(model: type[PenOwned], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Rows of these values, each a column's, as the database itself writes ids (text, as it was read).

    Raises ForeignPen for rows that bring a PEN, ValueError for a model that is told of."""
    if {"pen", "pen_id", "id"} & {*columns}:
        raise ForeignPen("a figure is the PEN's in scope")
    if "*" not in model.untold:
        raise ValueError(f"{model.__name__} is told of: make it as any other row")
    fields: list[Any] = [model._meta.get_field(name) for name in ("id", "pen", *columns)]
    table, names = model._meta.db_table, [field.column for field in fields]
    pen = current_pen_id()
    if connection.vendor == "postgresql":
        _copy(table, names, ((new_id(), pen, *row) for row in rows))
    else:
        _one_by_one(table, names, ((new_id().hex, pen.hex, *row) for row in rows))


def _copy(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    with connection.cursor() as cursor, cursor.copy(f"COPY {table} ({', '.join(names)}) FROM STDIN") as into:
        for row in rows:
            into.write_row(row)


def _one_by_one(table: str, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({', '.join(names)}) VALUES ({places})", [*rows])
