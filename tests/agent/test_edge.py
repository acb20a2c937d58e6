"""Whatever an edge does, an answer costs at most the time given, and is what the contract says or trouble."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from stationer.agent.edge import Edge, EdgeError
from stationer.wire.pick import Question
from tests.agent.edges import TOKEN, FakeEdge

QUESTION = Question("alice@acme.test", ["bob@acme.test"], [])


@contextmanager
def dripping() -> Iterator[int]:
    """A server that sends a byte of a header now and then, for ever: no socket timeout would ever end it."""
    listener, end = socket.create_server(("127.0.0.1", 0)), threading.Event()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=drip, args=(connection,), daemon=True).start()

    def drip(connection: socket.socket) -> None:
        with connection:
            while not end.wait(0.1):
                try:
                    connection.sendall(b"H")
                except OSError:
                    return

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        end.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_an_answer_and_its_blocks(edge: FakeEdge, tmp_path: Path) -> None:
    asked = Edge(edge.url, TOKEN, tmp_path)
    answered = asked.ask(QUESTION, 5_000)
    assert answered.hold_limit_ms == 60_000 and answered.answer.copies[0].rest
    names = ["sig.alice", "ban.alice"]
    assert set(asked.blocks(names, 5_000)) == set(names)
    heard = len(edge.heard)
    assert set(Edge(edge.url, TOKEN, tmp_path).blocks(names, 5_000)) == set(names), "from the cache on disk"
    assert len(edge.heard) == heard


@pytest.mark.parametrize(
    ("mode", "lasting", "refusing"),
    [("500", False, False), ("401", False, True), ("garbage", False, False), ("html", False, False)],
)
def test_trouble_is_told_apart(
    edge: FakeEdge, tmp_path: Path, mode: str, lasting: bool, refusing: bool
) -> None:
    edge.mode = mode
    with pytest.raises(EdgeError) as caught:
        Edge(edge.url, TOKEN, tmp_path).ask(QUESTION, 5_000)
    assert (caught.value.trouble.lasting, caught.value.trouble.refusing) == (lasting, refusing)


def test_a_slow_drip_costs_no_more_than_the_patience_and_tries_do_not_pile_up(tmp_path: Path) -> None:
    with dripping() as port:
        edge = Edge(f"http://127.0.0.1:{port}", TOKEN, tmp_path)
        began = time.monotonic()
        for _ in range(8):
            with pytest.raises(EdgeError, match="does not answer"):
                edge.ask(QUESTION, 300)
        assert time.monotonic() - began < 8 * 0.3 + 5
        assert len(edge._tries) <= 4


@pytest.mark.parametrize("name", ["../../etc/passwd", "a/b.c", "", "a.b.c", "a", "%2e%2e.x", "x.y\n"])
def test_a_block_is_never_fetched_or_kept_by_another_name(edge: FakeEdge, tmp_path: Path, name: str) -> None:
    asked = Edge(edge.url, TOKEN, tmp_path / "blocks")
    assert asked.cached(name) is None
    with pytest.raises(EdgeError):
        asked.blocks([name], 5_000)
    assert not edge.heard and not [one for one in tmp_path.rglob("*") if one.is_file()]
