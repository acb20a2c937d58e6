"""A wire that is listened to: what went over TCP towards a port, octet for octet."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Tap:
    """Everything that clients sent."""

    def __init__(self, port: int) -> None:
        self.heard = bytearray()
        self._to = port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                far = socket.create_connection(("127.0.0.1", self._to))
                threading.Thread(target=self._pass, args=(near, far, True), daemon=True).start()
                threading.Thread(target=self._pass, args=(far, near, False), daemon=True).start()

    def _pass(self, here: socket.socket, there: socket.socket, keep: bool) -> None:
        with suppress(OSError):
            while data := here.recv(65536):
                if keep:
                    self.heard += data
                there.sendall(data)
        for one in (here, there):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()


@contextmanager
def tap(port: int) -> Iterator[Tap]:
    """Listen to what goes to `port`."""
    made = Tap(port)
    try:
        yield made
    finally:
        made.close()
