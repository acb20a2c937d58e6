"""The edge, as the agent asks it (contract/http.md §1–2). Whatever it does, an answer costs at most the time
given.

The request holds sender, To and Cc and nothing else of the mail (law 3).
"""

from __future__ import annotations

import re
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar

import httpx
import msgspec

from stationer import __name__ as PRODUCT
from stationer.agent.album import DIGEST, Album
from stationer.durable.files import make_folder
from stationer.outbox.seen import Trouble
from stationer.wire.account import is_loopback
from stationer.wire.content import Block
from stationer.wire.pick import Answer, Question

BLOCK_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}\.[A-Za-z0-9_-]{1,64}")
LARGEST_ANSWER, LARGEST_BLOCK, LARGEST_PICTURE = 8_000_000, 400_000, 1_000_000
#: How long a mail waits for pictures, and how long none is asked for after one did not come (contract/http.md §2).
PICTURES_MS, PICTURES_REST_S = 2_000, 60.0
#: How long one picture may take to come, in the background.
PICTURE_S = 30.0
#: A try that does not end by itself keeps its thread until the connection times out; no more than this many.
STUCK_AT_MOST = 4
LASTING = {400, 404, 413, 422}
T = TypeVar("T")


class EdgeError(Exception):
    """The edge did not answer as it should; `trouble` says how."""

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(trouble.why)
        self.trouble = trouble


@dataclass(frozen=True)
class Answered:
    """An answer, and the PEN's hold limit when the edge told it."""

    answer: Answer
    hold_limit_ms: int | None


