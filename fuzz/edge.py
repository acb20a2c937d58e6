"""Hostile requests against a running edge: every answer is one that contract/http.md knows, soon, and none is a fault.

`python -m fuzz.edge [SECONDS [SEED]]`. Two kinds take turns: requests that are HTTP and nothing else (any method, path,
token and body), whose answers are judged word for word; and mutated bytes, which may be cut off but must not be
answered with a fault. What was found stands in var/fuzz/edge-N.bin; the exit code is 1 if there was anything.
"""

from __future__ import annotations

import contextlib
import json
import random
import socket
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from tests.edge.running import MAIL, Running, serving
from tests.edge.world import World, pen_id

from stationer.wire.content import Block
from stationer.wire.errors import ERRORS, Refusal
from stationer.wire.pick import Answer, Question

FOLDER = Path("var/fuzz")
PATIENCE_S = 10.0
MOST_BODY, MOST_RECIPIENTS = 1_048_576, 1_000
STATUSES = {200, 400, 401, 404, 405, 413}
METHODS = ("GET", "POST", "POST", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get", "X" * 40)
WORDS: tuple[Any, ...] = (
    *(
        "",
        "@",
        "a@b",
        "alice@acme.example",
        "ALICE@ACME.EXAMPLE.",
        "x@[IPv6:::1]",
        "é@ü.example",
        "\0",
        "\r\nX: y",
    ),
    *("a" * 320, "b" * 5_000, '"a:b"@c.example', "\\", "😀@😀.example", "x@" + "y." * 140, "\x7f@z.example"),
    *(None, True, 0, -1, 1e308, 10**30, {}, [], ["a@b"], {"from": 1}),
)
PIECES = (
    b'"',
    b"\\",
    b"\\ud800",
    b"\xff",
    b"{",
    b"}",
    b"[",
    b"]" * 50,
    b":",
    b",",
    b"null",
    b"\r\n",
    b"\0",
    b'"from":',
)


class Reply(NamedTuple):
    """What came back: status, headers in lower case, body."""

    status: int
    headers: dict[str, str]
    body: bytes


class Request(NamedTuple):
    """A request that is HTTP."""

    method: str
    path: str
    token: str
    body: bytes

    def bytes(self) -> bytes:
        """As it is sent."""
        head = f"{self.method} {self.path} HTTP/1.1\r\nHost: edge\r\nConnection: close\r\n"
        head += f"Authorization: {self.token}\r\n" if self.token else ""
        return f"{head}Content-Length: {len(self.body)}\r\n\r\n".encode("latin-1") + self.body


def exchanged(port: int, data: bytes, last: bool = False) -> Reply | None:
    """The answer to these bytes, which are all that comes (`last`); None when the connection is closed without one.

    Raises TimeoutError."""
    got = b""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_S) as connection:
        with contextlib.suppress(ConnectionError):
            connection.sendall(data)
        with contextlib.suppress(OSError):
            if last:  # else the server would wait for what mutated bytes promise
                connection.shutdown(socket.SHUT_WR)
        with contextlib.suppress(ConnectionError):
            while chunk := connection.recv(65_536):
                got += chunk
    head, _, body = got.partition(b"\r\n\r\n")
    if not head:
        return None
    first, *lines = head.decode("latin-1").split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Reply(int(first.split(" ")[1]), headers, body)


def judge(request: Request, reply: Reply | None) -> None:
    """Whether contract/http.md §1–3 knows this answer. Raises AssertionError."""
    assert reply is not None, "no answer at all"
    assert reply.status in STATUSES, f"status {reply.status}"
    assert len(reply.body) == int(reply.headers["content-length"]), "cut short"
    path = request.path.partition("?")[0]
    if path.startswith("/c/") and reply.status == 404:
        assert "location" not in reply.headers and b"leads nowhere" in reply.body, "not the kind page"
        return
    if reply.status != 200:
        refusal = msgspec.json.decode(reply.body, type=Refusal)
        assert ERRORS[refusal.error][0] == reply.status and refusal.message.endswith("."), refusal
        assert reply.status != 405 or reply.headers["allow"] in ("GET", "POST", "GET, HEAD")
        assert reply.status != 401 or reply.headers["www-authenticate"] == "Bearer"
        return
    if path == "/v1/pick":
        judge_pick(msgspec.json.decode(request.body, type=Question, strict=True), request, reply)
    elif path.startswith("/v1/blocks/"):
        block = msgspec.json.decode(reply.body, type=Block)
        assert block.html and "immutable" in reply.headers["cache-control"]
    else:
        assert path in ("/livez", "/readyz", "/metrics") and request.method == "GET"


