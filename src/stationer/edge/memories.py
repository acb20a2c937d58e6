"""The memories of all PENs in this worker, and the thread that writes, reads and keeps house behind the answers."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from pathlib import Path

from stationer.edge.housekeeping import LEFT_ALONE_S, keep_house, tidy_departed
from stationer.edge.pen_memory import PenMemory, voice
from stationer.edge.pens import Pen
from stationer.watch.metrics import Registry

#: How long an `asked` waits for the disk, how often other workers' segments are read, and house is kept (s). The
#: contract's bounds are twice the first two.
WRITE_S, READ_S, HOUSE_S = 0.05, 0.1, 5.0
#: How often this thread looks where no PEN remembers anything.
IDLE_S = 0.5


class Memories:
    """By PEN id, of PENs that remember, and of those for which anything was reported.

    `name` is `{edge}-{worker}`, `clock` gives Unix ms."""

    def __init__(
        self, folder: Path, name: str, clock: Callable[[], int], left_alone_s: float = LEFT_ALONE_S
    ) -> None:
        self._folder, self._name, self._clock, self._left_alone = folder, name, clock, left_alone_s
        self.held: dict[str, PenMemory] = {}
        self._lock = threading.Lock()
        self._read_at = self._house_at = 0.0

    def of(self, pen: Pen) -> PenMemory:
        """The memory of a PEN."""
        found = self.held.get(pen.id)
        return found if found is not None else self._begin(pen)

    def _begin(self, pen: Pen) -> PenMemory:
        with self._lock:
            pen_memory = self.held.get(pen.id)
            if pen_memory is None:
                pen_memory = PenMemory(self._folder / pen.id, self._name)
                self._try(pen_memory)
                self.held[pen.id] = pen_memory
            return pen_memory

    def _try(self, pen_memory: PenMemory) -> None:
        try:
            pen_memory.begin()
        except OSError as fault:  # tried again with the next look; until then it knows what it learns itself
            voice.error("memory-unreadable", folder=pen_memory.folder, reason=str(fault))

    def tick(self, pens: Mapping[str, Pen], now: float) -> None:
        """What is due at `now` (monotonic s). Never raises for anything on the disk."""
        for pen in list(pens.values()):
            if remembers(pen):
                self.of(pen)
        read, house = now >= self._read_at, now >= self._house_at
        if read:
            self._read_at = now + READ_S
        if house:
            self._house_at = now + HOUSE_S
            with contextlib.suppress(OSError):  # done another time
                tidy_departed(self._folder, pens, self._clock())
        for pen_id, pen_memory in list(self.held.items()):
            if pen_id in pens:
                pen = pens[pen_id]
                self._serve(pen_memory, pen, read and (house or remembers(pen)), house)

    def _serve(self, pen_memory: PenMemory, pen: Pen, read: bool, house: bool) -> None:
        if pen.told is not None:
            pen_memory.tell(pen.told)
        if pen_memory.unwritten:
            pen_memory.write()
        try:
            if read and pen_memory.begun:
                pen_memory.look()
            elif read:
                pen_memory.begin()
            if house and pen_memory.begun:
                keep_house(pen_memory, campaigns(pen), self._clock(), self._left_alone)
        except OSError as fault:
            voice.debug("memory-later", folder=pen_memory.folder, reason=str(fault))

    def close(self) -> None:
        """Write what waits, and let go of the segments."""
        for pen_memory in list(self.held.values()):
            if pen_memory.unwritten:
                pen_memory.write()
            pen_memory.own.close()


def remembers(pen: Pen) -> bool:
    """Whether any campaign in force asks for a memory."""
    return pen.now.snapshot is not None and bool(pen.now.snapshot.remembering)


def campaigns(pen: Pen) -> frozenset[str]:
    """The ids of the campaigns in force."""
    snapshot = pen.now.snapshot
    return frozenset(offer.id for offer in snapshot.compiled.campaigns) if snapshot else frozenset()


def keep_remembering(memories: Memories, pens: Mapping[str, Pen]) -> None:
    """For ever, in a thread of its own: a disk that hangs holds up nobody else."""
    while True:
        time.sleep(WRITE_S if memories.held else IDLE_S)
        try:
            memories.tick(pens, time.monotonic())
        except Exception:
            voice.fault("fault")


def watch_memories(memories: Memories, registry: Registry) -> None:
    """Gauges over all PENs; none is named (law 5)."""
    counts = registry.gauge("stationer_edge_memory_counts", "Recipients and campaigns with a count.")
    waiting = registry.gauge("stationer_edge_memory_waiting", "Picks that wait for their outcome.")
    unwritten = registry.gauge("stationer_edge_memory_unwritten", "Picks that wait for the disk.")
    unwritable = registry.gauge("stationer_edge_memory_unwritable", "PENs whose journal cannot be written.")
    folded = registry.counter("stationer_edge_memory_folded_total", "Records read from segments.")
    dropped = registry.counter(
        "stationer_edge_memory_dropped_total", "Records that were given up: over a bound, or damaged."
    )

    def bring_up_to_date() -> None:
        held = list(memories.held.values())
        counts.set(sum(one.memory.size() for one in held))
        waiting.set(sum(one.memory.waiting() for one in held))
        unwritten.set(sum(len(one.unwritten) for one in held))
        unwritable.set(sum(bool(one.trouble) for one in held))
        folded.add(sum(one.folded for one in held) - folded.value())
        dropped.add(sum(one.memory.dropped + one.dropped for one in held) - dropped.value())

    registry.before.append(bring_up_to_date)
