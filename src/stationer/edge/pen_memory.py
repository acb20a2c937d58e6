"""One PEN's memory in this worker: what it writes down, what it reads of the others, and how it begins.

An `asked` is known at once and on the disk a moment later; a `sent` is on the disk before it is acknowledged
(contract/memory.md §4). What this worker and the others wrote is read from the segments: the same record again changes
nothing, so whatever a segment holds up to where it was read is surely known here.
"""

from __future__ import annotations

import os
import threading
from collections import deque
from collections.abc import Sequence
from pathlib import Path

import msgspec

from stationer.durable.following import Follower
from stationer.durable.frames import DamagedError, JournalError
from stationer.edge import checkpoints
from stationer.edge.segments import SUFFIX, Segments
from stationer.pick import Memory
from stationer.watch.log import Voice
from stationer.wire.memory import Asked, Record, Sent, State

#: `asked` that wait for the disk; of more the oldest fall.
MOST_UNWRITTEN = 100_000
#: Where a follower stands whose segment does not begin as one of ours: it is not read again.
UNREADABLE = 1 << 62
#: Bytes of those that wait, and that are written at once, about.
MOST_WEIGHT, AT_ONCE = 64_000_000, 4_000_000
#: Beginnings in a row while a neighbour writes checkpoints.
TRIES = 5

voice = Voice("edge")
_encode = msgspec.msgpack.Encoder().encode
_decode: msgspec.msgpack.Decoder[Record] = msgspec.msgpack.Decoder(Record)


