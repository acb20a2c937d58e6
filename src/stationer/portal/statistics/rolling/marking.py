"""The database itself marks the hour of every raw row that is made, changed or taken out, whoever does it, and how.

Triggers, put in place after every migration (and out of its way before it, since SQLite makes tables anew) and by
the worker when it begins. A mark is its own row and nobody waits for another's: it is seen when its rows are.
Where nothing but an address was masked nothing is marked: who was counted by it stays counted.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

#: table → the hours a row belongs to: its own moment, its mail's.
_MAIL = "(SELECT at FROM statistics_mail WHERE id = {row}.mail_id)"
TABLES = {
    "statistics_mail": ("{row}.at",),
    "statistics_addressee": (_MAIL,),
    "statistics_shown": (_MAIL,),
    "statistics_hit": ("{row}.at", _MAIL),
}
#: Of these an UPDATE that changes the address is masking, and nothing else (`statistics.privacy.masking`).
MASKED = ("statistics_addressee", "statistics_hit")
EVENTS = {"INSERT": ("NEW",), "UPDATE": ("OLD", "NEW"), "DELETE": ("OLD",)}


def install(**_: Any) -> None:
    """Put the triggers in place, where their tables are."""
    if not {*TABLES, "statistics_duehour"} <= {*connection.introspection.table_names()}:
        return
    statements = _sqlite() if connection.vendor == "sqlite" else _postgresql()
    with transaction.atomic(), connection.cursor() as cursor:  # no row slips between the old ones and the new
        remove()
        for statement in statements:
            cursor.execute(statement)


def remove(**_: Any) -> None:
    """Take them out of the way of a migration."""
    there = {*connection.introspection.table_names()}
    with connection.cursor() as cursor:
        for table in TABLES.keys() & there:
            for event in EVENTS:
                for row in ("", "_old"):
                    name = f"{table}_{event.lower()}{row}_due"
                    on = f" ON {table}" if connection.vendor == "postgresql" else ""
                    cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{event.lower()}_due AFTER {event} ON {table} "
        + ("WHEN NEW.address = OLD.address " if table in MASKED and event == "UPDATE" else "")
        + "BEGIN "
        + " ".join(_mark(row, moment.format(row=row)) for row in rows for moment in moments)
        + " END"
        for table, moments in TABLES.items()
        for event, rows in EVENTS.items()
    ]


def _mark(row: str, moment: str) -> str:
    """A moment is text here, `2026-11-22 09:30:00`: its hour is the first 13 characters."""
    return (
        "INSERT INTO statistics_duehour (id, pen_id, hour) "
        f"SELECT lower(hex(randomblob(16))), {row}.pen_id, found.hour "
        f"FROM (SELECT substr({moment}, 1, 13) || ':00:00' AS hour) AS found WHERE found.hour IS NOT NULL "
        "AND NOT EXISTS (SELECT 1 FROM statistics_duehour AS due "
        f"WHERE due.pen_id = {row}.pen_id AND due.hour = found.hour);"
    )


def _postgresql() -> list[str]:
    """Once a statement, over all its rows together."""
    made = []
    for table, moments in TABLES.items():
        made.append(_function(f"{table}_due", moments, "told"))
        if table in MASKED:
            same = "told JOIN was ON was.id = told.id AND was.address = told.address"
            made.append(_function(f"{table}_update_due", moments, same))
        for event, which in EVENTS.items():
            masked = table in MASKED and event == "UPDATE"
            for row in which:
                name = f"{table}_{event.lower()}{'_old' if (event, row) == ('UPDATE', 'OLD') else ''}_due"
                other = f" {'NEW' if row == 'OLD' else 'OLD'} TABLE AS was" if masked else ""
                made.append(
                    f"CREATE TRIGGER {name} AFTER {event} ON {table} REFERENCING {row} TABLE AS told{other} "
                    f"FOR EACH STATEMENT EXECUTE FUNCTION {table}{'_update' if masked else ''}_due()"
                )
    return made


def _function(name: str, moments: tuple[str, ...], source: str) -> str:
    rows = " UNION ".join(
        f"SELECT told.pen_id, date_trunc('hour', {moment.format(row='told')}, 'UTC') FROM {source}"
        for moment in moments
    )
    return (
        f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO statistics_duehour (id, pen_id, hour) SELECT gen_random_uuid(), found.pen_id, found.hour "
        f"FROM ({rows}) AS found (pen_id, hour) WHERE found.hour IS NOT NULL; RETURN NULL; END $$"
    )
