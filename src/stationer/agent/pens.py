"""The PEN of a mailbox as its agent keeps it: the public half of what proves notifications (contract/notice.md §9).

It comes by TLS from the portal that the user named. Later ones have to be signed by a key that is known already.
"""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import urlsplit

import httpx
import msgspec

from stationer import notice
from stationer.notice import Pen
from stationer.wire.account import is_loopback

#: Octets of a descriptor at most.
LARGEST = 20_000


class PenError(Exception):
    """The portal tells nothing of this PEN that can be believed. The message says why."""


class Found(NamedTuple):
    """The public half of a PEN, and when its portal said so (Unix ms)."""

    pen: Pen
    issued_at: int


class _Host(msgspec.Struct):
    host: str


def fetch(
    portal: str, pen: str, known: Pen | None = None, timeout_s: float = 10.0, *, since: int = 0
) -> Found:
    """The public half of a PEN, as its portal describes it now. Raises PenError.

    `known`: as it was known; one of its keys has to have signed. `since`: an earlier `issued_at` is not taken.
    """
    url = f"{portal.rstrip('/')}/.well-known/stationer/{pen}"
    local = is_loopback(httpx.URL(portal).host)
    if not local and urlsplit(portal).scheme != "https":
        raise PenError(f"{portal} is not reached by https://, so nothing that it says can be believed.")
    try:
        with httpx.Client(timeout=timeout_s, trust_env=not local) as client:
            answer = client.get(url)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise PenError(f"The portal at {portal} is not reachable: {error}.") from error
    if answer.status_code != 200:
        raise PenError(f"The portal at {portal} tells nothing of {pen} ({answer.status_code}).")
    return read(answer.content, pen, known, since=since)


def read(octets: bytes, pen: str, known: Pen | None = None, *, since: int = 0) -> Found:
    """What a descriptor says, without private keys. Raises PenError."""
    try:
        host = known.host if known else msgspec.json.decode(octets[:LARGEST], type=_Host).host
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise PenError("What the portal says of the PEN cannot be read.") from error
    found = notice.discovered(octets, pen, host, known.keys if known else ())
    if isinstance(found, notice.NotDescribed):
        again = " None of the keys known here signed it; enrol again." if found.reason == "not-signed" else ""
        raise PenError(f"What the portal says of the PEN is not to be believed ({found.reason}).{again}")
    if found.issued_at < since:
        raise PenError("What the portal says of the PEN is older than what it said before.")
    keys = tuple(notice.Key(key.id, key.public) for key in found.keys)
    told = Pen(found.id, found.name, found.host, keys, colour=found.colour, tag=found.tag)
    return Found(told, found.issued_at)
