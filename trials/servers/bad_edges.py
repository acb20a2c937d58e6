"""Edges that do not do their work: each takes connections on `port` and gets it wrong in its own way.

`BAD_EDGES` names them all; `stopped` is a port where nobody listens, `frozen` accepts and never says a word.
"""

from __future__ import annotations

import json
import re
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress

from trials.servers.running import LOOPBACK, free_port

Answer = Callable[[socket.socket], None]


def _whole(status: str, body: bytes, kind: str = "application/json", more: str = "") -> Answer:
    headers = f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}"
    head = f"HTTP/1.1 {status}\r\n{headers}\r\n"
    return lambda client: client.sendall(head.encode() + body)


def _json(value: object) -> Answer:
    return _whole("200 OK", json.dumps(value).encode())


def _stall_in_body(client: socket.socket) -> None:
    client.sendall(
        b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n{"pick":'
    )
    _hold(client)


def _drip(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
    while True:
        client.sendall(b" ")
        time.sleep(0.2)


def _flood(client: socket.socket) -> None:
    client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n[")
    while True:
        client.sendall(b"0," * 30_000)


def _hold(client: socket.socket) -> None:
    while client.recv(65536):
        pass


def _reset(client: socket.socket) -> None:
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def _request(client: socket.socket) -> bytes:
    """One whole request, so that closing afterwards is no reset."""
    request = b""
    while b"\r\n\r\n" not in request and (piece := client.recv(65536)):
        request += piece
    head, _, body = request.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]) and (piece := client.recv(65536)):
        body += piece
    return head


_CANDIDATE = {"block": "a" * 24 + "." + "b" * 24, "mark": "aaaaaaaa", "kind": "template", "links": []}
_COPY = {"to": [0], "rest": True, "new": {"signature": [_CANDIDATE]}, "reply": {}, "forward": {}}
_PAGE = b"<!doctype html><title>Sign in to the hotel's network</title><p>Welcome!</p>"

#: name → what it does with a connection after a request has come. None: nobody listens.
BAD_EDGES: dict[str, Answer | None] = {
    "stopped": None,
    "frozen": _hold,
    "frozen in the body": _stall_in_body,
    "one byte at a time for ever": _drip,
    "endless": _flood,
    "500": _whole("500 Internal Server Error", b"oh no", "text/plain"),
    "503 as a refusal": _whole(
        "503 Service Unavailable", b'{"error": "not-ready", "message": "No snapshot."}'
    ),
    "reset": _reset,
    "closed without a word": lambda client: None,
    "no HTTP": lambda client: client.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\x00\xff\xfe garbage \r\n\r\n"),
    "200 with a page": _whole("200 OK", _PAGE, "text/html"),
    "redirect to a page": _whole("302 Found", b"", "text/html", "Location: http://127.0.0.1:9/login\r\n"),
    "200 and nothing": _whole("200 OK", b""),
    "JSON of another form": _json({"hello": ["world"]}),
    "JSON with wrong types": _json({"pick": 7, "copies": "many"}),
    "no copies": _json({"pick": "pk_x", "copies": []}),
    "indices out of range": _json({"pick": "pk_x", "copies": [{**_COPY, "to": [0, 99, -1]}]}),
    "a block that is not there": _json({"pick": "pk_x", "copies": [_COPY]}),
    "deep JSON": _whole("200 OK", b"[" * 100_000),
}


class BadEdge:
    """One of `BAD_EDGES`, listening. `asked` counts the connections on which a request came."""

    def __init__(self, kind: str) -> None:
        self.kind, self.answer, self.port, self.asked = kind, BAD_EDGES[kind], free_port(), 0
        self._open: list[socket.socket] = []
        self._listener: socket.socket | None = None
        if self.answer is not None:
            self._listener = socket.create_server((LOOPBACK, self.port), backlog=64)
            threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    @property
    def url(self) -> str:
        """What an agent believes to be its edge."""
        return f"http://{LOOPBACK}:{self.port}"

    def _accept(self, listener: socket.socket) -> None:
        with suppress(OSError):
            while True:
                client, _ = listener.accept()
                self._open.append(client)
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with suppress(OSError):
            request = _request(client)
            self.asked += 1
            is_block = request.startswith(b"GET /v1/blocks/")
            answer = (
                _whole("404 Not Found", b'{"error": "not-found", "message": "No."}')
                if is_block
                else self.answer
            )
            assert answer is not None
            answer(client)
        with suppress(OSError):
            client.close()

    def close(self) -> None:
        """Stop listening and end what stands."""
        for end in [*self._open, *([self._listener] if self._listener else [])]:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()
