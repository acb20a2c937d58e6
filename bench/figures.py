"""Figures: raw rows rolled up on SQLite and on PostgreSQL, and the campaign's page with all of them behind it.

An event is what an edge tells: a mail that was addressed, its report, a click. Of ten events four are mails (each with
its recipient and its candidate: three rows), four reports, two clicks. They are made by set-based SQL a third of a
million a day, of 200 members, to 100,000 people in 3,000 domains, with five campaigns. The full count of 10 million is
asked for by `BENCH_EVENTS=10000000` and takes ten minutes or more a database, most of it to make them. Time is CPU time,
the database server's with it, and by the wall beside it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.row import Row, missing, row

ROOT = Path(__file__).parents[1]
EVENTS = int(os.environ.get("BENCH_EVENTS", "400000"))


def rows() -> Iterator[Row]:
    """Four rows a database: rate, page, its queries, the listing of domains."""
    folder = Path(tempfile.mkdtemp(prefix="stationer-bench-figures-"))
    try:
        yield from _told("SQLite", _measured(folder / "sqlite", ""))
        yield from _on_postgresql(folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _on_postgresql(folder: Path) -> Iterator[Row]:
    from trials.servers.postgres import Postgres, programs

    if programs() is None or os.geteuid() != 0:
        yield missing("figures: rolled up on PostgreSQL", "no PostgreSQL, or no right to start one", "≥ 50")
        return
    place = Path(tempfile.mkdtemp(prefix="stationer-bench-pg-"))
    place.chmod(0o755)
    server = Postgres(place)
    try:
        address = server.make_database("figures")
        yield from _told("PostgreSQL", _measured(folder / "postgresql", address, server.running.process.pid))
    finally:
        server.stop()
        shutil.rmtree(place, ignore_errors=True)


def _measured(folder: Path, database: str, server: int | None = None) -> dict[str, Any]:
    """In a process of its own: Django has one set of settings."""
    folder.mkdir()
    environ = {
        **os.environ,
        "STATIONER_DATA": str(folder),
        "STATIONER_PORTAL__DATABASE": database,
        "DJANGO_SETTINGS_MODULE": "stationer.portal.site.settings",
    }
    if server is not None:
        environ["BENCH_SERVER"] = str(server)
    command = [sys.executable, "-m", "bench.rolled", str(EVENTS)]
    ran = subprocess.run(command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, check=True)
    found: dict[str, Any] = json.loads(ran.stdout.splitlines()[-1])
    return found


def _told(name: str, found: dict[str, Any]) -> Iterator[Row]:
    size = f"{EVENTS:,} events, {found['rows']:,} rows"
    rate = EVENTS / found["rolled_s"]
    yield row(
        f"figures, {name}: thousands of events rolled up a second",
        f"{rate:,.0f} a second of CPU", f"{size} in {found['rolled_s']:.1f} s, {found['wall_s']:.1f} by the wall", rate / 1000, "≥ 50",
    )  # fmt: skip
    behind = f"{size} behind it, {found['figures']:,} sums"
    page = found["page_ms"]
    yield row(f"figures, {name}: a campaign's page, 30 days", f"{page:.0f} ms of CPU", behind, page, "≤ 200")
    yield row(
        f"figures, {name}: queries of that page", str(found["queries"]), behind, found["queries"], "≤ 20"
    )
    yield row(
        f"figures, {name}: all domains of the campaign, a page of 50", f"{found['domains_ms']:.0f} ms",
        behind, found["domains_ms"], "≤ 500",
    )  # fmt: skip
