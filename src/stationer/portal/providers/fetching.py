"""Asking a provider: a name is looked up once, what it leads to is checked, and exactly that is called.

No redirection is followed, no proxy of the environment is used; an answer has at most 1 MiB and 15 seconds.
"""

from __future__ import annotations

import time
from typing import Any

import httpx
from django.conf import settings

from stationer.portal.hooks import guarding
from stationer.portal.providers.told import Refused

MOST_OCTETS, MOST_S = 1 << 20, 15.0
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


class Guarded(httpx.BaseTransport):
    """Goes to the network address that was checked; the name stays in `Host` and in TLS."""

    def __init__(self) -> None:
        self.inner = httpx.HTTPTransport(trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        inside = bool(settings.PORTAL.providers_inside)
        place = guarding.look_up(str(request.url), inside=inside)
        request.headers["Host"] = place.authority
        request.url = httpx.URL(place.url)
        request.extensions = {**request.extensions, "sni_hostname": place.host}
        answer = self.inner.handle_request(request)
        return httpx.Response(answer.status_code, headers=_plain(answer), content=_read(answer))

    def close(self) -> None:
        self.inner.close()


def _plain(answer: httpx.Response) -> list[tuple[str, str]]:
    """Its headers without those of a coding: none was asked for, and none is undone."""
    return [
        (name, text)
        for name, text in answer.headers.items()
        if name not in ("content-encoding", "transfer-encoding")
    ]


def _read(answer: httpx.Response) -> bytes:
    """All of it. Raises httpx.ReadError where it is too long or drips."""
    body, until = bytearray(), time.monotonic() + MOST_S
    try:
        for some in answer.stream:  # type: ignore[union-attr]
            body += some
            if len(body) > MOST_OCTETS or time.monotonic() > until:
                raise httpx.ReadError("the answer is too long, or takes too long")
    finally:
        answer.close()
    return bytes(body)


def ask(
    url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """GET, or POST of a form. Raises Refused `unreachable`."""
    said = {"Accept-Encoding": "identity", "User-Agent": "Stationer-Sign-In", **(headers or {})}
    try:
        with httpx.Client(
            transport=Guarded(), timeout=TIMEOUT, follow_redirects=False, trust_env=False
        ) as client:
            return client.post(url, data=form, headers=said) if form else client.get(url, headers=said)
    except guarding.Forbidden as error:
        raise Refused("unreachable", str(error)) from error
    except (httpx.HTTPError, OSError, ValueError) as error:
        raise Refused("unreachable", f"{type(error).__name__}: {error}"[:300]) from error


def ask_json(url: str, *, headers: dict[str, str] | None = None) -> dict[str, Any]:
    """A JSON object. Raises Refused."""
    return json_of(ask(url, headers=headers), url)


def json_of(answer: httpx.Response, url: str) -> dict[str, Any]:
    """The object that was answered by 200. Raises Refused."""
    if answer.status_code != 200:
        raise Refused("unreachable", f"{url} answered {answer.status_code}")
    try:
        said = answer.json()
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Refused("unreachable", f"{url} answered what is no JSON object")
    return said
