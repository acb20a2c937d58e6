"""What this worker tells the portal: kept sealed, a click before it is answered, the rest behind (contract/uplink.md).

Nothing here raises for anything that the disk does. A click that cannot be written is counted, and the portal is told
how many there were as soon as the disk takes anything; what waits behind answers goes on waiting, up to a bound.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal

import msgspec

from stationer.durable.frames import JournalError
from stationer.edge.sealed_segments import SealedSegments
from stationer.edge.uplink_key import UplinkKey
from stationer.watch.log import Voice
from stationer.wire.memory import Record
from stationer.wire.uplink import Addressed, AddressedCopy, Clicked, Lost, Remembered, Reported, Told

#: Records that wait for the disk and about how many bytes they have; of more the oldest fall. How many go into one.
MOST_WAITING, MOST_WEIGHT, AT_ONCE = 100_000, 64_000_000, 500
#: About how many bytes are sealed as one; a record that has more than the portal takes at once is not kept.
SEALED_WEIGHT, HEAVIEST = 1_000_000, 3_000_000
#: What is written behind answers, and fsynced, is so within about so long (s).
BEHIND_S = 0.02

#: What the folder still takes: everything, clicks alone, nothing.
Room = Literal["all", "clicks", "none"]

voice = Voice("edge")
_encode = msgspec.msgpack.Encoder().encode


class SealedUplink:
    """`name` is `{edge}-{worker}`, `now` gives Unix ms. `tick` must be called again and again (`keep_telling`)."""

    def __init__(self, folder: Path, name: str, key: UplinkKey, now: Callable[[], int]) -> None:
        self.folder, self._key, self._now = folder, key, now
        self._clicks = SealedSegments(folder, f"{name}-c", key.raw)
        self._behind = SealedSegments(folder, f"{name}-b", key.raw)
        self._waiting: deque[tuple[Told, int]] = deque()
        self._weight = 0
        self._unsaid: dict[str, int] = {}
        self._lock, self._stirred = threading.Lock(), threading.Event()
        self.room: Room = "all"
        self.lost, self.dropped, self.trouble = 0, 0, ""

    @property
    def keeps(self) -> bool:
        """Whether what it is told can be sealed."""
        return self._key.raw is not None

    def clicked(self, told: Clicked) -> None:
        """Written when this returns, or counted as lost."""
        try:
            if self.room == "none":
                raise OSError("edge.uplink_bytes are used up")
            self._clicks.put([told])
        except (OSError, JournalError) as fault:
            self._lose(told.pen, fault)
        if not self._stirred.is_set():
            self._stirred.set()

    def _lose(self, pen: str, fault: Exception) -> None:
        with self._lock:
            self.lost += 1
            self._unsaid[pen] = self._unsaid.get(pen, 0) + 1
        self._say(str(fault))

    def addressed(self, told: Addressed) -> None:
        """Written within 100 ms."""
        self._later(told, 300 + 60 * len(told.held) + sum(map(_weight, told.copies)))

    def reported(self, told: Reported) -> None:
        """Written within 100 ms."""
        self._later(told, 300 + 70 * len(told.used))

    def remembered(self, pen: str, record: Record) -> None:
        """Written within 100 ms."""
        if not self.keeps:
            return
        encoded = _encode(record)
        self._later(Remembered(pen, encoded), 200 + len(encoded))

    def _later(self, told: Told, weight: int) -> None:
        with self._lock:
            if self.room != "all" or weight > HEAVIEST:
                self.dropped += 1
                return
            self._waiting.append((told, weight))
            self._weight += weight
            while len(self._waiting) > MOST_WAITING or self._weight > MOST_WEIGHT:
                self._weight -= self._waiting.popleft()[1]
                self.dropped += 1
        if not self._stirred.is_set():
            self._stirred.set()

    def waiting(self) -> int:
        """Records that wait for the disk."""
        return len(self._waiting)

    def wait(self, seconds: float) -> None:
        """Until there is something to do for `tick`, at most so long."""
        self._stirred.wait(seconds)

    def tick(self) -> None:
        """Write what waits, have it on the disk, tell what was lost, close what is old."""
        self._stirred.clear()
        self._clicks.key = self._behind.key = self._key.raw
        troubles = [
            trouble
            for step in (
                self._tell_losses,
                partial(_sync, self._clicks),
                self._write,
                partial(_sync, self._behind),
            )
            if (trouble := _tried(step))
        ]
        if troubles or not self._unsaid:
            self._say("; ".join(dict.fromkeys(troubles)))

    def _write(self) -> None:
        while self._waiting:
            with self._lock:
                taken = self._some()
            try:
                self._behind.put([told for told, _ in taken])
            except BaseException:
                with self._lock:
                    self._waiting.extendleft(reversed(taken))
                    self._weight += sum([weight for _, weight in taken])
                raise

    def _some(self) -> list[tuple[Told, int]]:
        """The oldest of what waits: as much as is sealed as one, a record at least."""
        taken: list[tuple[Told, int]] = []
        room = SEALED_WEIGHT
        while self._waiting and len(taken) < AT_ONCE and (not taken or self._waiting[0][1] <= room):
            taken.append(self._waiting.popleft())
            room -= taken[-1][1]
            self._weight -= taken[-1][1]
        return taken

    def _tell_losses(self) -> None:
        with self._lock:
            unsaid, self._unsaid = self._unsaid, {}
        if not unsaid:
            return
        try:
            self._clicks.put([Lost(pen, self._now(), clicks) for pen, clicks in unsaid.items()])
        except BaseException:
            with self._lock:
                for pen, clicks in unsaid.items():
                    self._unsaid[pen] = self._unsaid.get(pen, 0) + clicks
            raise

    def _say(self, trouble: str) -> None:
        """In the log once, when it begins and when it ends."""
        if bool(trouble) != bool(self.trouble):
            if trouble:
                voice.error("uplink-unwritable", folder=self.folder, reason=trouble)
            else:
                voice.info("uplink-writable", folder=self.folder, lost=self.lost)
        self.trouble = trouble

    def close(self) -> None:
        """Write what waits, and let go of the segments."""
        self.tick()
        for segments in (self._clicks, self._behind):
            segments.close()


def _sync(segments: SealedSegments) -> None:
    """Have what was written on the disk, and close what is old."""
    segments.sync()
    segments.close_old()


def _tried(step: Callable[[], None]) -> str:
    """Do it; what the disk said against it, if anything: the steps behind it are done all the same."""
    try:
        step()
    except (OSError, JournalError) as fault:
        return str(fault) or type(fault).__name__
    return ""


def _weight(copy: AddressedCopy) -> int:
    """About how many bytes a copy has, and no fewer."""
    return 100 + 5 * len(copy.addresses) + len("".join(copy.addresses).encode()) + 200 * len(copy.offers)
