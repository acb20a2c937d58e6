"""Segments that are closed go into a checkpoint, and then go (contract/memory.md §4). One worker at a time does it."""

from __future__ import annotations

import time
from collections.abc import Container
from pathlib import Path

from stationer.durable.files import remove_durably, sync_folder
from stationer.durable.following import is_open
from stationer.edge import checkpoints
from stationer.edge.pen_memory import UNREADABLE, PenMemory, voice
from stationer.edge.segments import SUFFIX
from stationer.pick.memory import RETIRED_MS

#: A closed segment stays so long for workers that have not read it yet (s).
LEFT_ALONE_S = 60.0


def keep_house(
    pen_memory: PenMemory, campaigns: Container[str], now: int, left_alone_s: float = LEFT_ALONE_S
) -> None:
    """`campaigns` are those in force at `now` (Unix ms). Raises OSError: whatever it was, it is done another time."""
    pen_memory.own.close_old()
    if not pen_memory.segments():
        return
    with checkpoints.turn(pen_memory.folder) as ours:
        if ours:
            pen_memory.look()
            closed = [name for name in pen_memory.segments() if not is_open(pen_memory.folder / name)]
            closed = [name for name in closed if not _set_aside(pen_memory, name)]
            for name in closed:
                _finish(pen_memory, name)
            if closed:
                written = _write_down(pen_memory, closed, campaigns, now)
                _remove(pen_memory, closed, written, left_alone_s)


def tidy_departed(folder: Path, pens: Container[str], now: int) -> None:
    """Remove what is in nobody's memory any more at `now` (Unix ms): segments and checkpoints of PENs that are not
    among `pens`, when counts in them would be forgotten. Raises OSError."""
    for pen in [one for one in folder.iterdir() if one.name not in pens and one.is_dir()]:
        found = [path for path in pen.iterdir() if path.suffix == SUFFIX or path.name == checkpoints.NAME]
        for path in found:
            if path.stat().st_mtime * 1000 < now - RETIRED_MS and not is_open(path):
                path.unlink(missing_ok=True)


def _set_aside(pen_memory: PenMemory, name: str) -> bool:
    """Whether a closed segment cannot be read at all: whoever mends its first bytes finds everything in it."""
    follower = pen_memory.followers.get(name)
    if follower is None or follower.at != UNREADABLE:
        return False
    folder = pen_memory.folder
    (folder / name).replace(folder / f"{name}.broken")
    sync_folder(folder)
    del pen_memory.followers[name]
    voice.error("segment-set-aside", path=folder / f"{name}.broken")
    return True


def _finish(pen_memory: PenMemory, name: str) -> None:
    """Read a closed segment to its end, past what is damaged in it."""
    follower = pen_memory.followers.get(name)
    if follower is None or follower.at >= (pen_memory.folder / name).stat().st_size:
        return
    pen_memory.learn(pen_memory.read(follower))
    while found := follower.past_damage():
        voice.error("segment-damaged", path=follower.path, reason="a stretch of it was skipped")
        pen_memory.dropped += 1
        pen_memory.learn(pen_memory.decoded(found))
    follower.at = max(
        follower.at, (pen_memory.folder / name).stat().st_size
    )  # a torn tail was never acknowledged


def _write_down(
    pen_memory: PenMemory, closed: list[str], campaigns: Container[str], now: int
) -> dict[str, int]:
    """How far each segment stands in the checkpoint: a new one is written when a closed one is not in the last."""
    held = checkpoints.read(pen_memory.folder)
    written, sizes = held[0] if held else {}, pen_memory.segments()
    if all(name in written and written[name] >= sizes.get(name, 0) for name in closed):
        return written
    # taken before the memory is: more may be known by then, never less
    positions = {
        name: min(one.at, sizes[name]) for name, one in pen_memory.followers.items() if name in sizes
    }
    with pen_memory.lock:
        pen_memory.memory.forget(now, campaigns)
        fold = pen_memory.memory.kept()
    checkpoints.write(pen_memory.folder, positions, fold)
    return positions


def _remove(pen_memory: PenMemory, closed: list[str], written: dict[str, int], left_alone_s: float) -> None:
    for name in closed:
        path = pen_memory.folder / name
        stat = path.stat()
        if written.get(name, -1) >= stat.st_size and time.time() - stat.st_mtime >= left_alone_s:
            remove_durably(path)
