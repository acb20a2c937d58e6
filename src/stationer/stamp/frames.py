"""The `multipart/related` that holds a mail's HTML (RFC 2387): found, told from one of ours, and where it ends.

A boundary of ours is sixteen letters that the stamp's id decides, and `=_stationer`: neither base64 nor
quoted-printable can hold such a line.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from stationer.mime import Mail, Part
from stationer.wire import base32

OURS = re.compile(rb"[a-z2-7]{16}=_stationer")
MOST_TRIES = 1_000


class Tail(NamedTuple):
    """Where a multipart's last part is done: at its closing delimiter line, or where the part ends."""

    at: int
    closed: bool


def related_of(part: Part) -> Part | None:
    """The innermost `multipart/related` that holds this part."""
    owner = part.parent
    while owner is not None and owner.type != "multipart/related":
        owner = owner.parent
    return owner


def is_ours(owner: Part) -> bool:
    """Whether a stamp made this multipart."""
    return owner.type == "multipart/related" and OURS.fullmatch(owner.boundary) is not None


def stands_for_root(part: Part) -> bool:
    """Whether this part was the whole mail until a stamp put pictures beside it."""
    owner = part.parent
    return owner is not None and owner.parent is None and is_ours(owner) and owner.children[0] is part


def tail_of(owner: Part) -> Tail | None:
    """Where further parts go. None when none can follow: the last part's header never ends; or the multipart states
    that its root is a picture, so that one of ours might count as that (RFC 2387 §3.1)."""
    last = owner.children[-1]
    if owner.parameters.get("type", b"").strip().lower().startswith(b"image/"):
        return None
    at = delimiter_at(owner, last.end)
    if at is not None:
        return Tail(at, True)
    at = last.end
    while last.children:
        last = last.children[-1]
    return Tail(at, False) if last.closed else None


def delimiter_at(owner: Part, at: int) -> int | None:
    """Where the multipart's own delimiter line starts that ends a part at `at`; None when another one does."""
    data, delimiter = owner.data, b"--" + owner.boundary
    for line_end in (b"\r\n", b"\n", b""):
        start = at + len(line_end)
        if data.startswith(line_end, at) and data.startswith(delimiter, start):
            end = data.find(b"\n", start)
            line = data[start : end if end >= 0 else len(data)].rstrip(b" \t\r")
            return start if line in (delimiter, delimiter + b"--") else None
    return None


def boundary_for(mail: Mail, stamp_id: str) -> bytes | None:
    """A boundary that does not occur in the mail and begins with none that does (RFC 2046 §5.1.1)."""
    others = [part.boundary for part in mail.parts if part.is_multipart and part.boundary]
    for number in range(MOST_TRIES):
        digest = hashlib.sha256(f"{stamp_id}\0{number}".encode()).digest()[:10]
        found = base32.encode(digest).encode() + b"=_stationer"
        if not any(found.startswith(other) for other in others) and found not in mail.data:
            return found
    return None
