"""A worker that starts beside a damaged file answers with what was last in force."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.edge.conftest import A, Edge
from tests.edge.world import World

from stationer.edge.holder import Holder
from stationer.edge.last_good import LastGood
from stationer.wire.roll import Roll


@pytest.fixture
def start(world: World, tmp_path: Path) -> Callable[[], Holder]:
    """A worker starts."""
    world.publish(A, "Regards")
    world.enrol(A, "alice", name="Alice")

    def started() -> Holder:
        holder = Holder(world.folder, world.key_file, last_good=LastGood(tmp_path / "state"))
        holder.look()
        return holder

    return started


@pytest.mark.parametrize("kind", ["snapshot", "roll"])
@pytest.mark.parametrize("damage", ["emptied", "cut", "flipped"])
def test_a_worker_that_starts_beside_a_damaged_file_has_what_was_in_force(
    world: World, start: Callable[[], Holder], kind: str, damage: str
) -> None:
    before = start()
    path = world.path(A, kind)
    good = path.read_bytes()
    path.write_bytes({"emptied": b"", "cut": good[:-1], "flipped": good[:99] + b"?" + good[100:]}[damage])
    after = start()
    assert after.ready() and after.tokens.keys() == before.tokens.keys()
    assert after.pens[A].serials == before.pens[A].serials
    assert list(after.refused) == [(A, kind)], "it is told all the same"


@pytest.mark.parametrize("gone", ["file", "pen", "folder", "disk"])
def test_a_worker_that_starts_while_the_files_are_gone_has_what_was_in_force(
    world: World, start: Callable[[], Holder], gone: str
) -> None:
    before = start()
    if gone == "file":
        world.path(A, "roll").unlink()
        world.path(A, "snapshot").unlink()
    else:
        shutil.rmtree(world.folder / A if gone == "pen" else world.folder)
        if gone == "disk":  # a mount point without it
            world.folder.mkdir()
    after = start()
    assert after.ready() and after.tokens.keys() == before.tokens.keys()
    world.publish(A, "Back")
    after.look()
    assert after.pens[A].serials["snapshot"] > before.pens[A].serials["snapshot"]


def test_a_pen_that_left_by_an_empty_roll_does_not_come_back_with_a_copy(
    world: World, start: Callable[[], Holder]
) -> None:
    start()
    world.enrol(A)
    start()
    shutil.rmtree(world.folder)
    assert not start().tokens


@pytest.mark.parametrize("kind", ["snapshot", "roll"])
def test_a_file_older_than_the_copy_is_refused_after_a_restart_too(
    world: World, start: Callable[[], Holder], kind: str
) -> None:
    old = world.path(A, kind).read_bytes()
    world.publish(A, "Newer")
    world.enrol(A, "alice", "bob")
    serials = start().pens[A].serials
    world.put(A, kind, old)
    holder = start()
    assert holder.pens[A].serials == serials and "lower than" in holder.refused[A, kind]


def test_a_copy_that_is_not_ours_keeps_no_file_from_coming_into_force(
    world: World, start: Callable[[], Holder], tmp_path: Path
) -> None:
    start()
    copy = tmp_path / "state" / A / "last-roll.stn"
    copy.write_bytes(world.packed(A, "roll", Roll(A, (), ()), serial=1 << 40, signed=False))
    holder = start()
    assert holder.tokens and not holder.refused


def test_a_whole_file_takes_over_from_the_copy(world: World, start: Callable[[], Holder]) -> None:
    before = start().pens[A].serials["snapshot"]
    world.path(A, "snapshot").write_bytes(b"")
    holder = start()
    world.publish(A, "Cheers")
    holder.look()
    assert holder.pens[A].serials["snapshot"] > before and not holder.refused


def test_a_copy_that_is_damaged_too_is_nothing(
    world: World, start: Callable[[], Holder], tmp_path: Path
) -> None:
    start()
    copy = tmp_path / "state" / A / "last-snapshot.stn"
    copy.write_bytes(copy.read_bytes()[:-1])
    world.path(A, "snapshot").write_bytes(b"")
    holder = start()
    assert not holder.ready() and list(holder.refused) == [(A, "snapshot")]


def test_a_copy_is_written_once_and_not_by_each_worker(start: Callable[[], Holder], tmp_path: Path) -> None:
    start()
    copy = tmp_path / "state" / A / "last-roll.stn"
    before = copy.stat()
    start()
    assert copy.stat().st_ino == before.st_ino and copy.stat().st_mtime_ns == before.st_mtime_ns
    assert before.st_mode & 0o077 == 0


def test_a_disk_that_takes_no_copy_keeps_nothing_from_coming_into_force(
    start: Callable[[], Holder], tmp_path: Path
) -> None:
    (tmp_path / "state").write_bytes(b"a file where the folder should be")
    assert start().ready()


def test_without_a_folder_for_copies_a_damaged_file_is_refused_and_told(world: World, edge: Edge) -> None:
    world.path(A, "snapshot").write_bytes(b"")
    holder = Holder(world.folder, world.key_file)
    holder.look()
    assert not holder.ready() and (A, "snapshot") in holder.refused
