"""HTML that attacks, in Chromium: no script runs and no request leaves, by the sandbox alone, and by the cleaner alone.

Every host leads to one listener, ours excepted; what a script would do is hooked in every frame. A third run with
neither shows that the same vectors do run and do fetch, so that the first two say something.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from stationer.portal.reading.letter_frame import SANDBOX, document, headers
from stationer.show import clean
from trials.browser import chromium
from trials.reading.vectors import Vector, collected, hints, own
from trials.servers.certificate import make_certificate

pytestmark = [pytest.mark.browser, pytest.mark.timeout(580)]
#: Frames of one page, and how long a page is watched after it has loaded.
AT_ONCE, WATCHED_MS = 40, 300
#: A connection in which nothing was asked: Chromium opens some ahead of a request that its policy then forbids.
CONNECTED = "connected"
HOOKS = """for (const name of ['alert','confirm','prompt','print','open','write','eval','fetch','focus','blur'])
  if (name !== 'focus' && name !== 'blur') { const was = window[name];
    window[name] = function (...said) { document.documentElement.setAttribute('data-ran', name); }; }
document.write = document.writeln = () => document.documentElement.setAttribute('data-ran', 'write');"""
#: What stands round each of the three runs: attributes of the frame.
WAYS = {
    "sandbox": f'sandbox="{SANDBOX}"',
    "cleaner": "",
    "neither": 'sandbox="allow-scripts allow-same-origin allow-modals allow-forms allow-popups"',
}


@dataclass
class Listener:
    """Everybody else's server: whoever connects is noted with what they ask."""

    folder: Path
    heard: list[str] = field(default_factory=list)
    port: int = 0

    def start(self) -> None:
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(*make_certificate(self.folder))
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self._socket.accept()
                threading.Thread(target=self._hear, args=(line,), daemon=True).start()

    def _hear(self, line: socket.socket) -> None:
        line.settimeout(0.5)
        said = CONNECTED
        with suppress(OSError), line:
            if line.recv(1, socket.MSG_PEEK) == b"\x16":  # a TLS handshake (RFC 8446 §5.1)
                line = self._tls.wrap_socket(line, server_side=True)
            said = line.recv(8000).decode("latin-1") or CONNECTED
            line.sendall(b"HTTP/1.1 204 No Content\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        self.heard.append(" ".join([said.split("\r\n")[0], *re.findall(r"\r\nHost: (\S+)", said)]))

    def stop(self) -> None:
        self._socket.close()


class Ours(ThreadingHTTPServer):
    """Serves pages of frames, and in each frame one vector; notes whatever else it is asked."""

    daemon_threads, request_queue_size = True, 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.vectors: list[Vector] = []
        self.strange: list[str] = []

    def body(self, way: str, number: int) -> tuple[bytes, dict[str, str]]:
        """The document of a frame, and its headers."""
        html = self.vectors[number].html
        shown = clean(html).html if way == "cleaner" else html
        said = document(shown, title="a", language="en", white=False).encode(errors="replace")
        return said, headers(remote=False) if way == "sandbox" else {
            "Content-Type": "text/html; charset=utf-8"
        }

    def page(self, way: str, start: int) -> bytes:
        """So many frames from this vector on."""
        numbers = range(start, min(start + AT_ONCE, len(self.vectors)))
        frames = "".join(f'<iframe {WAYS[way]} src="/{way}/{n}" id="f{n}"></iframe>' for n in numbers)
        return f"<!doctype html><title>a</title><link rel=icon href=data:,>{frames}".encode()


class _Answers(BaseHTTPRequestHandler):
    server: Ours

    def do_GET(self) -> None:
        _, way, *rest = self.path.split("/")
        known = way in WAYS and len(rest) in (1, 2) and rest[-1].isdecimal()
        if not known:
            self.server.strange.append(self.path)
            self.send_error(404)
            return
        number = int(rest[-1])
        said, more = (
            self.server.body(way, number)
            if len(rest) == 1
            else (self.server.page(way, number), {"Content-Type": "text/html"})
        )
        self.send_response(200)
        for name, value in more.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def do_POST(self) -> None:
        self.server.strange.append(f"POST {self.path}")
        self.send_error(404)

    def log_message(self, *_: Any) -> None:
        """Nobody reads it."""


@dataclass
class Watch:
    """A browser in which every host but ours leads to the listener."""

    page: Page
    ours: Ours
    listener: Listener

    def run(self, way: str, vectors: list[Vector]) -> tuple[list[str], list[str]]:
        """Names of the vectors that ran a script; what was asked of anybody."""
        self.ours.vectors, ran = vectors, []
        self.ours.strange.clear()
        self.listener.heard.clear()
        for start in range(0, len(vectors), AT_ONCE):
            self.page.goto(f"http://ours.test/{way}/page/{start}", wait_until="load")
            self.page.wait_for_timeout(WATCHED_MS)
            ran += [vectors[n].name for n in self._ran()]
        return ran, [*self.ours.strange, *self.listener.heard]

    def _ran(self) -> list[int]:
        """Frames whose document bears the mark; read from outside, without a script in them."""
        session = self.page.context.new_cdp_session(self.page)
        root = session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]
        session.detach()
        return [int(frame[1:]) for frame, document in _documents(root, "") if frame and _is_marked(document)]


