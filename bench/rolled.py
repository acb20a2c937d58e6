"""One database with so many events, rolled up; then pages are asked for. Prints what it took as JSON."""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bench.processes import cpu_of

MEMBERS, PEOPLE, DOMAINS, CAMPAIGNS = 200, 100_000, 3_000, 5
#: Fewer events are fewer days of the same: 10 million are 30.
A_DAY = 10_000_000 // 30

#: Each takes: hex of an id from (milliseconds, a number); a moment from seconds; the series 0 … n-1.
DIALECTS = {
    "sqlite": {
        "id": "printf('%012x7000%016x', {ms}, -9223372036854775808 + {n})",
        "at": "strftime('%Y-%m-%d %H:%M:%S', ({ms}) / 1000, 'unixepoch')",
        "series": "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n + 1 < {count}) SELECT n FROM c)",
        "yes": "1",
        "no": "0",
    },
    "postgresql": {
        "id": "(lpad(to_hex({ms}), 12, '0') || '7000' || lpad(to_hex((-9223372036854775808 + {n})::bigint), 16, '0'))::uuid",
        "at": "to_timestamp(({ms}) / 1000)",
        "series": "(SELECT n FROM generate_series(0::bigint, {count} - 1) AS n)",
        "yes": "TRUE",
        "no": "FALSE",
    },
}

#: While rows are made, and after: what is measured comes then. (No power cut is awaited; no reference is looked at.)
HURRY = {
    "sqlite": (
        ("PRAGMA synchronous=OFF", "PRAGMA foreign_keys=OFF", "PRAGMA cache_size=-1500000"),
        ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA cache_size=-16000"),
    ),
    "postgresql": (("SET session_replication_role = replica",), ("SET session_replication_role = DEFAULT",)),
}


def _fill(pen: Any, campaigns: list[Any], texts: list[Any], mails: int, days: float) -> None:
    """Raw rows by set-based SQL, in the order of time, without marks."""
    from django.db import connection

    say = DIALECTS[connection.vendor]
    start = int((datetime.now(UTC) - timedelta(days=days)).timestamp()) * 1000
    ms = f"({start} + n * {int(days * 86_400_000)} / {mails})"
    series = say["series"].format(count=mails) + " AS s"

    def key(kind: int) -> str:
        return say["id"].format(ms=ms, n=f"n * 8 + {kind}")

    def cased(values: list[Any], by: str) -> str:
        said = " ".join(f"WHEN {n} THEN {_key(value)}" for n, value in enumerate(values))
        return f"(CASE {by} {said} END)"

    person = f"(n * 7919 % {PEOPLE})"
    address = f"'p' || {person} || '@d' || ({person} % {DOMAINS}) || '.example'"
    campaign, of = cased(campaigns, f"(n % {CAMPAIGNS})"), cased(texts, f"(n % {2 * CAMPAIGNS})")
    held = f"({person} % 10 = 0)"
    pen_key, at = _key(pen.pk), say["at"].format(ms=ms)
    senders = "(SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM people_member) AS m"
    yes, no = say["yes"], say["no"]
    hits = (
        "INSERT INTO statistics_hit (id, pen_id, at, mail_id, campaign, of, number, target, method, address, agent, "
        f"hints, reasons, human, copy, content) SELECT {say['id'].format(ms=f'({ms} + 300000)', n='n * 8 + 4')}, {pen_key}, "
        f"{say['at'].format(ms=f'({ms} + 300000)')}, {key(0)}, {campaign}, {of}, 0, '', 'GET', '', '', '{{}}', '[]', "
        f"n % 10 = 0, 0, '' FROM {series} WHERE n % 2 = 0 AND NOT {held}"
    )
    statements = [
        (
            "INSERT INTO statistics_mail (id, pen_id, pick, copy, at, sender_id, people, unnamed, outcome, reported_at, quiet) "
            f"SELECT {key(0)}, {pen_key}, {key(1)}, 0, {at}, m.id, 1, {no}, 'used', {at}, {no} "
            f"FROM {series} JOIN {senders} ON m.place = n % {MEMBERS} ORDER BY n"
        ),
        (
            f"INSERT INTO statistics_addressee (id, pen_id, mail_id, address) "
            f"SELECT {key(2)}, {pen_key}, {key(0)}, {address} FROM {series}"
        ),
        (
            "INSERT INTO statistics_shown (id, pen_id, mail_id, campaign, of, mark, content, used, held) "
            f"SELECT {key(3)}, {pen_key}, {key(0)}, {campaign}, CASE WHEN {held} THEN NULL ELSE {of} END, '', '', "
            f"CASE WHEN {held} THEN NULL ELSE {yes} END, {held} FROM {series}"
        ),
        hits,
    ]
    with connection.cursor() as cursor:
        hurried, calm = HURRY[connection.vendor]
        for statement in hurried:
            cursor.execute(statement)
        for statement in statements:
            cursor.execute(statement.replace("%", "%%"), [])
        cursor.execute("ANALYZE")
        for statement in calm:
            cursor.execute(statement)


