"""What recipients were sent, at the edge: reported, counted once, read by every worker, there after a restart."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest
from tests.durable.conftest import tiny_disk
from tests.edge.conftest import A, B, Edge
from tests.edge.world import World

from stationer.edge import checkpoints, pen_memory, segments
from stationer.edge.handler import Response
from stationer.pick.counting import recipient_key
from stationer.wire.definition import Caps
from stationer.wire.memory import State

__all__ = ["tiny_disk"]

BOB, EVE = "bob@other.example", "eve@other.example"
Start = Callable[[str], Edge]


@pytest.fixture
def state(world: World) -> Path:
    """The folder of PEN A's segments."""
    return world.folder.parent / "state" / A


@pytest.fixture
def start(world: World) -> Start:
    """A worker by name, over a PEN A whose campaign is shown once to each recipient."""
    world.publish(A, banner="Fair", caps=Caps(ever=1))
    world.enrol(A, "alice")

    def begin(worker: str) -> Edge:
        edge = Edge(world, worker)
        edge.look()
        return edge

    return begin


def ask(edge: Edge, *to: str) -> dict[str, Any]:
    """A pick's answer."""
    answer = edge.ask("alice", **{"from": "alice@acme.example", "to": list(to), "cc": []})
    return msgspec.json.decode(answer.body)  # type: ignore[no-any-return]


def shows(edge: Edge, *to: str) -> bool:
    """Whether the campaign stands in a new mail to these."""
    return "banner" in ask(edge, *to)["copies"][0]["new"]


def used(answer: dict[str, Any]) -> dict[str, Any]:
    """A report that all of its candidates were used."""
    choice = answer["copies"][0]["new"]
    marks = [one["mark"] for slot in choice.values() for one in slot]
    return {"pick": answer["pick"], "copy": 0, "outcome": {"used": marks}}


def send(edge: Edge, *to: str) -> Response:
    """A mail to these, asked about and reported."""
    return edge.report(used(ask(edge, *to)))


def crash(edge: Edge) -> None:
    """Let go of the segments as a process does that is gone."""
    for one in edge.memories.held.values():
        one.own.close()


def test_only_what_was_sent_counts_and_only_for_its_recipients(start):
    edge = start("one")
    answer = ask(edge, BOB)
    assert shows(edge, BOB)
    response = edge.report(used(answer))
    assert (response.status, response.body) == (202, b'{"taken":1}')
    assert not shows(edge, BOB) and not shows(edge, EVE, BOB.upper()) and shows(edge, EVE)


def test_a_mail_that_left_as_written_counts_nothing(start):
    edge = start("one")
    first, second = ask(edge, BOB), ask(edge, BOB)
    for answer, outcome in ((first, "untouched"), (second, "unsent")):
        assert edge.report({**used(answer), "outcome": outcome}).status == 202
    assert edge.report(used(first)).status == 202  # the first outcome counts
    assert shows(edge, BOB)


def test_the_same_report_again_and_one_of_a_pick_that_nobody_knows_are_taken(start):
    edge = start("one")
    edge_report = used(ask(edge, BOB))
    for _ in range(3):
        assert (
            edge.report(edge_report, edge_report, {**edge_report, "pick": "pk_none"}).body == b'{"taken":3}'
        )
    [one] = edge.memories.held.values()
    edge.look()
    key = recipient_key(A.encode(), BOB)
    assert one.memory.count(key, "cam").ever == 1


def test_another_worker_knows_it_with_its_next_look_whoever_was_asked_and_whoever_was_told(start):
    one, two = start("one"), start("two")
    report = used(ask(one, BOB))
    assert two.report(report).status == 202
    for edge in (one, two, one):
        edge.look()
    assert not shows(one, BOB) and not shows(two, BOB)


def test_what_was_answered_is_there_after_a_restart(start):
    edge = start("one")
    send(edge, BOB)
    crash(edge)
    again = start("two")
    assert not shows(again, BOB) and shows(again, EVE)


def test_what_a_worker_had_not_written_yet_is_lost_with_it_and_no_more(start):
    edge = start("one")
    written, lost = ask(edge, BOB), None
    edge.look()
    lost = ask(edge, EVE)
    crash(edge)
    again = start("two")
    again.report(used(written), used(lost))
    assert not shows(again, BOB) and shows(again, EVE)


