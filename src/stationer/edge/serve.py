"""Runs the edge under granian: WSGI workers that answer from memory."""

from __future__ import annotations

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.mp import MPServer as Server

from stationer.settings import Loaded

#: granian's own lines go the same way as ours.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "stationer.watch.log.Lines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "loggers": {"_granian": {"handlers": ["lines"], "level": "INFO", "propagate": False}},
}

#: A thread waits only while a client sends its body; the work itself is one at a time.
BLOCKING_THREADS = 64


def split(listen: str) -> tuple[str, int]:
    """`HOST:PORT` or `[HOST]:PORT`."""
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)


def serve(loaded: Loaded) -> None:
    """Answer until SIGTERM or SIGINT. Raises OSError when the address is taken."""
    server("stationer.edge.app:build", loaded.edge.listen, loaded.edge.workers).serve()


def server(factory: str, listen: str, workers: int) -> Server:
    """A server of `workers` processes, each with the application that `factory` (MODULE:FUNCTION) makes."""
    host, port = split(listen)
    return Server(
        factory,
        factory=True,
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=5,
        http1_settings=HTTP1Settings(header_read_timeout=10_000),
        log_dictconfig=LOGGING,
    )