def _key(value: Any) -> str:
    from django.db import connection

    one = value if isinstance(value, uuid.UUID) else value.pk
    return f"'{one.hex}'" if connection.vendor == "sqlite" else f"'{one}'::uuid"


def _furnish() -> tuple[Any, Any, list[Any], list[Any]]:
    from stationer.portal.access.accounts import give_access
    from stationer.portal.content.models import Campaign, Message
    from stationer.portal.people.models import Member, Package
    from stationer.portal.people.pens import create_pen
    from stationer.portal.people.scope import pen_scope

    pen = create_pen("Bench", ("bench.example",), second_factor=False)
    source = {"shape": "note", "values": {"words": "x"}}
    with pen_scope(pen):
        owner = give_access("m0@bench.example", role="owner")
        package = Package.objects.get(name="employees")
        Member.objects.bulk_create(
            Member(address=f"m{n}@bench.example", package=package) for n in range(1, MEMBERS)
        )
        campaigns = [Campaign.objects.create(name=f"Campaign {n}", state="live") for n in range(CAMPAIGNS)]
        texts = [
            Message.objects.create(name=f"Message {n}", campaign=campaigns[n % CAMPAIGNS], source=source)
            for n in range(2 * CAMPAIGNS)
        ]
    return pen, owner, campaigns, texts


def _cpu() -> float:
    """CPU seconds of this process and, where there is one, of the database's server (`BENCH_SERVER`)."""
    server = os.environ.get("BENCH_SERVER")
    return time.process_time() + (cpu_of(int(server)) if server else 0.0)


def _took(work: Callable[[], object], times: int = 5) -> float:
    """Milliseconds of CPU, the median; once before to warm up. Of a server the clock is coarse: several at once."""
    work()
    seen = []
    for _ in range(times):
        began = _cpu()
        for _ in range(4):
            work()
        seen.append(250 * (_cpu() - began))
    return statistics.median(seen)


def main(events: int) -> dict[str, Any]:
    """Make them, roll them up, look."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from stationer.portal.people.scope import pen_scope
    from stationer.portal.site.files import collect
    from stationer.portal.site.start import prepare
    from stationer.portal.statistics import models, rolled
    from stationer.portal.statistics.rolling import marking, turning

    prepare(settings.PORTAL)
    call_command("migrate", verbosity=0)
    collect()
    pen, owner, campaigns, texts = _furnish()
    marking.remove()
    began = time.monotonic()
    _fill(pen, campaigns, texts, events * 4 // 10, events / A_DAY)
    filled = time.monotonic() - began
    marking.install()
    print(f"{events:,} events made in {filled:.0f} s", file=sys.stderr, flush=True)
    with pen_scope(pen):
        began, worked = time.monotonic(), _cpu()
        turning.again(pen)
        spent, worked = time.monotonic() - began, _cpu() - worked
        raw = sum(one.objects.count() for one in (models.Mail, models.Addressee, models.Shown, models.Hit))
        sums = sum(one.objects.count() for one in (rolled.HourFigure, rolled.DayFigure, rolled.DaySketch))
        counted = rolled.HourFigure.objects.filter(campaign=None, of=None)
        assert sum(counted.values_list("mails", flat=True)) == events * 4 // 10
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    settings.ALLOWED_HOSTS = ["testserver"]
    client = Client()
    client.force_login(owner.account)
    page = f"/campaigns/{campaigns[0].outside_id}/figures/?days=30"
    domains = f"/figures/by/domains/?days=30&campaign={campaigns[0].outside_id}"
    began = time.monotonic()
    assert client.get(page).status_code == 200
    first = 1000 * (time.monotonic() - began)
    assert client.get(page).status_code == client.get(domains).status_code == 200
    with CaptureQueriesContext(connection) as asked:
        client.get(page)
    return {
        "rolled_s": worked, "wall_s": spent, "rows": raw, "figures": sums, "queries": len(asked), "first_ms": first,
        "page_ms": _took(lambda: client.get(page)), "domains_ms": _took(lambda: client.get(domains)),
    }  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(main(int(sys.argv[1]))))
