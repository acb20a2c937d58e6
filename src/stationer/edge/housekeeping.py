"""Segments that are closed go into a checkpoint, and then go (contract/memory.md §4). One worker at a time does it."""

from __future__ import annotations

import time
from collections.abc import Container

from stationer.durable.files import remove_durably
from stationer.durable.journal import is_open
from stationer.edge import checkpoints
from stationer.edge.recorder import Recorder, voice

#: A closed segment stays so long for workers that have not read it yet (s).
LEFT_ALONE_S = 60.0


def keep_house(
    recorder: Recorder, campaigns: Container[str], now: int, left_alone_s: float = LEFT_ALONE_S
) -> None:
    """`campaigns` are those in force at `now` (Unix ms). Raises OSError: whatever it was, it is done another time."""
    recorder.own.close_old()
    if not recorder.segments():
        return
    with checkpoints.turn(recorder.folder) as ours:
        if ours:
            recorder.look()
            closed = [name for name in recorder.segments() if not is_open(recorder.folder / name)]
            for name in closed:
                _finish(recorder, name)
            if closed:
                _write_down(recorder, closed, campaigns, now)
                _remove(recorder, closed, left_alone_s)


def _finish(recorder: Recorder, name: str) -> None:
    """Read a closed segment to its end, past what is damaged in it."""
    follower = recorder.followers.get(name)
    if follower is None or follower.at >= (recorder.folder / name).stat().st_size:
        return
    recorder.learn(recorder.read(follower))
    while found := follower.past_damage():
        voice.error("segment-damaged", path=follower.path, reason="a stretch of it was skipped")
        recorder.dropped += 1
        recorder.learn(recorder.decoded(found))
    follower.at = max(
        follower.at, (recorder.folder / name).stat().st_size
    )  # a torn tail was never acknowledged


def _write_down(recorder: Recorder, closed: list[str], campaigns: Container[str], now: int) -> None:
    """A new checkpoint, when one of the closed segments is not in the last."""
    held = checkpoints.read(recorder.folder)
    written = held[0] if held else {}
    if all(name in written and written[name] >= recorder.segments().get(name, 0) for name in closed):
        return
    sizes = recorder.segments()
    # taken before the memory is: more may be known by then, never less
    positions = {name: min(one.at, sizes[name]) for name, one in recorder.followers.items() if name in sizes}
    with recorder.lock:
        recorder.memory.forget(now, campaigns)
        fold = recorder.memory.kept()
    checkpoints.write(recorder.folder, positions, fold)


def _remove(recorder: Recorder, closed: list[str], left_alone_s: float) -> None:
    held = checkpoints.read(recorder.folder)
    written = held[0] if held else {}
    for name in closed:
        path = recorder.folder / name
        stat = path.stat()
        if written.get(name, -1) >= stat.st_size and time.time() - stat.st_mtime >= left_alone_s:
            remove_durably(path)
