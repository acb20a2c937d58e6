"""A portal's tables, made once: whatever starts with an empty SQLite database copies them.

Making them takes a quiet machine ten seconds, each time, and proves nothing the second time. The database is kept in
pytest's cache under a digest of all that it is made from. A real first start, with every migration, is walked by
trials/demo and by trials/portal/test_in_force.py.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / ".pytest_cache" / "tables"
#: Where a portal that is told nothing else has its database, below its data.
DATABASE = Path("portal", "portal.sqlite3")


def put_tables(data: Path) -> None:
    """Put a database with all tables and nothing else in them into the data folder of a portal that has none yet."""
    path = data / DATABASE
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(tables())


def tables() -> bytes:
    """The octets of a database as this version's migrations make it."""
    kept = CACHE / f"{_made_from()}.sqlite3"
    if not kept.exists():
        CACHE.mkdir(parents=True, exist_ok=True)
        for old in set(CACHE.glob("*.sqlite3")) - {kept}:
            old.unlink(missing_ok=True)
        with tempfile.TemporaryDirectory(dir=CACHE) as folder:
            _migrate(Path(folder))
            (Path(folder) / DATABASE).replace(kept)
    return kept.read_bytes()


def _made_from() -> str:
    """A digest of our migrations and of the versions of everything else that brings some."""
    made_from = hashlib.blake2b(digest_size=12)
    for path in [
        ROOT / "requirements" / "run.txt",
        *sorted((ROOT / "src").rglob("migrations/*.py")),
    ]:
        made_from.update(b"\0".join((path.relative_to(ROOT).as_posix().encode(), path.read_bytes(), b"")))
    return made_from.hexdigest()


def _migrate(folder: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "stationer", "admin", "migrate", "--verbosity", "0"],
        env=os.environ | {"STATIONER_DATA": str(folder), "STATIONER_PORTAL__DATABASE": ""},
        cwd=folder,
        check=True,
    )
    with closing(sqlite3.connect(folder / DATABASE)) as made:
        made.execute("PRAGMA wal_checkpoint(TRUNCATE)")