class Edge:
    """One edge and one device's token, for one mailbox; not thread-safe."""

    def __init__(self, url: str, token: str, cache: Path, context: ssl.SSLContext | bool = True) -> None:
        make_folder(cache, 0o700)
        self._url, self._cache = url.rstrip("/"), cache
        self.album, self._pictures_at = Album(cache / "pictures"), 0.0
        self._tries: list[threading.Thread] = []
        host = httpx.URL(url).host
        self._client = httpx.Client(
            headers={"Authorization": f"Bearer {token}", "User-Agent": PRODUCT, "Accept": "application/json"},
            timeout=httpx.Timeout(10.0, connect=3.0),
            trust_env=not is_loopback(host),  # a proxy for the outside does not lead to this machine
            verify=context,
            follow_redirects=False,
        )

    def ask(self, question: Question, patience_ms: int) -> Answered:
        """One question, one answer. Raises EdgeError."""
        body = msgspec.json.encode(question)

        def post() -> Answered:
            headers, text = self._get("POST", "/v1/pick", LARGEST_ANSWER, body)
            answer = msgspec.json.decode(text, type=Answer)
            if not answer.copies:
                raise EdgeError(Trouble("the edge's answer holds no copy"))
            hold = headers.get("Stationer-Hold-Ms", "")
            return Answered(answer, int(hold) if hold.isascii() and hold.isdigit() else None)

        return self._within(patience_ms, post)

    def blocks(self, names: Sequence[str], patience_ms: int) -> dict[str, Block]:
        """These blocks, from the cache where it has them. Raises EdgeError."""
        found = {name: block for name in dict.fromkeys(names) if (block := self.cached(name))}
        missing = [name for name in dict.fromkeys(names) if name not in found]
        return (
            found | self._within(patience_ms, lambda: {n: self._fetch(n) for n in missing})
            if missing
            else found
        )

    def cached(self, name: str) -> Block | None:
        """A block that was fetched before; they never change."""
        if not BLOCK_NAME.fullmatch(name):
            return None
        try:
            block = msgspec.json.decode((self._cache / f"{name}.json").read_bytes(), type=Block)
        except (OSError, msgspec.DecodeError):
            return None
        return block if block.name == name and sound(block) else None

    def _fetch(self, name: str) -> Block:
        if not BLOCK_NAME.fullmatch(name):
            raise EdgeError(Trouble("the edge named a block as no block is named"))
        _, text = self._get("GET", f"/v1/blocks/{name}", LARGEST_BLOCK)
        block = msgspec.json.decode(text, type=Block)
        if block.name != name or not sound(block):
            raise EdgeError(Trouble("the edge answered with another block"))
        # a cache: what a power cut leaves half-written does not decode and is fetched again
        work = self._cache / f".{name}.{threading.get_ident()}"
        work.write_bytes(text)
        work.replace(self._cache / f"{name}.json")
        return block

    def pictures(self, digests: Sequence[str], patience_ms: int) -> dict[str, bytes]:
        """The octets of those that were kept, or that come in time. Never raises: a mail does not need them."""
        missing = [digest for digest in digests if self.album.get(digest) is None]
        if missing and time.monotonic() >= self._pictures_at:
            try:
                self._within(min(patience_ms, PICTURES_MS), lambda: self._keep(missing))
            except EdgeError:
                self._pictures_at = time.monotonic() + PICTURES_REST_S
        return {digest: data for digest in digests if (data := self.album.get(digest)) is not None}

    def _keep(self, digests: Sequence[str]) -> bool:
        """Fetch pictures into the album. Raises EdgeError when one was refused, after the others came."""
        refused = None
        for digest in digests:
            try:
                self._keep_one(digest)
            except EdgeError as error:
                refused = error
        if refused is not None:
            raise refused
        return True

    def _keep_one(self, digest: str) -> None:
        if not DIGEST.fullmatch(digest):
            raise EdgeError(Trouble("the edge named a picture as no picture is named"))
        _, data = self._get("GET", f"/v1/pictures/{digest}", LARGEST_PICTURE, longest_s=PICTURE_S)
        if not self.album.put(digest, data):
            raise EdgeError(Trouble("the edge answered with another picture"))

    def _get(
        self, method: str, path: str, largest: int, body: bytes | None = None, longest_s: float = inf
    ) -> tuple[httpx.Headers, bytes]:
        headers = {"Content-Type": "application/json"} if body is not None else {}
        with self._client.stream(method, self._url + path, content=body, headers=headers) as response:
            if response.status_code != 200:
                raise EdgeError(_trouble(response.status_code))
            text, end = b"", time.monotonic() + longest_s
            for piece in response.iter_bytes():
                text += piece
                if len(text) > largest or time.monotonic() > end:
                    raise EdgeError(Trouble("the edge's answer does not end"))
            return response.headers, text

    def _within(self, patience_ms: int, work: Callable[[], T]) -> T:
        """The result of `work` if it comes in time: a timeout of the socket alone would let a slow drip go
        on.
        """
        self._tries = [thread for thread in self._tries if thread.is_alive()]
        if len(self._tries) >= STUCK_AT_MOST:
            raise EdgeError(Trouble("the edge takes connections and does not answer"))
        box: SimpleQueue[T | EdgeError] = SimpleQueue()

        thread = threading.Thread(target=lambda: box.put(_told(work)), name="edge", daemon=True)
        self._tries.append(thread)
        thread.start()
        try:
            result = box.get(timeout=patience_ms / 1_000)
        except Empty:
            raise EdgeError(Trouble("the edge takes connections and does not answer in time")) from None
        if isinstance(result, EdgeError):
            raise result
        return result

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def _told(work: Callable[[], T]) -> T | EdgeError:
    """The result, or what went wrong, in words. Nothing that the edge does may stop a mail."""
    try:
        return work()
    except EdgeError as error:
        return error
    except httpx.ConnectError:
        return EdgeError(Trouble("the edge is not there"))
    except httpx.TimeoutException:
        return EdgeError(Trouble("the edge takes connections and does not answer in time"))
    except (msgspec.DecodeError, httpx.DecodingError, httpx.ProtocolError):
        return EdgeError(Trouble("the edge's answer cannot be read"))
    except Exception as error:
        return EdgeError(Trouble(f"the edge cannot be asked ({type(error).__name__})"))


def _trouble(status: int) -> Trouble:
    if status in (401, 403):
        why = "the edge does not know this device; enrol it again (stationer agent enrol)"
        return Trouble(why, refusing=True)
    return Trouble(f"the edge answers with an error ({status})", lasting=status in LASTING)


def sound(block: Block) -> bool:
    """Whether every numbered link of a block has a target."""
    numbers = [part for part in (*block.html, *block.text) if isinstance(part, int)]
    return all(0 <= number < len(block.targets) for number in numbers)