def _documents(node: dict[str, Any], frame: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every document below, with the id of the frame of ours that it is in."""
    if node.get("nodeName") == "#document":
        yield frame, node
    attributes = node.get("attributes", [])
    own_id = dict(zip(attributes[::2], attributes[1::2], strict=False)).get("id", "")
    inside = frame or (own_id if node.get("nodeName") == "IFRAME" else "")
    for child in [*node.get("children", []), *filter(None, [node.get("contentDocument")])]:
        yield from _documents(child, inside)


def _is_marked(document: dict[str, Any]) -> bool:
    return any("data-ran" in child.get("attributes", [])[::2] for child in document.get("children", []))


@pytest.fixture(scope="module")
def watch(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watch]:
    listener, ours = Listener(tmp_path_factory.mktemp("listener")), Ours()
    listener.start()
    threading.Thread(target=ours.serve_forever, daemon=True).start()
    makers = ", ".join(
        f"MAP {host} ~NOTFOUND" for host in ("*.googleapis.com", "*.google.com", "*.gstatic.com")
    )
    rules = f"MAP ours.test 127.0.0.1:{ours.server_port}, {makers}, MAP * 127.0.0.1:{listener.port}"
    found = browser.browser_type.launch(
        executable_path=chromium.program(),
        args=["--no-sandbox", f"--host-resolver-rules={rules}", "--disable-features=HttpsUpgrades"],
    )
    page = found.new_page(ignore_https_errors=True)
    page.add_init_script(HOOKS)
    page.on("dialog", lambda dialog: dialog.dismiss())
    yield Watch(page, ours, listener)
    found.close()
    ours.shutdown()
    listener.stop()


def everything() -> list[Vector]:
    """All of them; those of others where they lie beside this checkout."""
    return [*own(), *collected()]


def test_without_cleaner_and_sandbox_they_run_and_fetch(watch: Watch) -> None:
    ran, asked = watch.run("neither", own())
    print(
        f"\nneither: {len(ran)} of {len(own())} of our own ran a script, {len(asked)} requests or connections"
    )
    assert len(ran) > 60 and len([one for one in asked if "theirs.example" in one or " /" in one]) > 60


def test_by_the_sandbox_alone_nothing_runs_and_nothing_is_asked(watch: Watch) -> None:
    vectors = [*everything(), *hints()]
    ran, heard = watch.run("sandbox", vectors)
    asked = [one for one in heard if one != CONNECTED]
    connected = len(heard) - len(asked)
    print(
        f"\nsandbox alone: {len(vectors)} vectors, {len(ran)} ran, {len(asked)} requests, {connected} connections without one"
    )
    assert (ran, asked) == ([], [])


def test_by_the_cleaner_alone_nothing_runs_and_nobody_is_even_connected(watch: Watch) -> None:
    vectors = [*everything(), *hints()]
    ran, heard = watch.run("cleaner", vectors)
    print(f"\ncleaner alone: {len(vectors)} vectors, {len(ran)} ran, {len(heard)} requests or connections")
    assert (ran, heard) == ([], [])
