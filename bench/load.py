"""Load from a process of its own, on kept connections: wrk, or where there is none `python -m bench.load`."""

from __future__ import annotations

import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONNECTIONS = 32

#: Stands for a number that no request has had before, so that no memory of the server's helps it.
NEW = b"n000000000"


def generator() -> str:
    """Who makes the load."""
    return "wrk" if shutil.which("wrk") else "own client"


def run(port: int, path: str, bodies: list[bytes], token: str, seconds: float) -> int:
    """POST the bodies in turn (GET when there are none) for so long; how many were answered.

    `NEW` in a body is another number in every request.

    Raises RuntimeError when any answer was a refusal.
    """
    return send(port, [request(path, [body], token) for body in bodies or [b""]], seconds)


def send(port: int, requests: list[bytes], seconds: float) -> int:
    """Send these requests in turn for so long; how many were answered.

    Raises RuntimeError when any answer was a refusal."""
    return (_wrk if shutil.which("wrk") else _own)(port, requests, seconds)


def _wrk(port: int, requests: list[bytes], seconds: float) -> int:
    written = ",\n".join(f"[==[{one.decode()}]==]" for one in requests)
    script = (
        f"local r={{{written}}}\nlocal n,k=0,os.time()%1000*1e6\n"
        "request=function() n=n%#r+1 k=k+1 "
        f"return (r[n]:gsub('{NEW.decode()}',string.format('n%09d',k))) end\n"
    )
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as file:
        file.write(script)
        file.flush()
        command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "-s", file.name]
        said = subprocess.run(
            [*command, f"http://127.0.0.1:{port}/"], check=True, capture_output=True, text=True
        ).stdout
    if "Non-2xx" in said or "Socket errors" in said:
        raise RuntimeError(f"wrk had errors:\n{said}")
    return int(re.search(r"(\d+) requests in", said)[1])  # type: ignore[index]


def request(path: str, bodies: list[bytes], token: str) -> bytes:
    """The bytes of one request."""
    head = f"{'POST' if bodies[0] else 'GET'} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    if token:
        head += f"Authorization: Bearer {token}\r\n"
    if bodies[0]:
        head += f"Content-Type: application/json\r\nContent-Length: {len(bodies[0])}\r\n"
    return head.encode() + b"\r\n" + bodies[0]


def _own(port: int, requests: list[bytes], seconds: float) -> int:
    with tempfile.NamedTemporaryFile() as file:
        file.write(b"\0".join(requests))
        file.flush()
        command = [sys.executable, "-m", "bench.load", str(port), file.name, str(seconds)]
        root = Path(__file__).parents[1]
        said = subprocess.run(command, check=True, capture_output=True, text=True, cwd=root).stdout
    answered, wrong = map(int, said.split())
    if wrong:
        raise RuntimeError(f"{wrong} answers were refusals")
    return answered


def main(port: int, requests: list[bytes], seconds: float) -> tuple[int, int]:
    """(answers with 2xx or 3xx, other answers)."""
    poll = selectors.DefaultSelector()
    for _ in range(CONNECTIONS):
        connection = socket.create_connection(("127.0.0.1", port))
        connection.sendall(requests[0])
        poll.register(connection, selectors.EVENT_READ, bytearray())
    counts, began = [0, 0], int(time.time()) % 1000 * 10**6
    until = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < until:
        for key, _ in poll.select(0.1):
            held: bytearray = key.data
            held += key.fileobj.recv(65_536)  # type: ignore[union-attr]
            if _whole(held):
                counts[held[9:10] not in (b"2", b"3")] += 1
                held.clear()
                sent += 1
                fresh = b"n%09d" % ((began + sent) % 10**9)
                key.fileobj.sendall(requests[sent % len(requests)].replace(NEW, fresh))  # type: ignore[union-attr]
    return counts[0], counts[1]


def _whole(held: bytearray) -> bool:
    head = held.find(b"\r\n\r\n")
    if head < 0:
        return False
    length = re.search(rb"(?i)content-length: *(\d+)", held[:head])
    return len(held) >= head + 4 + (int(length[1]) if length else 0)


if __name__ == "__main__":
    print(*main(int(sys.argv[1]), Path(sys.argv[2]).read_bytes().split(b"\0"), float(sys.argv[3])))
