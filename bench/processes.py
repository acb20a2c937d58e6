"""Servers under load: started on a free port, their CPU time read with all their children's, stopped."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]


def free_port() -> int:
    """A port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def server(factory: str, environ: Mapping[str, str]) -> Iterator[tuple[int, int]]:
    """(process id, port) of the edge's own server with another application, one worker."""
    port = free_port()
    code = f"from stationer.edge.serve import server; server({factory!r}, '127.0.0.1:{port}', 1).serve()"
    process = subprocess.Popen(
        [sys.executable, "-c", code], cwd=ROOT, env={**os.environ, **environ}, stderr=subprocess.DEVNULL
    )
    try:
        wait_for(port)
        yield process.pid, port
    finally:
        process.terminate()
        process.wait(20)


def wait_for(port: int, seconds: float = 60) -> None:
    """Until something answers at `port`."""
    until = time.monotonic() + seconds
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as connection:
            connection.sendall(b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            if connection.recv(12).startswith(b"HTTP/1.1 "):
                return
        if time.monotonic() > until:
            raise TimeoutError(f"nothing answers at port {port}")
        time.sleep(0.05)


def family(pid: int) -> list[int]:
    """The process and all below it (Linux)."""
    found = [pid]
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += family(int(child))
    return found


def cpu_of(pid: int) -> float:
    """CPU seconds of the process and all below it, all their threads (proc_pid_stat(5), fields 14 and 15)."""
    ticks = 0
    for one in family(pid):
        fields = Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")
