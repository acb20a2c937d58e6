"""Ports that stay from run to run where they can: the last run's, else the usual ones, else free ones."""

from __future__ import annotations

import socket
from pathlib import Path

import msgspec


class Ports(msgspec.Struct, frozen=True):
    """Where the demo listens on 127.0.0.1; kept in `ports.json`."""

    portal: int = 8000
    edge: int = 8100
    imap: int = 8143
    smtp: int = 8525


def choose(file: Path) -> Ports:
    """Ports that are free now. Reads and writes `file`."""
    wanted = msgspec.structs.asdict(_read(file))
    held: list[socket.socket] = []
    try:
        chosen = Ports(**{name: _free(port, held) for name, port in wanted.items()})
    finally:
        for one in held:
            one.close()
    file.write_bytes(msgspec.json.encode(chosen))
    return chosen


def _read(file: Path) -> Ports:
    try:
        return msgspec.json.decode(file.read_bytes(), type=Ports)
    except (OSError, msgspec.DecodeError):
        return Ports()


def _free(port: int, held: list[socket.socket]) -> int:
    """`port` when nobody listens there, else one that the system chooses. Held until all are chosen."""
    for attempt in (port, 0):
        listener = socket.socket()
        # As servers do: a port whose last connections linger is free.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.append(listener)
        try:
            listener.bind(("127.0.0.1", attempt))
            listener.listen(1)
        except OSError:
            continue
        return int(listener.getsockname()[1])
    raise OSError("the system has no free port on 127.0.0.1")
