"""Ids outside: a prefix and the lower-case base32 (RFC 4648 §6, no padding) of a UUIDv7's 16 bytes."""

from __future__ import annotations

import uuid

from stationer.wire import base32

PREFIXES = {
    "partner": "par",
    "pen": "pen",
    "member": "mem",
    "group": "grp",
    "package": "pkg",
    "template": "tpl",
    "campaign": "cam",
    "message": "msg",
    "device": "dev",
    "pick": "pk",
    "asset": "ast",
    "snapshot": "snp",
    "import": "imp",
    "proposal": "chg",
    "role": "rol",
    "binned": "bin",
    "mail": "mail",
    "hit": "hit",
    "addressee": "adr",
    "link": "lnk",
    "alert": "alr",
    "alertrule": "rul",
    "hook": "whk",
    "delivery": "whd",
    "enquiry": "enq",
    "staff": "stf",
    "vote": "vot",
    "directory": "dir",
    "arrival": "arr",
    "entry": "log",
    "provider": "sip",
    "identity": "sid",
    "secure": "sec",
    "signingkey": "nky",
}


def outside(kind: str, value: uuid.UUID) -> str:
    """`outside("pen", uuid)` → `pen_…`, 26 characters after the prefix."""
    return f"{PREFIXES[kind]}_{base32.encode(value.bytes)}"


def inside(kind: str, text: str) -> uuid.UUID:
    """The UUID of an outside id. Raises ValueError for anything that `outside` did not write."""
    prefix, _, body = text.partition("_")
    if prefix != PREFIXES[kind] or len(body) != 26 or body != body.lower():
        raise ValueError(f"{text!r} is not the id of a {kind}")
    return uuid.UUID(bytes=base32.decode(body))
