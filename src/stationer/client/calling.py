"""One call to a portal's API: sent, sent again while that is safe and may help, and its answer read.

Every POST carries an Idempotency-Key of its own, the same each time it is sent: whatever was lost on the way, it is
done once. So all calls may be sent again after a fault of the network, a 429 (after its Retry-After) or a 5xx.
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
from urllib.parse import quote, urlencode

import msgspec

from stationer.client.errors import ClientError, Refused, Unreachable
from stationer.client.form import form, plain
from stationer.wire.errors import Refusal

T = TypeVar("T")
Said = Mapping[str, Any]


class _StayHere(urllib.request.HTTPRedirectHandler):
    """A redirection is not followed: it would carry the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:
        return None


class Caller:
    """Calls the API of one portal with one key. `portal` is its address, such as `https://portal.example.org`.

    `tries` is how often a call is sent at most, `timeout` how long one waits, in seconds. Raises ValueError for an
    address or token that is none.
    """

    def __init__(
        self,
        portal: str,
        token: str,
        *,
        tries: int = 4,
        timeout: float = 30.0,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not portal.startswith(("https://", "http://")) or any(one.isspace() for one in portal):
            raise ValueError("the portal's address begins with https:// (or http:// on this machine)")
        if not token or not token.isascii() or any(one.isspace() for one in token):
            raise ValueError("the token is ASCII without spaces, as create-api-key printed it")
        self._base = f"{portal.rstrip('/')}/api/v1"
        self._token, self._tries, self._timeout, self._sleep = token, tries, timeout, sleep
        self._open = urllib.request.build_opener(_StayHere).open

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
        headers = {"Authorization": f"Bearer {self._token}", "Accept": "application/json"}
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
        for tried in range(1, self._tries + 1):
            try:
                return self._once(request)
            except ClientError as fault:
                if not fault.again or tried == self._tries:
                    raise
                told = getattr(fault, "retry_after", None)
            self._sleep(min(told, 60) if told else random.uniform(0.5, 1) * 0.5 * 2**tried)
        raise AssertionError("the last try returned or raised")

    def _once(self, request: urllib.request.Request) -> bytes:
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
    except msgspec.MsgspecError as error:
        raise Unreachable(f"What was answered is not of the expected form: {error}.") from error


NoneType = type(None)


def _refused(status: int, body: bytes) -> ClientError:
    try:
        return Refused(status, msgspec.json.decode(body, type=Refusal))
    except msgspec.MsgspecError:
        return Unreachable(f"What answered {status} is no portal's API. Is its address right?")
