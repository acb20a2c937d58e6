"""The portal's tests, all of them, on PostgreSQL: one setting, the same promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from trials.servers.postgres import Postgres

HERE = Path(__file__).parents[2]


@pytest.mark.pg
@pytest.mark.timeout(600)
def test_the_portals_tests_pass_on_postgresql(postgres: Postgres) -> None:
    address = postgres.make_database("stationer")
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "tests/portal", "--reuse-db", "-p", "no:cacheprovider"],
        cwd=HERE,
        env={**os.environ, "STATIONER_PORTAL__DATABASE": address},
        capture_output=True,
        text=True,
        check=False,
        timeout=590,
    )
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    assert tables(postgres.url("test_stationer")) > 20, "they ran, but not on this PostgreSQL"


def tables(address: str) -> int:
    """How many tables a database has."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'public'"
        )
        row = found.fetchone()
        assert row is not None
        return int(row[0])
