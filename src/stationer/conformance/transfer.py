"""Whether a body keeps the rules of its transfer encoding (RFC 2045 §6): the first fault as a sentence's end."""

from __future__ import annotations

import re

from stationer.mime.coding import PLAIN
from stationer.mime.parts import Mail, Part

ESCAPE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|[ \t]*\Z)")
WHITE_END = re.compile(rb"[ \t](?=\r?\n)")
NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\r\n \t]")
LONGEST_CODED = 76


def fault_of(part: Part) -> str:
    """What is wrong with a leaf's body; empty when nothing is."""
    body = part.encoded
    if part.encoding in ("7bit", ""):
        return _seven(body)
    if part.encoding == "quoted-printable":
        return _quoted(body)
    if part.encoding == "base64":
        return _base64(body)
    return (
        "" if part.encoding in PLAIN else f"it has a transfer encoding that nobody knows: {part.encoding!r}"
    )


def _seven(body: bytes) -> str:
    if not body.isascii():
        return "it is labelled 7bit and holds octets above 127"
    return "it is labelled 7bit and holds NUL" if b"\0" in body else ""


def _quoted(body: bytes) -> str:
    if not body.isascii():
        return "it is labelled quoted-printable and holds octets above 127"
    if found := ESCAPE.search(body):
        return f"its quoted-printable holds {body[found.start() : found.start() + 3]!r}, which is no escape"
    if WHITE_END.search(body):
        return "its quoted-printable has a space at a line's end, which relays take away"
    longest = max(map(len, body.splitlines()), default=0)
    return f"its quoted-printable has a line of {longest} characters" if longest > LONGEST_CODED else ""


def _base64(body: bytes) -> str:
    if found := NO_BASE64.search(body):
        return f"its base64 holds {found[0]!r}"
    letters = re.sub(rb"[\r\n \t]", b"", body)
    if b"=" in letters.rstrip(b"="):
        return "its base64 ends in the middle and goes on: readers show only the first piece"
    if len(letters) % 4:
        return "its base64 is not in groups of four letters"
    longest = max(map(len, body.splitlines()), default=0)
    return f"its base64 has a line of {longest} letters" if longest > LONGEST_CODED else ""


def uncovered(mail: Mail) -> str:
    """A multipart whose own encoding does not cover what it holds, by label or by octet (RFC 2045 §6.4)."""
    for part in mail.parts:
        if part.children and part.encoding not in PLAIN:
            return f"a multipart is labelled {part.encoding}"
        if part.children and part.encoding in ("7bit", ""):
            eight = any(child.encoding in ("8bit", "binary") for child in part.walk())
            if eight or not part.encoded.isascii():
                return "a multipart is labelled 7bit and holds a part of 8bit"
    return ""
