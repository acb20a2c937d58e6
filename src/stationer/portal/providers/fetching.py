"""Asking a provider: a name is looked up once, what it leads to is checked, and exactly that is called.

No redirection is followed, no proxy of the environment is used; an answer has at most 1 MiB, and all of it, from the
name to the last octet, 15 seconds.
"""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from functools import partial
from typing import Any

import httpx
from django.conf import settings

from stationer.portal.hooks import guarding
from stationer.portal.providers.told import Refused

MOST_OCTETS, MOST_S = 1 << 20, 15.0
TIMEOUT = httpx.Timeout(10.0, connect=5.0)


def ask(
    url: str, *, form: dict[str, str] | None = None, headers: dict[str, str] | None = None
) -> httpx.Response:
    """GET, or POST of a form. Raises Refused `unreachable`."""
    said = {"Accept-Encoding": "identity", "User-Agent": "Stationer-Sign-In", **(headers or {})}
    try:
        return asyncio.run(_in_time(url, form, said))
    except TimeoutError as error:
        raise Refused("unreachable", f"no whole answer within {MOST_S:g} seconds") from error
    except guarding.Forbidden as error:
        raise Refused("unreachable", str(error)) from error
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise Refused("unreachable", f"{type(error).__name__}: {error}"[:300]) from error


async def _in_time(url: str, form: dict[str, str] | None, headers: dict[str, str]) -> httpx.Response:
    """Raises TimeoutError: httpx bounds each wait for an octet, and a head that drips is never late by that."""
    async with asyncio.timeout(MOST_S):
        return await _asked(await _looked_up(url), form, headers)


async def _looked_up(url: str) -> guarding.Place:
    """A name server may be silent for longer than all may take: nobody waits for the thread that asks it."""
    inside = bool(settings.PORTAL.providers_inside)
    look = partial(
        copy_context().run, guarding.look_up, url, inside=inside
    )  # its sentences in the asker's language
    pool = ThreadPoolExecutor(1, "provider-name")
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, look)
    finally:
        pool.shutdown(wait=False)


async def _asked(
    place: guarding.Place, form: dict[str, str] | None, headers: dict[str, str]
) -> httpx.Response:
    """The name stays in `Host` and in TLS; the connection goes to the address that was checked."""
    async with (
        httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST" if form else "GET",
            place.url,
            data=form,
            headers={**headers, "Host": place.authority},
            extensions={"sni_hostname": place.host},
        ) as answer,
    ):
        body = bytearray()
        async for some in answer.aiter_raw():
            body += some
            if len(body) > MOST_OCTETS:
                raise httpx.ReadError("the answer is too long")
        return httpx.Response(answer.status_code, headers=_plain(answer), content=bytes(body))


def _plain(answer: httpx.Response) -> list[tuple[str, str]]:
    """Its headers without those of a coding: none was asked for, and none is undone."""
    return [
        (name, text)
        for name, text in answer.headers.items()
        if name not in ("content-encoding", "transfer-encoding")
    ]


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
