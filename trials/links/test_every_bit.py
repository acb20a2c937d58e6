"""No bit of a token is spare: each one turned over, against a running edge, is never answered with a redirect."""

from __future__ import annotations

import os
import socket
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

import pytest
from tests.edge.running import Running, serving
from tests.edge.test_following import definition
from tests.edge.world import World, pen_id

from stationer import links
from stationer.pick import compile
from stationer.pick.numbering import begins

PEN, MANY = pen_id(1), 500


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    """An edge with a PEN whose content has links."""
    world = World(tmp_path)
    world.write(PEN, "snapshot", compile(definition(PEN)))
    world.enrol(PEN, "alice")
    with serving(world, tmp_path, publish=False) as made:
        yield made


def signed(count: int) -> list[bytes]:
    """The raw bytes of so many right tokens, of picks that nobody knows."""
    by = links.signer(PEN, definition(PEN).mark_key)
    (digest,) = compile(definition(PEN)).contents
    asked = [links.ask(begins(digest), [0])]
    return [urlsafe_b64decode(links.sign(by, os.urandom(16), n % 256, asked)[0]) for n in range(count)]


def flipped(token: bytes) -> Iterator[bytes]:
    """It with each of its bits turned over."""
    number = int.from_bytes(token, "big")
    for bit in range(len(token) * 8):
        yield (number ^ 1 << bit).to_bytes(len(token), "big")


def answered(port: int, tokens: Iterable[bytes]) -> dict[bytes, int]:
    """How often each status was answered; many requests at a time on one connection."""
    found: dict[bytes, int] = {}
    stock = iter(tokens)
    with socket.create_connection(("127.0.0.1", port), 60) as connection:
        answers = connection.makefile("rb")
        while batch := list(islice(stock, MANY)):
            asked = [b"HEAD /c/%b HTTP/1.1\r\nHost: x\r\n\r\n" % urlsafe_b64encode(token) for token in batch]
            connection.sendall(b"".join(asked))
            for _ in batch:
                status = answers.readline().split(b" ")[1]
                found[status] = found.get(status, 0) + 1
                while answers.readline() != b"\r\n":
                    pass
    return found


@pytest.mark.parametrize("count", [10, pytest.param(1_000, marks=pytest.mark.long)])
@pytest.mark.timeout(1_800)
def test_a_token_with_any_bit_turned_over_never_leads_anywhere(running: Running, count: int) -> None:
    tokens = signed(count)
    assert answered(running.port, tokens) == {b"302": count}
    wrong = (one for token in tokens for one in flipped(token))
    assert answered(running.port, wrong) == {b"404": count * 39 * 8}
