"""How an edge speaks with the portal: one connection, kept open, one PUT at a time (contract/uplink.md §3)."""

from __future__ import annotations

import http.client
from typing import NamedTuple
from urllib.parse import quote, urlsplit

import msgspec

TIMEOUT_S = 30.0
#: No answer of the portal's is longer.
MOST_ANSWER = 65_536


class Answered(NamedTuple):
    """What the portal said to a piece: the status, and how far it has the segment (-1: it did not say)."""

    status: int
    received: int


class _Told(msgspec.Struct):
    received: int = -1


class PortalDoor:
    """Puts pieces of segments of `edge` at `url`, with its token."""

    def __init__(self, url: str, edge: str, token: str, timeout: float = TIMEOUT_S) -> None:
        parts = urlsplit(url)
        secure = parts.scheme == "https"
        self._make = http.client.HTTPSConnection if secure else http.client.HTTPConnection
        self._where, self._timeout = parts.netloc, timeout
        self._path = f"{parts.path.rstrip('/')}/api/v1/edges/{quote(edge)}/segments/"
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/octet-stream"}
        self._connection: http.client.HTTPConnection | None = None

    def put(self, segment: str, offset: int, data: bytes) -> Answered:
        """What the portal answers. Raises OSError when it cannot be reached, or answers as no portal does."""
        fresh = self._connection is None
        try:
            return self._put(segment, offset, data)
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            if fresh:
                raise OSError(f"{type(fault).__name__}: {fault}") from fault
        try:  # a connection that was kept may have been closed meanwhile; to put the same again is harmless
            return self._put(segment, offset, data)
        except (OSError, http.client.HTTPException) as fault:
            self.close()
            raise OSError(f"{type(fault).__name__}: {fault}") from fault

    def _put(self, segment: str, offset: int, data: bytes) -> Answered:
        if self._connection is None:
            self._connection = self._make(self._where, timeout=self._timeout)
        path = f"{self._path}{quote(segment)}?offset={offset}"
        self._connection.request("PUT", path, body=data, headers=self._headers)
        response = self._connection.getresponse()
        body = response.read(MOST_ANSWER)
        if not response.isclosed():
            self.close()
        return Answered(response.status, _received(body))

    def close(self) -> None:
        """Let go of the connection."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _received(body: bytes) -> int:
    try:
        return msgspec.json.decode(body, type=_Told).received
    except (msgspec.MsgspecError, UnicodeError):
        return -1
