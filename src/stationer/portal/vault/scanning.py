"""The malware hook: a mail goes to clamd as a stream, and comes back clean or with a name (clamd(8), INSTREAM)."""

from __future__ import annotations

import socket
from collections.abc import Iterable
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

#: Seconds until a scanner that does not answer is given up; octets of a chunk, of an answer.
PATIENCE_S, CHUNK, LONGEST = 120.0, 1 << 20, 4_096


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


def ask(octets: Iterable[bytes]) -> Clean | Found | TooLong | Silent:
    """What the scanner says of these octets. Raises what `octets` raise."""
    try:
        with _connected() as line:
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


def _connected() -> socket.socket:
    """`clamd://HOST:PORT`, `clamd:///SOCKET`."""
    said = urlsplit(settings.PORTAL.vault.scanner)
    if said.netloc:
        return socket.create_connection((said.hostname or "", said.port or 3310), timeout=PATIENCE_S)
    line = socket.socket(socket.AF_UNIX)
    try:
        line.settimeout(PATIENCE_S)
        line.connect(said.path)
    except OSError:
        line.close()
        raise
    return line


def _send(line: socket.socket, octets: Iterable[bytes]) -> None:
    """Chunks, each behind its length; one of none ends them. What clamd does not read any more it has answered."""
    line.sendall(b"zINSTREAM\0")
    for piece in octets:
        for at in range(0, len(piece), CHUNK):
            chunk = piece[at : at + CHUNK]
            try:
                line.sendall(len(chunk).to_bytes(4, "big") + chunk)
            except (BrokenPipeError, ConnectionResetError):
                return
    line.sendall(bytes(4))


def _answer(line: socket.socket) -> str:
    said = b""
    while not said.endswith(b"\0") and len(said) < LONGEST and (piece := line.recv(LONGEST)):
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
