"""A TCP proxy between two of ours: it records every byte both ways, and breaks lines as lines break.

`Proxy(port)` forwards to `port` on loopback. `line` says how it behaves now and may be changed at any time; a
change holds for new connections, and `cut()` ends those that stand.
"""

from __future__ import annotations

import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Literal

from trials.servers.running import LOOPBACK


@dataclass(frozen=True)
class Line:
    """How a line behaves. Bytes are counted a connection, both ways together; 0 or None is off.

    `latency` in seconds for each piece; after `reset_after` bytes both ends get a reset (RST); after
    `stall_after` bytes nothing more passes and nothing is said; `silent` accepts and never answers.
    """

    latency: float = 0.0
    reset_after: int | None = None
    stall_after: int | None = None
    silent: bool = False


Hear = Callable[[bytes], None]
CLEAR = Line()
SILENT = Line(silent=True)


@dataclass
class Talk:
    """All that was said on one connection: what the client sent, and what the server sent."""

    sent: bytearray = field(default_factory=bytearray)
    received: bytearray = field(default_factory=bytearray)


class Proxy:
    """Listens on `port` (chosen by the system) while `open`; refuses while closed."""

    def __init__(
        self, target: int, line: Line = CLEAR, on_received: Hear | None = None, on_sent: Hear | None = None
    ) -> None:
        """`on_received` and `on_sent` are told each piece of the server and of the client, before it is passed on.

        They are called on a thread of the proxy, and the piece waits for them.
        """
        self.target, self.line, self.host = target, line, LOOPBACK
        self.on_received, self.on_sent = on_received, on_sent
        self.talks: list[Talk] = []
        self._pairs: list[socket.socket] = []
        self._lock = threading.Lock()
        self._listener: socket.socket | None = None
        self.port = 0
        self.open()

    @property
    def sent(self) -> bytes:
        """Every byte that clients have sent, connection after connection."""
        with self._lock:
            return b"".join(bytes(talk.sent) for talk in self.talks)

    @property
    def received(self) -> bytes:
        """Every byte that the server has sent, connection after connection."""
        with self._lock:
            return b"".join(bytes(talk.received) for talk in self.talks)

    def open(self) -> None:
        """Accept (again), on the same port as before."""
        if self._listener is not None:
            return
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((self.host, self.port))
        listener.listen(128)
        self.port = listener.getsockname()[1]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def refuse(self) -> None:
        """Refuse every new connection, and cut those that stand: no network."""
        if self._listener is not None:
            with suppress(OSError):
                self._listener.shutdown(socket.SHUT_RDWR)  # wakes accept()
            self._listener.close()
            self._listener = None
        self.cut()

    close = refuse

    def cut(self) -> None:
        """Reset every standing connection."""
        with self._lock:
            standing, self._pairs = self._pairs, []
        for end in standing:
            _reset(end)

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client, self.line), daemon=True).start()

    def _serve(self, client: socket.socket, line: Line) -> None:
        talk = Talk()
        with self._lock:
            self.talks.append(talk)
            self._pairs.append(client)
        if line.silent:
            self._swallow(client, talk)
            return
        try:
            server = socket.create_connection((LOOPBACK, self.target), timeout=10)
        except OSError:
            _reset(client)
            return
        server.settimeout(None)
        for end in (
            client,
            server,
        ):  # pass each piece on at once: waiting for acknowledgements would be a fault
            end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        with self._lock:
            self._pairs.append(server)
        passed = _Passed(line)
        back = threading.Thread(
            target=self._pump, args=(server, client, talk.received, passed, self.on_received), daemon=True
        )
        back.start()
        self._pump(client, server, talk.sent, passed, self.on_sent)

    def _swallow(self, client: socket.socket, talk: Talk) -> None:
        with suppress(OSError):
            while piece := client.recv(65536):
                with self._lock:
                    talk.sent += piece

    def _pump(
        self,
        here: socket.socket,
        there: socket.socket,
        heard: bytearray,
        passed: _Passed,
        told: Hear | None,
    ) -> None:
        with suppress(OSError):
            while piece := here.recv(65536):
                with self._lock:
                    heard += piece
                if told:
                    told(piece)
                fate = passed.count(len(piece))
                if fate == "reset":
                    _reset(here)
                    _reset(there)
                    return
                if fate == "stall":
                    continue
                there.sendall(piece)
        with suppress(OSError):
            there.shutdown(socket.SHUT_WR)


class _Passed:
    """Counts what has passed on one connection, and says what becomes of the next piece."""

    def __init__(self, line: Line) -> None:
        self.line, self.bytes = line, 0

    def count(self, more: int) -> Literal["pass", "reset", "stall"]:
        if self.line.latency:
            time.sleep(self.line.latency)
        self.bytes += more
        if self.line.reset_after is not None and self.bytes > self.line.reset_after:
            return "reset"
        if self.line.stall_after is not None and self.bytes > self.line.stall_after:
            return "stall"
        return "pass"


def _reset(end: socket.socket) -> None:
    """Close with a reset (RST): SO_LINGER of zero seconds."""
    with suppress(OSError):
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    with suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)  # wakes a recv() in another thread
    with suppress(OSError):
        end.close()
