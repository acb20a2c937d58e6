"""A mail server that follows a script to the letter: for each verb the answer it gives, or the moment it
hangs up.
"""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass, field

CUT = "cut"


@dataclass
class Scripted:
    """`answers` maps a command's beginning (upper case; `.` is the end of data) to a reply, or to CUT."""

    answers: dict[str, str] = field(default_factory=dict)
    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "SMTPUTF8")
    heard: list[str] = field(default_factory=list)
    mails: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Scripted:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)  # also ends the accept that waits
        self._listener.close()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            with connection, connection.makefile("rb") as lines:
                try:
                    self._talk(connection, lines)
                except OSError:
                    pass

    def _talk(self, connection: socket.socket, lines) -> None:  # type: ignore[no-untyped-def]
        connection.sendall(b"220 scripted\r\n")
        for raw in lines:
            line = raw.decode("utf-8", "replace").rstrip("\r\n")
            self.heard.append(line)
            reply = self._reply(line)
            if reply == CUT:
                connection.shutdown(socket.SHUT_RDWR)
                return
            connection.sendall(f"{reply}\r\n".encode())
            if reply.startswith("354") and not self._data(connection, lines):
                return

    def _reply(self, line: str) -> str:
        for start, reply in self.answers.items():
            if line.upper().startswith(start.upper()):
                return reply
        if line.upper().startswith("EHLO"):
            rows = ["scripted", *self.extensions]
            return "\r\n".join(f"250{'-' if n < len(rows) - 1 else ' '}{row}" for n, row in enumerate(rows))
        if line.upper().startswith("AUTH"):
            return "235 welcome"
        return "354 go on" if line.upper() == "DATA" else "250 fine"

    def _data(self, connection: socket.socket, lines) -> bool:  # type: ignore[no-untyped-def]
        mail = b""
        for raw in lines:
            if raw == b".\r\n":
                reply = self.answers.get(".", "250 taken")
                if not reply.startswith(("4", "5")):
                    self.mails.append(mail)
                if reply == CUT:
                    connection.shutdown(socket.SHUT_RDWR)
                    return False
                connection.sendall(f"{reply}\r\n".encode())
                return True
            mail += raw[1:] if raw.startswith(b".") else raw
        return False
