"""Records for replay: kept only where the PEN wants them, without an address, and removed when it does not any more."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import msgspec
import pytest
from tests.edge.conftest import A, B, Edge
from tests.edge.world import World

from stationer import pick
from stationer.edge import recording
from stationer.edge.recording import Recorder
from stationer.wire.definition import Management

DAY = 86_400_000


class Kept:
    """An edge whose PEN wants records, and the recorder behind it; `now` is Unix ms."""

    def __init__(self, world: World, edge: Edge, folder: Path) -> None:
        self.world, self.edge, self.folder, self.now = world, edge, folder, 1_770_000_000_000
        self.recorder = edge.handler.recorder = Recorder(folder, lambda: self.now, "w")

    def publish(self, wants: bool) -> None:
        """A snapshot that wants records, or does not."""
        old = self.edge.holder.pens[A].now.snapshot.compiled
        self.world.write(A, "snapshot", msgspec.structs.replace(old, management=Management(replay=wants)))
        self.edge.holder.look()

    def write(self) -> list[Path]:
        """What lies there after a write."""
        self.recorder.write(list(self.edge.holder.pens.values()))
        return sorted(self.folder.glob("*/*"))


@pytest.fixture
def kept(world, edge, tmp_path) -> Kept:
    made = Kept(world, edge, tmp_path / "records")
    made.publish(True)
    return made


def test_a_pen_that_does_not_ask_for_it_has_no_records(kept):
    kept.publish(False)
    kept.edge.ask("alice")
    assert kept.write() == [] and not kept.folder.exists()


def test_what_was_answered_is_kept_and_can_be_replayed(kept):
    for name in ("bob", "carol"):
        kept.edge.ask("alice", **{"from": "alice@acme.example", "to": [f"{name}@other.example"], "cc": []})
    kept.edge.ask("alice", **{"from": "nobody@acme.example", "to": [], "cc": []})
    (path,) = kept.write()
    kept.edge.ask("alice")
    assert kept.write() == [path]
    data, state = path.read_bytes(), kept.edge.holder.pens[A].now
    assert stat.S_IMODE(path.stat().st_mode) == 0o600 and path.name == "2026-02-02-w.rpl"
    assert b"example" not in data and b"bob" not in data
    records = pick.read_records(data, state.snapshot.compiled.mark_key)
    assert [one.at for one in records] == [1_770_000_000_000] * 3
    told = pick.replay(state.snapshot, state.roll, records)
    assert (told.mails, told.left_out) == (3, 0)


def test_everything_is_removed_when_the_pen_does_not_want_it_any_more(kept):
    kept.edge.ask("alice")
    assert kept.write()
    kept.edge.ask("alice")
    kept.publish(False)
    assert kept.write() == [] and list(kept.folder.iterdir()) == []


def test_files_of_more_than_seven_days_ago_are_removed(kept):
    for _ in range(10):
        kept.edge.ask("alice")
        found = kept.write()
        kept.now += DAY
    assert [path.name[:10] for path in found] == [f"2026-02-{day:02}" for day in range(4, 12)]


def test_what_a_departed_pen_left_is_removed_by_its_age(kept):
    gone = kept.folder / B
    gone.mkdir(parents=True)
    for day in ("2020-01-01", "2026-02-01"):
        (gone / f"{day}-w.rpl").write_bytes(b"")
    assert [path.name for path in kept.write()] == ["2026-02-01-w.rpl"]


def test_what_is_too_much_is_dropped_and_counted(kept, monkeypatch):
    monkeypatch.setattr(recording, "MOST_WAITING", 3)
    for _ in range(5):
        kept.edge.ask("alice")
    (path,) = kept.write()
    assert kept.recorder.dropped == 2
    monkeypatch.setattr(recording, "MOST_BYTES", path.stat().st_size)
    kept.edge.ask("alice")
    kept.write()
    assert kept.recorder.dropped == 3


def test_neither_strangers_nor_what_can_be_no_address_wait(kept):
    kept.edge.ask("alice", **{"from": "nobody@acme.example", "to": ["bob@other.example"], "cc": []})
    assert not kept.recorder._waiting
    kept.edge.ask(
        "alice", **{"from": "alice@acme.example", "to": ["x" * 999, "bob@other.example"], "cc": ["\x00"]}
    )
    ((_, _, waiting, _),) = kept.recorder._waiting
    assert waiting.to + waiting.cc == ["bob@other.example"]


def test_a_disk_that_refuses_costs_records_and_no_answer(kept, tmp_path):
    kept.folder.write_bytes(b"a file where the folder should be")
    assert kept.edge.ask("alice").status == 200
    kept.write()
    assert kept.recorder.dropped == 1
    kept.folder.unlink()
    kept.edge.ask("alice")
    assert len(kept.write()) == 1


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="there is no /dev/full")  # noqa: PTH110
def test_half_a_record_never_stays(kept, monkeypatch):
    kept.edge.ask("alice")
    (path,) = kept.write()
    whole = path.read_bytes()
    real = os.write
    monkeypatch.setattr(recording.os, "write", lambda descriptor, data: real(descriptor, data[:5]))
    kept.edge.ask("alice")
    kept.write()
    assert path.read_bytes() == whole and kept.recorder.dropped == 1
