"""An edge for tests: answers as contract/http.md says, and writes down all it was sent; or does not answer
well.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from stationer.compose import digest_of

TOKEN = "device-token-of-the-test"
SIGNATURE = {"block": "sig.alice", "mark": "aaaaaaaa", "kind": "template", "links": []}
BANNER = {"block": "ban.alice", "mark": "bbbbbbbb", "kind": "message", "links": ["TOKEN1"]}
OTHER = {"block": "oth.alice", "mark": "cccccccc", "kind": "message", "links": []}
BLOCKS: dict[str, dict[str, Any]] = {
    "sig.alice": {
        "name": "sig.alice", "kind": "template", "slot": "signature",
        "html": ["<p>Alice, <a href=\"", 0, "\">Acme</a></p>"], "text": ["Alice, Acme ", 0],
        "targets": ["https://acme.example/"], "link_base": "https://go.example/c/",
    },
    "ban.alice": {
        "name": "ban.alice", "kind": "message", "slot": "banner",
        "html": ["<p><a href=\"", 0, "\">Open evening</a></p>"], "text": ["Open evening: ", 0],
        "targets": ["https://acme.example/open"], "link_base": "https://go.example/c/",
    },
    "oth.alice": {
        "name": "oth.alice", "kind": "message", "slot": "banner",
        "html": ["<p>Other</p>"], "text": ["Other"], "targets": [], "link_base": "",
    },
}  # fmt: skip
LOGO = b"GIF89a" + bytes(range(250)) * 4
PICTURES = {digest_of(LOGO): LOGO}
LINK = "https://assets.example/logo.gif"
BLOCKS["pic.alice"] = {
    "name": "pic.alice", "kind": "template", "slot": "signature",
    "html": ['<p><img src="cid:picture-1" alt="Acme"> Alice</p>'], "text": ["Alice"], "targets": [],
    "link_base": "", "pictures": [
        {"name": "picture-1", "digest": digest_of(LOGO), "type": "image/gif", "size": len(LOGO), "url": LINK},
    ],
}  # fmt: skip
CHOICE = {"signature": [SIGNATURE], "banner": [BANNER, OTHER]}


@dataclass
class FakeEdge:
    """`mode`: up, 500, 401, garbage, html, frozen.

    `illustrated`: the signature has a picture; `pictures`: up, gone, wrong, endless, frozen. `heard`: request line, headers and body of each request.
    """

    port: int = 0
    mode: str = "up"
    hold_ms: int = 60_000
    heard: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    split: bool = False
    illustrated: bool = False
    pictures: str = "up"
    thaw: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fetched(self) -> list[str]:
        """The digests of the pictures that were asked for."""
        return [line.split()[1].rpartition("/")[2] for line, _, _ in self.heard if "/v1/pictures/" in line]

    def picture(self, digest: str) -> tuple[int, bytes]:
        """A picture, or what `pictures` says to do instead: fail, lie, freeze."""
        if self.pictures == "frozen":
            self.thaw.wait(60)
        lies = {"gone": (404, b"{}"), "wrong": (200, b"other octets"), "endless": (200, b"x" * 3_000_000)}
        return lies.get(self.pictures, (200, PICTURES.get(digest, b"")))

    def questions(self) -> list[dict[str, object]]:
        """The bodies of the picks."""
        return [json.loads(body) for line, _, body in self.heard if line.startswith("POST")]

    def answer(self, number: int, question: dict[str, list[str]]) -> dict[str, object]:
        """A copy for everybody, or one for the first recipient and one for the rest."""
        everyone = list(range(len(question["to"]) + len(question["cc"])))
        parts = [(everyone, True)] if not self.split else [(everyone[:1], False), (everyone[1:], True)]
        first = SIGNATURE | {"block": "pic.alice"} if self.illustrated else SIGNATURE
        new, reply = CHOICE | {"signature": [first]}, {"signature": [first]}
        copies = [{"to": to, "rest": rest, "new": new, "reply": reply, "forward": {}}
                  for to, rest in parts]  # fmt: skip
        return {"pick": f"pk_{number}", "copies": copies}


@contextmanager
def edge(port: int = 0, **settings: object) -> Iterator[FakeEdge]:
    """A running edge."""
    fake = FakeEdge(**settings)  # type: ignore[arg-type]

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            self.handle_one(self.rfile.read(int(self.headers["Content-Length"])))

        def do_GET(self) -> None:
            self.handle_one(b"")

        def handle_one(self, body: bytes) -> None:
            fake.heard.append((self.requestline, dict(self.headers), body))
            if fake.mode == "frozen":
                fake.thaw.wait(60)
                return
            status, answer = 200, b""
            if fake.mode in ("500", "401"):
                status, answer = int(fake.mode), b'{"error": "x", "message": "y"}'
            elif fake.mode in ("garbage", "html"):
                answer = b"\xff\x00{{{" if fake.mode == "garbage" else b"<html>Sign in to the Wi-Fi</html>"
            elif self.headers.get("Authorization") != f"Bearer {TOKEN}":
                status = 401
            elif self.path == "/v1/pick":
                answer = json.dumps(fake.answer(len(fake.heard), json.loads(body))).encode()
            elif self.path.startswith("/v1/pictures/"):
                status, answer = fake.picture(self.path.rpartition("/")[2])
            else:
                answer = json.dumps(BLOCKS[self.path.rpartition("/")[2]]).encode()
            self.send_response(status)
            self.send_header("Content-Length", str(len(answer)))
            self.send_header("Stationer-Hold-Ms", str(fake.hold_ms))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    server.daemon_threads = True
    fake.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield fake
    finally:
        fake.thaw.set()
        server.shutdown()
        server.server_close()
