"""The malware hook: a mail goes to clamd as a stream, and comes back clean or with a name (clamd(8), INSTREAM)."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

#: Seconds until a scanner that does not answer is given up, and one that answers at some time but takes this long in
#: all; octets of a chunk, of an answer.
PATIENCE_S, WHOLE_S, CHUNK, LONGEST = 120.0, 1_200.0, 1 << 20, 4_096


class Clean(NamedTuple):
    """Nothing was found."""


class Found(NamedTuple):
    """Something was, called so."""

    name: str


class Silent(NamedTuple):
    """There was no answer, or one that says neither."""

    reason: str


class TooLong(NamedTuple):
    """It takes no more octets than it got; asked again it says the same (clamd.conf(5), StreamMaxLength)."""

    reason: str


def is_wanted() -> bool:
    """Whether this installation has a scanner."""
    return bool(settings.PORTAL.vault.scanner)


class _Line:
    """A connection that is given up at a moment, however busy the other side seems."""

    def __init__(self, line: socket.socket, until: float) -> None:
        self._line, self._until = line, until

    def __enter__(self) -> _Line:
        return self

    def __exit__(self, *_: object) -> None:
        self._line.close()

    def _wait(self) -> socket.socket:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("it took too long")
        self._line.settimeout(min(PATIENCE_S, left))
        return self._line

    def connect(self, address: tuple[str, int] | str) -> None:
        """Raises OSError, as all here does."""
        self._wait().connect(address)

    def send(self, octets: bytes) -> None:
        """All of them."""
        self._wait().sendall(octets)

    def receive(self) -> bytes:
        """Some."""
        return self._wait().recv(LONGEST)


def ask(octets: Iterable[bytes], within_s: float = WHOLE_S) -> Clean | Found | TooLong | Silent:
    """What the scanner says of these octets; whatever takes longer than `within_s` is silence. Raises what `octets`
    raise."""
    try:
        with _connected(time.monotonic() + within_s) as line:
            _send(line, octets)
            said = _answer(line)
    except OSError as fault:
        return Silent((fault.strerror or str(fault) or type(fault).__name__).lower())
    if said == "stream: OK":
        return Clean()
    if said.startswith("stream: ") and said.endswith(" FOUND"):
        return Found(said[len("stream: ") : -len(" FOUND")])
    if "size limit exceeded" in said:
        return TooLong(said[:200])
    return Silent(said[:200])


def _connected(until: float) -> _Line:
    """`clamd://HOST:PORT`, `clamd:///SOCKET`."""
    said = urlsplit(settings.PORTAL.vault.scanner)
    if said.netloc:
        patience = max(0.001, min(PATIENCE_S, until - time.monotonic()))
        return _Line(
            socket.create_connection((said.hostname or "", said.port or 3310), timeout=patience), until
        )
    line = _Line(socket.socket(socket.AF_UNIX), until)
    try:
        line.connect(said.path)
    except OSError:
        line.__exit__()
        raise
    return line


def _send(line: _Line, octets: Iterable[bytes]) -> None:
    """Chunks, each behind its length; one of none ends them. What clamd does not read any more it has answered."""
    line.send(b"zINSTREAM\0")
    for piece in octets:
        for at in range(0, len(piece), CHUNK):
            chunk = piece[at : at + CHUNK]
            try:
                line.send(len(chunk).to_bytes(4, "big") + chunk)
            except (BrokenPipeError, ConnectionResetError):
                return
    line.send(bytes(4))


def _answer(line: _Line) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST and (piece := line.receive()):
        said += piece
    return said.rstrip(b"\0\n").decode("utf-8", "replace").strip()


def sentence(found: Found, file: str) -> str:
    """Why the mail is refused, for whoever wrote it."""
    if file:
        return _(
            "“{file}” holds something harmful ({name}), so the mail was not kept. Take that file out and send it again."
        ).format(file=file, name=found.name)
    return _(
        "The mail holds something harmful ({name}), so it was not kept. Take it out and send the mail again."
    ).format(name=found.name)