def test_closed_segments_go_into_a_checkpoint_and_then_away(start, state):
    for worker in ("one", "two", "three"):
        edge = start(worker)
        send(edge, f"{worker}@other.example")
        crash(edge)
    last = start("four")
    last.look()
    assert [path.name for path in state.iterdir() if path.suffix == ".jnl"] == []
    assert (state / checkpoints.NAME).exists()
    fresh = start("five")
    assert not any(shows(fresh, f"{worker}@other.example") for worker in ("one", "two", "three"))
    assert shows(fresh, BOB)


def test_a_segment_that_a_live_worker_writes_stays(start, state):
    one, two = start("one"), start("two")
    send(one, BOB)
    two.look()
    assert [path.name for path in state.glob("*.jnl")] == ["edge-one-1.jnl"]


def test_a_worker_that_slept_while_a_segment_went_learns_it_from_the_checkpoint(start, state):
    sleeper, one, two = start("sleeper"), start("one"), start("two")
    waits = ask(sleeper, EVE)
    send(one, BOB)
    crash(one)
    two.look()
    assert not list(state.glob("edge-one-*"))
    assert shows(sleeper, BOB)
    sleeper.look()
    assert not shows(sleeper, BOB)
    sleeper.report(used(waits))
    assert not shows(sleeper, EVE)


def test_a_segment_that_is_full_or_a_day_old_is_closed_and_the_next_begun(start, state, monkeypatch):
    edge = start("one")
    [one] = edge.memories.held.values()
    monkeypatch.setattr(segments, "MOST_BYTES", 100)
    for _ in range(2):
        assert send(edge, BOB).status == 202
    assert {path.name for path in state.glob("*.jnl")} == {"edge-one-1.jnl", "edge-one-2.jnl"}
    monkeypatch.setattr(segments, "MOST_BYTES", 10**6)
    send(edge, EVE)
    monkeypatch.setattr(segments, "OLDEST_S", -1.0)
    edge.look()
    assert not list(state.glob("*.jnl")) and not shows(edge, EVE)
    assert one.trouble == ""


def test_a_checkpoint_that_is_damaged_is_set_aside_and_the_segments_are_read(start, state):
    edge = start("one")
    send(edge, BOB)
    crash(edge)
    (state / checkpoints.NAME).write_bytes(b"STNCHKP1" + bytes(60))
    again = start("two")
    assert not shows(again, BOB) and (state / f"{checkpoints.NAME}.broken").exists()


def test_damage_in_a_closed_segment_costs_what_is_damaged_alone(start, state):
    edge = start("one")
    send(edge, BOB)
    size = (state / "edge-one-1.jnl").stat().st_size
    send(edge, EVE)
    crash(edge)
    path = state / "edge-one-1.jnl"
    data = bytearray(path.read_bytes())
    data[size - 30] ^= 1
    path.write_bytes(data)
    again = start("two")
    again.look()
    assert shows(again, BOB) and not shows(again, EVE)
    assert "stationer_edge_memory_dropped_total 1" in again.get("/metrics").body.decode()
    assert not path.exists() and not shows(start("three"), EVE)


def test_a_closed_segment_whose_first_bytes_are_damaged_is_set_aside_and_not_removed(start, state):
    edge = start("one")
    send(edge, BOB)
    crash(edge)
    path, aside = state / "edge-one-1.jnl", state / "edge-one-1.jnl.broken"
    whole = path.read_bytes()
    path.write_bytes(whole[:9] + bytes([whole[9] ^ 1]) + whole[10:])
    again = start("two")
    send(again, EVE)
    again.look()
    assert not path.exists() and len(aside.read_bytes()) == len(whole)
    assert "stationer_edge_memory_dropped_total 1" in again.get("/metrics").body.decode()
    aside.unlink()
    path.write_bytes(whole)  # mended by hand
    again.look()
    assert not shows(again, BOB)


def test_what_is_no_segment_of_ours_is_left_out(start, state):
    state.mkdir(parents=True)
    (state / "edge-zero-1.jnl").write_bytes(b"nothing of ours")
    edge = start("one")
    send(edge, BOB)
    edge.look()
    assert not shows(edge, BOB)


