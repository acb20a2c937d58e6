"""The edge as it runs: granian, workers, a real folder. Swaps, refusals, revocations and bad clients."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import time
from pathlib import Path

import httpx
import pytest
from tests.edge.conftest import A, B
from tests.edge.running import MAIL, within


def test_new_files_are_in_force_within_two_seconds_at_every_worker(running):
    running.world.publish(A, "Cheers", banner="Sale")
    assert within(2, lambda: running.words() == "CheersAlice Sale")
    time.sleep(1)
    for _ in range(10):  # a new connection each, so that both workers are asked
        with httpx.Client(base_url=running.client.base_url) as fresh:
            running.client, kept = fresh, running.client
            assert running.words() == "CheersAlice Sale"
            running.client = kept


def test_a_revoked_token_is_out_and_a_new_one_in_within_two_seconds(running):
    running.world.enrol(A, "another")
    assert within(
        2, lambda: running.ask("alice").status_code == 401 and running.ask("another").status_code == 200
    )


def test_a_damaged_file_is_refused_and_told_and_the_old_one_serves_on(running):
    good = running.world.path(A, "snapshot").read_bytes()
    for place in range(0, len(good), len(good) // 7):
        flipped = bytearray(good)
        flipped[place] ^= 1
        running.world.put(A, "snapshot", bytes(flipped))
        assert within(2, lambda: running.client.get("/readyz").json()["refused"] == 1)
        assert running.words() == "RegardsAlice"
        assert "stationer_edge_files_refused 1" in running.client.get("/metrics").text
        running.world.put(A, "snapshot", good)
        assert within(2, lambda: running.client.get("/readyz").json()["refused"] == 0)
    events = [json.loads(line) for line in running.log.read_text().splitlines()]
    assert {"checksum", "begin"} & {word for e in events for word in e.get("reason", "").split()}


def test_it_serves_on_when_its_folder_vanishes(running):
    shutil.rmtree(running.world.folder)
    time.sleep(1.2)
    assert running.words() == "RegardsAlice"
    assert running.client.get("/readyz").json()["folder"] == "unreadable"


def test_a_pen_that_arrives_later_is_served_too(running):
    running.world.publish(B, "Theirs")
    running.world.enrol(B, "bob")
    assert within(2, lambda: running.words("bob") == "TheirsAlice")
    assert running.words("alice") == "RegardsAlice"


def send(port: int, data: bytes, wait: float = 5) -> bytes:
    """What comes back for these bytes; what comes until `wait` (s) when the connection stays open."""
    with socket.create_connection(("127.0.0.1", port), wait) as connection:
        connection.sendall(data)
        got = b""
        with contextlib.suppress(TimeoutError, ConnectionError):
            while b"\r\n\r\n" not in got and (chunk := connection.recv(65_536)):
                got += chunk
        return got


@pytest.mark.parametrize(
    "data",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(64),
        b"GET\r\n\r\n",
        b"POST /v1/pick HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"POST /v1/pick HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"X: " + b"y" * 600_000 + b"\r\n\r\n",
        b"GET /v1/blocks/\xff\xfe HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \xff\r\n\r\n",
        b"POST /v1/pick HTTP/1.1\r\nAuthorization: Bearer alice\r\nContent-Length: 9\r\n\r\n[garbage]",
        bytes(range(256)) * 8,
    ],
)
def test_garbage_is_answered_or_cut_off_and_others_are_served(running, data):
    got = send(running.port, data, 2)
    assert not got or (got.startswith(b"HTTP/1.") and not got.startswith(b"HTTP/1.1 5"))
    assert running.words() == "RegardsAlice"


def test_a_body_over_the_limit_is_refused(running):
    body = {**MAIL, "to": ["x" * 1000] * 1100}
    answer = running.client.post("/v1/pick", json=body, headers={"Authorization": "Bearer alice"})
    assert (answer.status_code, answer.json()["error"]) == (413, "too-large")
    assert running.words() == "RegardsAlice"


def test_clients_that_freeze_in_the_middle_do_not_stop_the_others(running):
    head = b"POST /v1/pick HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nContent-Length: 500\r\n\r\n{"
    frozen = [socket.create_connection(("127.0.0.1", running.port)) for _ in range(60)]
    try:
        for number, connection in enumerate(frozen):
            connection.sendall(head if number % 2 else head[:30])
        time.sleep(0.5)
        for _ in range(5):
            assert running.words() == "RegardsAlice"
    finally:
        for connection in frozen:
            connection.close()


def test_a_killed_worker_is_replaced(running):
    children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGKILL)
    assert within(20, lambda: running.words() == "RegardsAlice")


def test_its_log_is_json_lines_without_tokens_or_addresses(running):
    running.ask()
    running.world.put(A, "roll", b"garbage")
    time.sleep(1)
    lines = running.log.read_text().splitlines()
    assert all("event" in json.loads(line) for line in lines)
    assert "alice" not in "".join(lines) and "other.example" not in "".join(lines)
