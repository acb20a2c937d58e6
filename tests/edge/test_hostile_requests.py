"""The edge under hostile requests: only answers that contract/http.md knows, none a fault, none late."""

from __future__ import annotations

import json

import pytest
from fuzz.edge import Request, besiege, exchanged, judge
from tests.edge.conftest import A
from tests.edge.running import MAIL, within


def test_whatever_comes_over_the_wire_the_answer_is_well_formed(running):
    running.world.publish(A, "Cheers", banner="Sale")
    assert within(5, lambda: running.words() == "CheersAlice Sale")
    assert list(besiege(running, 6, seed=20)) == []


@pytest.mark.parametrize(
    ("to", "said"),
    [(["x"] * 1_001, "1000 recipients"), (["x" * 1_000] * 1_100, "1048576 bytes")],
)
def test_what_is_beyond_the_limits_is_refused_with_the_limit(running, to, said):
    request = Request("POST", "/v1/pick", "Bearer alice", json.dumps({**MAIL, "to": to}).encode())
    reply = exchanged(running.port, request.bytes())
    judge(request, reply)
    assert reply.status == 413 and said in json.loads(reply.body)["message"]


def test_a_body_that_never_ends_is_refused_at_the_limit(running):
    chunk = b"10000\r\n" + b" " * 65_536 + b"\r\n"
    head = b"POST /v1/pick HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nTransfer-Encoding: chunked\r\n\r\n"
    reply = exchanged(running.port, head + chunk * 40)
    assert reply is None or reply.status == 413
    assert running.words() == "RegardsAlice"