def test_a_disk_that_takes_nothing_stops_no_pick_and_reports_are_for_later(world, start, state):
    state.parent.write_bytes(b"a file where the folder should be")
    edge = start("one")
    first = ask(edge, BOB)
    refused = edge.report(used(first))
    assert refused.status == 503 and msgspec.json.decode(refused.body)["error"] == "not-ready"
    assert ("Retry-After", "60") in refused.headers
    edge.look()
    lines = edge.get("/metrics").body.decode().splitlines()
    assert "stationer_edge_memory_unwritable 1" in lines and "stationer_edge_memory_unwritten 1" in lines
    state.parent.unlink()
    edge.look()
    assert edge.report(used(first)).status == 202
    crash(edge)
    assert not shows(start("two"), BOB)


@pytest.mark.parametrize("trouble", ["full", "read-only"])
def test_a_disk_that_is_full_or_read_only_stops_no_pick_and_takes_reports_when_it_can_again(
    world, start, tiny_disk, trouble
):
    edge = Edge(world, "one", tiny_disk)
    start("another")
    edge.look()
    assert send(edge, EVE).status == 202
    answer = ask(edge, BOB)
    if trouble == "full":
        with contextlib.suppress(OSError):
            (tiny_disk / "filler").write_bytes(bytes(200_000))
    else:
        crash(edge)  # a file that is open for writing would keep the disk writable
        remount(tiny_disk, "ro")
    taken = 0
    while edge.report(used(answer)).status == 202:  # what is left of the last page
        taken += 1
        assert taken < 200
    assert not shows(edge, EVE)
    edge.look()
    if trouble == "full":
        (tiny_disk / "filler").unlink()
    else:
        remount(tiny_disk, "rw")
    assert edge.report(used(answer)).status == 202
    crash(edge)
    again = Edge(world, "two", tiny_disk)
    again.look()
    assert not shows(again, BOB) and not shows(again, EVE)


def remount(folder: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(folder)], check=True)


def test_what_waits_for_the_disk_is_bounded_and_the_oldest_fall(start, state, monkeypatch):
    monkeypatch.setattr(pen_memory, "MOST_UNWRITTEN", 2)
    state.parent.write_bytes(b"")
    edge = start("one")
    answers = [ask(edge, f"{n}@other.example") for n in range(3)]
    edge.look()
    lines = edge.get("/metrics").body.decode().splitlines()
    assert "stationer_edge_memory_unwritten 2" in lines and "stationer_edge_memory_dropped_total 1" in lines
    state.parent.unlink()
    assert edge.report(*map(used, answers)).status == 202
    crash(edge)
    again = start("two")
    assert [shows(again, f"{n}@other.example") for n in range(3)] == [True, False, False]


def test_a_long_backlog_is_bounded_in_bytes_and_written_piece_by_piece(start, state, monkeypatch):
    monkeypatch.setattr(pen_memory, "AT_ONCE", 1)
    edge = start("one")
    answers = [ask(edge, f"{n}@other.example") for n in range(3)]
    (held,) = edge.memories.held.values()
    appended: list[int] = []
    real = held.own.append
    monkeypatch.setattr(held.own, "append", lambda *records: (appended.append(len(records)), real(*records)))
    assert edge.report(*map(used, answers)).status == 202
    assert appended == [1, 1, 1 + len(answers)]
    monkeypatch.setattr(pen_memory, "MOST_WEIGHT", 1)
    ask(edge, "4@other.example")
    assert not held.unwritten and held.dropped == 1


def test_what_no_journal_takes_goes_on_waiting_and_reports_are_for_later(start, monkeypatch):
    edge = start("one")
    answer = ask(edge, BOB)
    (held,) = edge.memories.held.values()

    def refuse(*_: bytes) -> None:
        raise ValueError("too much at once")

    with monkeypatch.context() as patched:
        patched.setattr(held.own, "append", refuse)
        assert edge.report(used(answer)).status == 503 and len(held.unwritten) == 1
    assert edge.report(used(answer)).status == 202 and not held.unwritten


