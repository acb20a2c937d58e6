"""One call to a portal's API: sent, sent again while that is safe and may help, and its answer read.

Every POST carries an Idempotency-Key of its own, the same each time it is sent: whatever was lost on the way, it is
done once. So all calls may be sent again after a fault of the network, a 429 (after its Retry-After) or a 5xx; and a
DELETE that finds nothing any more when its first answer was lost has done what it should.
"""

from __future__ import annotations

import http.client
import random
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import quote, urlencode, urlsplit

import msgspec

from stationer.client.errors import ClientError, Refused, Unreachable
from stationer.client.form import form, plain
from stationer.wire.account import is_loopback
from stationer.wire.errors import Refusal

T = TypeVar("T")
Said = Mapping[str, Any]
#: What msgspec raises for an answer of another form, and for one that is not UTF-8.
_NO_JSON = (msgspec.MsgspecError, UnicodeDecodeError)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirection is not followed: it would carry the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Caller:
    """Calls the API of one portal with one key. `portal` is its address, such as `https://portal.example.org`.

    `tries` is how often a call is sent at most, `timeout` how long one waits, in seconds; `patience`, in seconds, is
    for a call that an earlier one of the same key is still busy with. Raises ValueError for an address or token that
    is none.
    """

    def __init__(
        self,
        portal: str,
        token: str,
        *,
        tries: int = 4,
        timeout: float = 30.0,
        patience: float = 120.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        clear = _is_clear(portal)
        if not token or not token.isascii() or any(one.isspace() for one in token):
            raise ValueError("the token is ASCII without spaces, as create-api-key printed it")
        self._base = f"{portal.rstrip('/')}/api/v1"
        self._token, self._tries, self._timeout, self._sleep = token, tries, timeout, sleep
        self._patience = patience
        # a proxy for the outside does not lead to this machine, and reads what is not encrypted
        ways = [_StayHere(), *([urllib.request.ProxyHandler({})] if clear else [])]
        self._open = urllib.request.build_opener(*ways).open

    def call(
        self,
        method: str,
        path: str,
        type: type[T],
        *,
        query: Said | None = None,
        body: Any = None,
        files: Said | None = None,
        key: str = "",
    ) -> T:
        """Ask, and read the answer as `type`. Raises Refused, Unreachable."""
        headers = self._headers("application/json")
        data: bytes | None = None
        if files is not None:
            data, headers["Content-Type"] = form(files)
        elif body is not None:
            data, headers["Content-Type"] = msgspec.json.encode(body), "application/json"
        if method == "POST":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        asked = {name: plain(value) for name, value in (query or {}).items() if value is not None}
        url = f"{self._base}{path}{'?' if asked else ''}{urlencode(asked)}"
        answer = self._again(urllib.request.Request(url, data, headers, method=method))
        return _read(answer, type)

    def put(self, path: str, octets: bytes, type: type[T]) -> T:
        """Bring octets as they are, and read the answer as `type`. Raises Refused, Unreachable."""
        headers = self._headers("application/json") | {"Content-Type": "application/octet-stream"}
        request = urllib.request.Request(f"{self._base}{path}", octets, headers, method="PUT")
        return _read(self._again(request), type)

    def octets(self, path: str, start: int = 0, stop: int | None = None) -> bytes:
        """What is there, as it is: all of it, or from `start` to before `stop` (RFC 9110 §14). Raises Refused,
        Unreachable."""
        headers = self._headers("*/*")
        if start or stop is not None:
            headers["Range"] = f"bytes={start}-{'' if stop is None else stop - 1}"
        return self._again(urllib.request.Request(f"{self._base}{path}", headers=headers))

    def _headers(self, accept: str) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}", "Accept": accept}

    def each(self, path: str, type: type[T], *, query: Said | None = None) -> Iterator[T]:
        """All rows of a list, page after page. Raises Refused, Unreachable."""
        asked = dict(query or {})
        while True:
            found = self.call("GET", path, _Page, query=asked)
            yield from (_read(row, type) for row in found.items)
            if found.next is None:
                return
            asked["cursor"] = found.next

    def _again(self, request: urllib.request.Request) -> bytes:
        tried, waited, lost = 1, 0.0, False
        while True:
            try:
                return self._once(request)
            except ClientError as fault:
                status, code = getattr(fault, "status", 0), getattr(fault, "code", "")
                if lost and status == 404 and request.method == "DELETE":
                    return b""  # it was there before: what was lost was the answer
                told = getattr(fault, "retry_after", None) or 0
                if code == "under-way" and waited < self._patience:
                    pause = min(10.0, max(told, 1.0, waited / 4))
                    waited += pause
                elif fault.again and code != "under-way" and tried < self._tries:
                    pause = min(told, 60) or random.uniform(0.5, 1) * 0.5 * 2**tried
                    tried += 1
                else:
                    raise
                lost = lost or not status or status >= 500
            self._sleep(pause)

    def _once(self, request: urllib.request.Request) -> bytes:
        try:
            try:
                with self._open(request, timeout=self._timeout) as answer:
                    found: bytes = answer.read()
                    return found
            except urllib.error.HTTPError as error:
                with error:
                    raise _refused(error.code, error.read()) from None
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "reason", error)
            raise Unreachable(f"{self._base} cannot be reached: {why}. Is its address right?") from error


def _is_clear(portal: str) -> bool:
    """Whether the portal, on this machine then, is asked without encryption. Raises ValueError for what is none, or
    is elsewhere."""
    at = urlsplit(portal)
    host = at.hostname or ""
    if at.scheme not in ("https", "http") or not host or "@" in at.netloc or any(map(str.isspace, portal)):
        raise ValueError("the portal's address begins with https:// (or http:// on this machine)")
    if at.scheme == "http" and not is_loopback(host):
        raise ValueError(f"http:// would show the token to everybody on the way to {host}: use https://")
    return at.scheme == "http"


class _Page(msgspec.Struct):
    items: list[msgspec.Raw]
    next: str | None = None


def place(value: str) -> str:
    """A part of a path."""
    return quote(value, safe="")


def _read(answer: bytes | msgspec.Raw, type: type[T]) -> T:
    if type is NoneType:
        return None  # type: ignore[return-value]
    try:
        return msgspec.json.decode(answer, type=type)
    except _NO_JSON as error:
        raise Unreachable(f"What was answered is not of the expected form: {error}.") from error


NoneType = type(None)


def _refused(status: int, body: bytes) -> ClientError:
    try:
        return Refused(status, msgspec.json.decode(body, type=Refusal))
    except _NO_JSON:
        return Unreachable(f"What answered {status} is no portal's API. Is its address right?")
