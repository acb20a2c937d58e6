"""GET /c/{token} against the same hello as the pick, CPU of all the server's processes per request."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bench import load
from bench.company import KEY, PEN, company
from bench.edge_http import SECONDS, set_up
from bench.processes import cpu_of, server
from bench.row import Row, in_turns, row, span
from stationer import links
from stationer.pick import compile
from stationer.pick.numbering import numbered


def _tokens(count: int) -> list[str]:
    """Tokens of so many mails, each of another pick."""
    asked = [one.asked for one in numbered(compile(company(1_000))).values()]
    by = links.signer(PEN, KEY)
    return [
        links.sign(by, n.to_bytes(16, "big"), 0, [asked[n % len(asked)]])[0].decode() for n in range(count)
    ]


def _per_request(pid: int, port: int, paths: list[str]) -> Callable[[], float]:
    requests = [load.request(path, [b""], "") for path in paths]

    def measure() -> float:
        before = cpu_of(pid)
        answered = load.send(port, requests, SECONDS)
        return (cpu_of(pid) - before) / answered

    return measure


def rows() -> Iterator[Row]:
    """A click is read, proven, journaled where the edge has a portal's key, and led on."""
    paths = [f"/c/{token}" for token in _tokens(400)]
    with contextlib.ExitStack() as stack:
        pid, port = stack.enter_context(server("bench.hello:build", {}))
        works = {"hello": _per_request(pid, port, paths)}
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        pid, port = stack.enter_context(server("stationer.edge.app:build", set_up(folder, company(1_000))))
        works["click"] = _per_request(pid, port, paths)
        for measure in works.values():
            measure()  # warm
        seen = in_turns(works)
    hello = f"{span(seen['hello'])} CPU, an empty hello on the same server"
    ours = f"{span(seen['click'])} CPU a request ({load.generator()})"
    yield row("GET /c/{token}, click redirect", ours, hello, seen["hello"] / seen["click"], "≥ 0.60")