def test_what_a_departed_pen_left_is_removed_when_its_counts_would_be(start, state):
    edge = start("one")
    gone = state.parent / B
    gone.mkdir(parents=True)
    old, young = gone / "edge-x-1.jnl", gone / "checkpoint.stn"
    for path, days in ((old, 401), (young, 399)):
        path.write_bytes(b"")
        os.utime(path, (edge.now / 1000 - days * 86_400,) * 2)
    edge.look()
    assert not old.exists() and young.exists()


def test_stops_and_counts_of_other_edges_come_down_and_are_replaced(world, start):
    edge = start("one")
    send(edge, BOB)
    [one] = edge.memories.held.values()
    rows = one.memory.kept().counts
    carol = recipient_key(A.encode(), "carol@other.example")
    elsewhere = {"cam": carol + rows["cam"][8:]}
    world.write(
        A, "state", State(A, {"cam": recipient_key(A.encode(), EVE)}, {"berlin": elsewhere, "edge": rows})
    )
    edge.look()
    assert not shows(edge, "carol@other.example") and shows(
        edge, EVE
    )  # this campaign does not stop after a click
    world.publish(A, banner="Fair", stop_after_click=True)
    edge.look()
    edge.look()
    assert not shows(edge, EVE) and shows(edge, "carol@other.example")
    world.write(A, "state", State(A))
    edge.look()
    edge.look()
    assert shows(edge, EVE)


def test_a_report_to_another_pen_counts_nothing(world, start):
    world.publish(B, banner="Fair", caps=Caps(ever=1))
    world.enrol(B, "boris")
    edge = start("one")
    report = used(ask(edge, BOB))
    assert edge.report(report, token="boris").status == 202
    edge.look()
    assert shows(edge, BOB)
    assert edge.report(report, token="nobody").status == 401


def test_a_pen_that_remembers_nothing_writes_nothing_of_its_picks(world, edge, state):
    world.publish(A, banner="Fair")
    edge.look()
    assert shows(edge, BOB)
    edge.look()
    assert not state.parent.exists()


def test_a_report_to_a_worker_that_has_not_seen_the_new_snapshot_yet_counts(world, start):
    world.publish(A, banner="Fair")
    slow = Edge(world, "slow")
    slow.look()
    world.publish(A, banner="Fair", caps=Caps(ever=1))
    quick = start("quick")
    assert slow.report(used(ask(quick, BOB))).status == 202
    quick.look()
    assert not shows(quick, BOB)


def test_caps_that_are_published_while_it_runs_hold_from_then_on(world, edge):
    world.publish(A, banner="Fair")
    edge.look()
    send(edge, BOB)
    world.publish(A, banner="Fair", caps=Caps(ever=1))
    edge.look()
    assert shows(edge, BOB)
    send(edge, BOB)
    assert not shows(edge, BOB)


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[1]",
        b'[{"pick":"pk","copy":-1,"outcome":"untouched"}]',
        b'[{"pick":"pk","copy":0,"outcome":"lost"}]',
        b'[{"pick":"pk","copy":0,"outcome":{"used":["%s"]}}]' % (b"x" * 65),
        b'[{"pick":"pk","copy":0,"outcome":{"used":["\\u0000"]}}]',
        b'[{"pick":"%s","copy":0,"outcome":"unsent"}]' % (b"x" * 41),
        b'[{"pick":"pk_\\u0000","copy":0,"outcome":"unsent"}]',
        b'[{"pick":"pk","copy":0,"outcome":"unsent","subject":"Hello"}]',
    ],
)
def test_anything_but_reports_is_malformed_and_says_where_to_look(edge, body):
    refused = edge.handler.handle("POST", "/v1/sent", "alice", body)
    assert refused.status == 400 and b"memory.md" in refused.body


def test_too_many_reports_at_once_are_refused(edge):
    one = {"pick": "pk", "copy": 0, "outcome": "unsent"}
    assert edge.report(*[one] * 1_000).status == 202
    assert edge.report(*[one] * 1_001).status == 413
    assert edge.handler.handle("POST", "/v1/sent", "alice", b" " * 2_000_000).status == 413
    assert edge.get("/v1/sent", "alice").status == 405