def judge_pick(question: Question, request: Request, reply: Reply) -> None:
    """A pick was asked for with a right token, within the limits, and every recipient is in one copy."""
    assert request.method == "POST" and request.token.lower().startswith("bearer")
    count = len(question.to) + len(question.cc)
    assert len(request.body) <= MOST_BODY and count <= MOST_RECIPIENTS, "beyond the limits"
    answer = msgspec.json.decode(reply.body, type=Answer)
    assert sorted(n for copy in answer.copies for n in copy.to) == list(range(count))
    assert sum(copy.rest for copy in answer.copies) == 1
    assert reply.headers["stationer-hold-ms"].isdigit()


class Attacker:
    """Makes requests; `names` are blocks that there are."""

    def __init__(self, seed: int, names: list[str]) -> None:
        self.chance, self.names = random.Random(seed), names

    def request(self) -> Request:
        """One that is HTTP."""
        chance = self.chance
        token = chance.choice(
            ["Bearer alice"] * 8 + ["bearer  alice", "", "Bearer", "Basic alice", "Bearer \xff"]
        )
        if chance.random() < 0.7:
            return Request("POST", "/v1/pick", token, self.body())
        path = chance.choice(
            ["/v1/pick", "/livez", "/readyz", "/metrics", "/", "/c/x", "/v1/sent/", *self.blocks()]
        )
        if chance.random() < 0.3:
            path += chance.choice(["/", "?x=1", "%00", "%2e%2e/x", "%FF", "a" * 3_000])
        body = b"" if chance.random() < 0.5 else self.body()
        return Request(chance.choice(METHODS), path, token, body)

    def blocks(self) -> list[str]:
        name = self.chance.choice(self.names)
        return [
            f"/v1/blocks/{name}",
            f"/v1/blocks/{name.swapcase()}",
            f"/v1/blocks/{name[::-1]}",
            "/v1/blocks/",
        ]

    def body(self) -> bytes:
        """A question, more or less."""
        chance, asked = self.chance, dict[str, Any](MAIL)
        for key in chance.sample(["from", "to", "cc"], chance.randrange(4)):
            word = chance.choice(WORDS)
            many = chance.choice([1, 1, 2, 30, 999, 1_001]) if chance.random() < 0.5 else 1
            asked[key] = word if key == "from" or chance.random() < 0.2 else [word] * many
        if chance.random() < 0.05:
            asked[chance.choice(["subject", "From", "bcc"])] = "x"
        if chance.random() < 0.02:
            asked["to"] = ["x" * 1_000] * 1_100
        body = json.dumps(asked, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
        return self.mutated(body) if chance.random() < 0.4 else body

    def mutated(self, data: bytes) -> bytes:
        """A few bytes of it other, more or fewer."""
        chance, held = self.chance, bytearray(data)
        for _ in range(chance.choice([1, 1, 2, 5])):
            at = chance.randrange(len(held) + 1)
            until = min(len(held), at + chance.choice([0, 0, 1, 3, 40]))
            held[at:until] = chance.choice(
                [chance.choice(PIECES), chance.randbytes(2), bytes(held[at:until]) * 2]
            )
        return bytes(held)


def besiege(running: Running, seconds: float, seed: int) -> Iterator[tuple[bytes, str]]:
    """For so long, requests of both kinds; each that was answered wrongly, with what is wrong."""
    names = [one["block"] for slot in running.ask().json()["copies"][0]["new"].values() for one in slot]
    attacker, until = Attacker(seed, names), time.monotonic() + seconds
    while time.monotonic() < until:
        request = attacker.request()
        data = request.bytes()
        raw = attacker.chance.random() < 0.2
        data = attacker.mutated(data) if raw else data
        try:
            reply = exchanged(running.port, data, last=raw)
            if not raw:
                judge(request, reply)
            assert reply is None or reply.status < 500, f"status {reply.status}"
        except Exception as wrong:
            yield data, f"{type(wrong).__name__}: {wrong}"
    assert running.ask().status_code == 200, "it does not answer any more"
    faults = [
        line for line in running.log.read_text().splitlines() if '"event":"fault"' in line.replace(" ", "")
    ]
    if faults:
        yield "\n".join(faults[:3]).encode(), "faults in its log"


def main(seconds: float, seed: int) -> int:
    """Start an edge and besiege it."""
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        with serving(world, Path(folder)) as running:
            world.publish(pen_id(1), "Cheers", banner="Sale")
            time.sleep(1.5)
            number = 0
            for number, (data, wrong) in enumerate(besiege(running, seconds, seed), 1):
                FOLDER.mkdir(parents=True, exist_ok=True)
                (FOLDER / f"edge-{number}.bin").write_bytes(data)
                print(f"{wrong}\n  {data[:200]!r}", flush=True)
                if number == 10:
                    break
    print(f"{number} findings, seed {seed}")
    return 1 if number else 0


if __name__ == "__main__":
    given = sys.argv[1:]
    sys.exit(
        main(float(given[0]) if given else 60, int(given[1]) if len(given) > 1 else time.time_ns() % 10**6)
    )
