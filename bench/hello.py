"""The limit: a WSGI application that does nothing, for the same server as the edge."""

from __future__ import annotations

from collections.abc import Callable, Iterable


def build() -> Callable[..., Iterable[bytes]]:
    """What granian calls once in each worker."""

    def hello(_environ: dict[str, object], start_response: Callable[..., object]) -> list[bytes]:
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"hello"]

    return hello
