"""The portal's tests on PostgreSQL: one setting, the same promises."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from trials.servers.postgres import Postgres

HERE = Path(__file__).parents[2]
#: These ask a database for nothing that it could answer in its own way (who may open what, words in both languages,
#: starters, pictures, a form's fields and sizes); every page and every object behind the wall is asked for in others.
#: SQLite is enough for them but in `make long`.
ALIKE = (
    "routes", "german", "sentences", "starters", "pictures", "pictures_inside", "roles", "block_form", "signed_out",
    "sizes",
)  # fmt: skip


@pytest.mark.pg
@pytest.mark.timeout(2_400)
@pytest.mark.parametrize("left_out", [ALIKE, pytest.param((), marks=pytest.mark.long)], ids=["most", "all"])
def test_the_portals_tests_pass_on_postgresql(postgres: Postgres, left_out: tuple[str, ...]) -> None:
    address = postgres.make_database(f"stationer{len(left_out)}")
    besides = [f"--ignore=tests/portal/test_{name}.py" for name in left_out]
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/portal",
            "--reuse-db",
            "-p",
            "no:cacheprovider",
            *besides,
            "-m",
            "not long",
        ],
        cwd=HERE,
        env={**os.environ, "STATIONER_PORTAL__DATABASE": address},
        capture_output=True,
        text=True,
        check=False,
        timeout=2_390,
    )
    assert ran.returncode == 0, ran.stdout[-8_000:] + ran.stderr[-2_000:]
    assert tables(postgres.url(f"test_stationer{len(left_out)}")) > 20, "they ran, but not on this PostgreSQL"


def tables(address: str) -> int:
    """How many tables a database has."""
    with psycopg.connect(address) as connection:
        found = connection.execute(
            "select count(*) from information_schema.tables where table_schema = 'public'"
        )
        row = found.fetchone()
        assert row is not None
        return int(row[0])
