"""On PostgreSQL mails, recipients, candidates and hits are parted by month; nothing on SQLite.

The tables are made anew with the constraints and indexes they had; rows of months that have no partition go to the
rest. No release had anything in them.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations
from django.utils import timezone

from stationer.portal.statistics import months

CONSTRAINTS = """SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid = %s::regclass AND contype IN ('p', 'u', 'c', 'f') ORDER BY contype = 'f'"""
REFERRING = """SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE confrelid = %s::regclass AND contype = 'f'"""
INDEXES = """SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass
    AND NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))"""


def _asked(cursor: Any, question: str, table: str) -> list[Any]:
    cursor.execute(question, [table])
    return list(cursor.fetchall())


def part(apps: Any, schema_editor: Any) -> None:
    if schema_editor.connection.vendor != "postgresql":
        return
    now = timezone.now()
    with schema_editor.connection.cursor() as cursor:
        referring = [one for table in months.TABLES for one in _asked(cursor, REFERRING, table)]
        for table, name, _ in referring:
            cursor.execute(f"ALTER TABLE {table} DROP CONSTRAINT {name}")
        said = {
            table: (_asked(cursor, CONSTRAINTS, table), _asked(cursor, INDEXES, table))
            for table in months.TABLES
        }
        for table in months.TABLES:
            cursor.execute(f"ALTER TABLE {table} RENAME TO {table}_whole")
            cursor.execute(
                f"CREATE TABLE {table} (LIKE {table}_whole INCLUDING DEFAULTS) PARTITION BY RANGE (id)"
            )
            cursor.execute(f"CREATE TABLE {table}_rest PARTITION OF {table} DEFAULT")
        for later in range(-months.AHEAD, months.AHEAD + 1):
            months.make(months.begins(now, later))
        for table, (constraints, indexes) in said.items():
            cursor.execute(f"INSERT INTO {table} SELECT * FROM {table}_whole")
            cursor.execute(f"DROP TABLE {table}_whole")
            for name, definition in constraints:
                cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")
            for (definition,) in indexes:
                cursor.execute(definition)
        for table, name, definition in referring:
            cursor.execute(f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


class Migration(migrations.Migration):
    dependencies = [("statistics", "0009_count_people_of_messages")]

    operations = [migrations.RunPython(part, migrations.RunPython.noop)]