class PenMemory:
    """The memory of the PEN whose folder this is. `name` (edge and worker) begins the names of its own segments."""

    def __init__(self, folder: Path, name: str) -> None:
        """Knows nothing before `begin()`."""
        self.folder, self.own = folder, Segments(folder, name)
        self.memory = Memory()
        self.followers: dict[str, Follower] = {}
        self.unwritten: deque[Asked] = deque()
        self._weight = 0
        self.folded, self.dropped, self.trouble, self.begun = 0, 0, "", False
        self.told: State | None = None
        self.lock = threading.Lock()
        self._face: tuple[int, int, int] | None = None
        self._edge = name.rpartition("-")[0]

    def asked(self, record: Asked) -> None:
        """A pick was answered. Never waits for the disk."""
        with self.lock:
            self.memory.fold(record)
            self.unwritten.append(record)
            self._weight += _weight(record)
            while len(self.unwritten) > MOST_UNWRITTEN or self._weight > MOST_WEIGHT:
                self._weight -= _weight(self.unwritten.popleft())
                self.dropped += 1

    def sent(self, records: list[Sent]) -> bool:
        """Whether the reports are on the disk. They are true in any case, so they are known at once."""
        self.learn(records)
        return self.write([_encode(record) for record in records])

    def write(self, records: list[bytes] | None = None) -> bool:
        """Put what waits on the disk, and these with the last of it. What waits goes on waiting when that fails."""
        more = True
        try:
            while more:
                with self.lock:
                    waiting = self._some()
                    more = bool(self.unwritten)
                self._put(waiting, () if more else records or ())
        except (OSError, JournalError, ValueError) as fault:
            self._say(str(fault))
            return False
        self._say("")
        return True

    def _some(self) -> list[Asked]:
        """The oldest of what waits: as much as is written at once."""
        taken, weight = [], 0
        while self.unwritten and weight < AT_ONCE:
            taken.append(self.unwritten.popleft())
            weight += _weight(taken[-1])
        self._weight -= weight
        return taken

    def _put(self, waiting: list[Asked], records: Sequence[bytes]) -> None:
        try:
            self.own.append(*map(_encode, waiting), *records)
        except BaseException:
            with self.lock:
                self.unwritten.extendleft(reversed(waiting))
                self._weight += sum(map(_weight, waiting))
            raise

    def _say(self, trouble: str) -> None:
        """In the log once, when it begins and when it ends."""
        if bool(trouble) != bool(self.trouble):
            if trouble:
                voice.error("memory-unwritable", folder=self.folder, reason=trouble)
            else:
                voice.info("memory-writable", folder=self.folder)
        self.trouble = trouble

    def tell(self, state: State) -> None:
        """Take what the portal tells."""
        if state is not self.told:
            with self.lock:
                self.told = state
                self.memory.told(state, self._edge)

    def begin(self) -> None:
        """Know what the checkpoint and the segments say; what was known before and is not on the disk stays known.
        Raises OSError when the folder is there and cannot be read."""
        for _ in range(TRIES):
            face = checkpoints.face(self.folder)
            memory, positions = self._checkpoint()
            followers = {
                name: Follower(self.folder / name, positions.get(name, 0)) for name in self.segments()
            }
            records = [record for follower in followers.values() for record in self.read(follower)]
            if checkpoints.face(self.folder) == face:  # otherwise a segment may have gone meanwhile
                break
        with self.lock:
            for record in (*records, *self.unwritten):
                memory.fold(record)
            if self.told is not None:
                memory.told(self.told, self._edge)
            memory.dropped += self.memory.dropped
            self.memory, self.followers, self._face, self.begun = memory, followers, face, True

    def _checkpoint(self) -> tuple[Memory, dict[str, int]]:
        memory = Memory()
        try:
            found = checkpoints.read(self.folder)
        except checkpoints.DamagedCheckpointError as damage:
            voice.error("checkpoint-damaged", path=str(damage))
            found = None
        if found is None:
            return memory, {}
        memory.resume(found[1])
        return memory, found[0]

    def segments(self) -> dict[str, int]:
        """The names of all segments, and the bytes in each. Raises OSError when the folder cannot be read."""
        try:
            with os.scandir(self.folder) as entries:
                return {e.name: e.stat().st_size for e in entries if e.name.endswith(SUFFIX)}
        except FileNotFoundError:
            return {}

    def look(self) -> None:
        """Learn what was written since the last look. Raises OSError."""
        if checkpoints.face(self.folder) != self._face and self._missed():
            self.begin()
            return
        for name, size in self.segments().items():
            follower = self.followers.setdefault(name, Follower(self.folder / name))
            if follower.at < size:
                self.learn(self.read(follower))

    def learn(self, records: Sequence[Record]) -> None:
        """Fold them."""
        with self.lock:
            for record in records:
                self.memory.fold(record)

    def _missed(self) -> bool:
        """Whether a new checkpoint holds a segment that went before this worker had read it."""
        self._face = checkpoints.face(self.folder)
        try:
            found = checkpoints.read(self.folder)
        except checkpoints.DamagedCheckpointError as damage:
            voice.error("checkpoint-damaged", path=str(damage))
            return False
        positions, there = found[0] if found else {}, self.segments()
        read = {name: follower.at for name, follower in self.followers.items()}
        self.followers = {n: f for n, f in self.followers.items() if n in there or n in positions}
        return any(read.get(name, 0) < at for name, at in positions.items() if name not in there)

    def read(self, follower: Follower) -> list[Record]:
        """What a segment says beyond where it was read. What is none of ours is left alone."""
        try:
            return self.decoded(follower.more())
        except FileNotFoundError:
            return []
        except DamagedError as damage:
            voice.error("segment-damaged", path=follower.path, reason=str(damage))
            self.dropped += 1
            follower.at = UNREADABLE
            return []

    def decoded(self, records: list[bytes]) -> list[Record]:
        """The records; what a newer version wrote and this one does not know is passed over."""
        found = []
        self.folded += len(records)
        for record in records:
            try:
                found.append(_decode.decode(record))
            except msgspec.MsgspecError:
                self.dropped += 1
        return found


def _weight(record: Asked) -> int:
    """About how many bytes a record has, in memory and on the disk."""
    return 100 + sum(100 + len(copy.recipients) + 100 * len(copy.offered) for copy in record.copies)
