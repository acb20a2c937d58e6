"""A portal for tests: keeps secure messages as contract/vault.md says, for whoever brings the token; or fails at a step.

Its notifications are made by the craft `notice`, with a PEN on this machine. `faults`: by step (begin, ask, piece,
complete, notification, content, descriptor) one of: 500, 401, 403, cut, forged, refused, checking, hold
(until it is taken out).
"""

from __future__ import annotations

import hashlib
import json
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer import notice
from tests.agent.edges import TOKEN

PEN = "pen_harbour"
SEED, OTHER_SEED = bytes(range(32)), bytes(range(1, 33))
STEPS = ("begin", "ask", "piece", "complete", "notification", "content")
ROUTES = {
    ("POST", r"/secure-messages"): "begin",
    ("GET", r"/secure-messages/([^/]+)"): "ask",
    ("DELETE", r"/secure-messages/([^/]+)"): "end",
    ("PUT", r"/secure-messages/([^/]+)/pieces/(\d+)"): "piece",
    ("POST", r"/secure-messages/([^/]+)/complete"): "complete",
    ("GET", r"/secure-messages/([^/]+)/notification"): "notification",
    ("GET", r"/secure-messages/([^/]+)/content"): "content",
}


def key(seed: bytes, name: str = "k1") -> notice.Key:
    """A pair that is the same each time."""
    private = Ed25519PrivateKey.from_private_bytes(seed)
    return notice.Key(name, private.public_key().public_bytes_raw(), seed)


@dataclass
class Kept:
    """One secure message."""

    id: str
    asked: dict[str, Any]
    piece: int
    pieces: dict[int, bytes] = field(default_factory=dict)
    state: str = "uploading"
    notification: bytes = b""

    @property
    def content(self) -> bytes:
        return b"".join(self.pieces[n] for n in sorted(self.pieces))

    @property
    def count(self) -> int:
        return max(1, -(-self.asked["size"] // self.piece))


@dataclass
class FakePortal:
    """What it keeps, and what it heard: (step, octets)."""

    port: int = 0
    piece: int = 400
    keys: tuple[notice.Key, ...] = (key(SEED),)
    tag: str = "[secure]"
    issued_at: int = 1
    tokens: frozenset[str] = frozenset({TOKEN})
    faults: dict[str, str] = field(default_factory=dict)
    kept: dict[str, Kept] = field(default_factory=dict)  # by Idempotency-Key
    heard: list[tuple[str, bytes]] = field(default_factory=list)
    via: str = ""

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pen(self) -> notice.Pen:
        """The PEN, with its private key."""
        host = f"127.0.0.1:{self.port}"
        return notice.Pen(PEN, "Harbour Dental", host, self.keys, phone="+44 20 1234", tag=self.tag)

    def descriptor(self) -> bytes:
        return msgspec.json.encode(
            notice.described(self.pen, "open", "/o/device-authorization/", self.issued_at)
        )

    def found(self, name: str) -> Kept | None:
        return next((one for one in self.kept.values() if name in (one.id, f"loc{one.id}")), None)

    def begin(self, body: bytes, idempotency: str) -> Kept:
        if idempotency not in self.kept:
            self.kept[idempotency] = Kept(f"m{len(self.kept)}", json.loads(body), self.piece)
        return self.kept[idempotency]

    def written_here(self, mail: bytes) -> bytes:
        """What somebody wrote on its pages is kept; the notification that leaves for it."""
        asked = {"sha256": hashlib.sha256(mail).hexdigest(), "size": len(mail)}
        one = Kept(f"m{len(self.kept)}", asked, len(mail), {0: mail})
        self.kept[one.id] = one
        self.complete(one)
        return one.notification

    def complete(self, one: Kept) -> None:
        whole = one.content
        assert hashlib.sha256(whole).hexdigest() == one.asked["sha256"] and len(whole) == one.asked["size"]
        pen = self.pen
        if self.faults.get("notification") == "forged":
            pen = msgspec.structs.replace(pen, keys=(key(OTHER_SEED),))
        via = notice.Via(self.via) if self.via else None
        made = notice.compose(whole, pen, f"loc{one.id}", 1_700_000_000_000, via=via)
        assert isinstance(made, notice.Notification), made
        one.state, one.notification = "ready", made.mail

    def told(self, one: Kept) -> dict[str, Any]:
        said = {"id": one.id, "locator": f"loc{one.id}", "state": one.state, "piece": one.piece}
        return said | {"pieces": one.count, "received": sorted(one.pieces), "size": one.asked["size"]}


@contextmanager
def portal(**settings: object) -> Iterator[FakePortal]:
    """A running portal."""
    fake = FakePortal(**settings)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.path == f"/.well-known/stationer/{PEN}":
                if "descriptor" in fake.faults:
                    return self.refuse(int(fake.faults["descriptor"]), "broken")
                return self.say(200, fake.descriptor())
            path = self.path.removeprefix("/api/v1")
            for (method, pattern), step in ROUTES.items():
                if method == self.command and (found := re.fullmatch(pattern, path)):
                    fake.heard.append((step, body))
                    return self.step(step, body, found.groups())
            return self.refuse(404, "not-found")

        do_GET = do_POST = do_PUT = do_DELETE = answer

        def step(self, step: str, body: bytes, words: tuple[str, ...]) -> None:
            fault = fake.faults.get(step, "")
            if fault == "cut":
                self.close_connection = True
                return self.connection.close()
            while fake.faults.get(step) == "hold":
                time.sleep(0.02)
            if fault.isdigit():
                return self.refuse(int(fault), "unauthorised" if fault == "401" else "forbidden")
            if self.headers["Authorization"].removeprefix("Bearer ") not in fake.tokens:
                return self.refuse(401, "unauthorised")
            one = (
                fake.begin(body, self.headers["Idempotency-Key"]) if step == "begin" else fake.found(words[0])
            )
            if one is None or (step in ("notification", "content") and one.state != "ready"):
                return self.refuse(404, "not-found")
            if step in ("notification", "content"):
                return self.octets(one.notification if step == "notification" else one.content)
            if step == "end":
                one.state = "ended"
                return self.say(204, b"")
            if step == "piece":
                one.pieces[int(words[1])] = body
            if step == "complete" and fault == "checking":
                one.state = "checking"
            elif step == "complete" and fault == "refused":
                one.state = "refused"
            elif step == "complete":
                fake.complete(one)
            said = fake.told(one)
            if one.state == "refused":
                said |= {"reason": "malware", "message": "It holds Eicar-Test in letter.pdf."}
            return self.say(201 if step == "begin" else 200, json.dumps(said).encode())

        def octets(self, data: bytes) -> None:
            if asked := re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range", "")):
                data = data[int(asked[1]) : int(asked[2]) + 1 if asked[2] else None]
                return self.say(206, data)
            return self.say(200, data)

        def refuse(self, status: int, code: str) -> None:
            self.say(status, json.dumps({"error": code, "message": f"Refused with {status}."}).encode())

        def say(self, status: int, data: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", fake.port), Handler)
    server.daemon_threads = True
    fake.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
