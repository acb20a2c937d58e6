"""One call of a hook: a signed POST, and what came back. No row is read or written here: it runs beside the worker."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from stationer.portal.hooks import guarding, signing
from stationer.portal.hooks.models import HEAD

#: A receiver has so long to answer, in seconds; to connect, less.
TIMEOUT = httpx.Timeout(15.0, connect=5.0)
#: The whole call, however slowly an answer drips.
MOST_S = 20.0


@dataclass(frozen=True)
class Call:
    """What is sent, and where."""

    url: str
    name: str
    body: bytes
    secrets: Sequence[bytes]


@dataclass(frozen=True)
class Answer:
    """What came back. `status` is None where nothing did; `head` then says why. `wait` is what Retry-After asks, s."""

    status: int | None
    ms: int
    head: str
    at: float
    wait: int = 0

    @property
    def taken(self) -> bool:
        """Whether the receiver has it."""
        return self.status is not None and 200 <= self.status < 300

    @property
    def gone(self) -> bool:
        """Whether the receiver wants nothing more (410)."""
        return self.status == 410


def call(one: Call) -> Answer:
    """Never raises: what went wrong is in the answer."""
    began, at = time.monotonic(), time.time()
    try:
        status, head, wait = asyncio.run(_in_time(one, int(at)))
        return Answer(status, _ms(began), head, at, wait)
    except TimeoutError:
        return Answer(None, _ms(began), f"No whole answer within {MOST_S:g} seconds.", at)
    except guarding.Forbidden as error:
        return Answer(None, _ms(began), str(error), at)
    except (httpx.HTTPError, OSError, ValueError) as error:
        return Answer(None, _ms(began), f"{type(error).__name__}: {error}"[:HEAD], at)


def _ms(began: float) -> int:
    return round((time.monotonic() - began) * 1000)


async def _in_time(one: Call, at: int) -> tuple[int, str, int]:
    """Raises TimeoutError: httpx bounds each wait for an octet, and a head that drips is never late by that."""
    async with asyncio.timeout(MOST_S):
        return await _post(await _looked_up(one.url), one, at)


async def _looked_up(url: str) -> guarding.Place:
    """A name server may be silent for longer than a call may take: nobody waits for the thread that asks it."""
    pool = ThreadPoolExecutor(1, "hook-name")
    try:
        return await asyncio.get_running_loop().run_in_executor(pool, guarding.look_up, url)
    finally:
        pool.shutdown(wait=False)


async def _post(place: guarding.Place, one: Call, at: int) -> tuple[int, str, int]:
    """The name stays in `Host` and in TLS; the connection goes to the address that was checked."""
    headers = {
        **signing.headers(one.secrets, one.name, at, one.body),
        "Content-Type": "application/json",
        "User-Agent": "Stationer-Hooks",
        "Accept-Encoding": "identity",
        "Host": place.authority,
    }
    async with (
        httpx.AsyncClient(timeout=TIMEOUT, follow_redirects=False, trust_env=False) as client,
        client.stream(
            "POST", place.url, content=one.body, headers=headers, extensions={"sni_hostname": place.host}
        ) as answer,
    ):
        read = b""
        async for some in answer.aiter_raw(1024):
            read += some
            if len(read) >= HEAD:
                break
        wait = answer.headers.get("Retry-After", "")
        said = read[:HEAD].decode("utf-8", "replace").replace("\x00", "")
        return answer.status_code, said, int(wait) if wait.isdecimal() else 0
