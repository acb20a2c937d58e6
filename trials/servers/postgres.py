"""A private PostgreSQL cluster in a folder of its own, run by the user `postgres`, on loopback alone.

It forgets its data with its folder, so it does not fsync. Debian's own cluster is left alone.
"""

from __future__ import annotations

import shutil
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from trials.servers.running import LOOPBACK, Running, free_port

USER = "postgres"


def programs() -> Path | None:
    """The folder of the newest PostgreSQL's programs, or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


@dataclass
class Postgres:
    """A running cluster. `url(name)` is the address of a database in it."""

    folder: Path
    host: str = LOOPBACK
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Make the cluster and start it. Raises NotReady with PostgreSQL's own words."""
        found = programs()
        assert found, "PostgreSQL is not installed"
        self.programs = found
        shutil.chown(self.folder, USER, USER)
        self._as_postgres("initdb", "-D", self.data, "-U", USER, "-A", "trust", "-E", "UTF8", "-N")
        settings = {
            "listen_addresses": self.host,
            "port": str(self.port),
            "unix_socket_directories": str(self.folder),
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "shared_buffers": "16MB",  # emptying a table looks through all of them
            "autovacuum": "off",
            "wal_level": "minimal",
            "max_wal_senders": "0",
            "checkpoint_timeout": "1h",
            "max_connections": "100",
        }
        chosen = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self.running = Running(
            "postgres",
            [self.programs / "postgres", "-D", self.data, *chosen],
            self.folder / "postgres.log",
            lambda: self._says_ready(),
            user=USER,
            folder=self.folder,
        )

    @property
    def data(self) -> Path:
        """The cluster's own folder."""
        return self.folder / "data"

    def _as_postgres(self, program: str, *words: str | Path) -> None:
        command = [str(self.programs / program), *map(str, words)]
        subprocess.run(
            command, check=True, capture_output=True, user=USER, group=USER, extra_groups=[], cwd=self.folder
        )

    def _says_ready(self) -> bool:
        asked = [str(self.programs / "pg_isready"), "-q", "-h", self.host, "-p", str(self.port), "-U", USER]
        return subprocess.run(asked, check=False).returncode == 0

    def make_database(self, name: str) -> str:
        """Create an empty database; returns its address."""
        self._as_postgres("createdb", "-h", self.host, "-p", str(self.port), "-U", USER, name)
        return self.url(name)

    def url(self, name: str) -> str:
        """The address of a database, as settings take it."""
        return f"postgresql://{USER}@{self.host}:{self.port}/{name}"

    def stop(self) -> None:
        """Stop this cluster and no other, without waiting for its clients (SIGINT is "fast")."""
        self.running.stop(by=signal.SIGINT)
