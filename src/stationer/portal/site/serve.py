"""Runs the portal under granian, and its worker. Both prepare the installation first; two starts at once agree."""

from __future__ import annotations

import fcntl
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer as Server

from stationer.portal.site.start import prepare
from stationer.settings import Loaded

#: granian's own lines go the same way as ours.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "stationer.watch.log.Lines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {"_granian": {"handlers": ["lines"], "level": "INFO", "propagate": False}},
}


class NotMigrated(OSError):
    """The PostgreSQL database has not the tables of this version. Run `stationer admin migrate`, then start again."""


def portal(loaded: Loaded) -> None:
    """Answer until SIGTERM or SIGINT. Raises OSError when the address is taken, NotMigrated."""
    begin(loaded)
    from stationer.portal.site.files import collect

    with locked(loaded.portal.data / ".migrating"):
        collect()
    host, _, port = loaded.portal.listen.rpartition(":")
    Server(
        "stationer.portal.site.wsgi:application",
        address=host.strip("[]"),
        port=int(port),
        interface=Interfaces.WSGI,
        workers=loaded.portal.workers,
        blocking_threads=loaded.portal.threads,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_dictconfig=LOGGING,
    ).serve()


def worker(loaded: Loaded) -> None:
    """Work until SIGTERM or SIGINT. Raises NotMigrated."""
    begin(loaded)
    from stationer.portal.delivery.worker import run

    stop = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stop.set())
    run(stop)


def begin(loaded: Loaded) -> None:
    """Folders, keys, Django, tables. On SQLite migrations are run here, one process at a time."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")
    prepare(loaded.portal)
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, connections
    from django.db.migrations.executor import MigrationExecutor

    with locked(loaded.portal.data / ".migrating"):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            if connection.vendor != "sqlite":
                raise NotMigrated(f"{NotMigrated.__doc__}")
            call_command("migrate", verbosity=0, interactive=False)
        if loaded.edge.uplink_token:  # the edge beside this portal was given the same
            from stationer.portal.statistics.edges import register

            register(loaded.edge.name, loaded.edge.uplink_token)
    connections.close_all()  # none is carried into a worker process


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the system drops the lock with the process."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
