"""Ships segments to the portal, whoever wrote them, and removes what was received (contract/uplink.md §3).

One worker at a time does it. How far the portal is, the portal alone knows: what is sent twice counts once, so nothing
is written down here, and whoever comes next begins anew.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Literal, Protocol

from stationer.durable import frames
from stationer.durable.following import claimed, is_open
from stationer.edge.portal_door import Answered
from stationer.watch.log import Voice

#: Bytes of one PUT, about.
AT_ONCE = 1_000_000
#: A piece that the portal never takes has more.
MOST_BYTES = 4_194_304
#: Pieces of one segment in a round: a portal that takes and takes the same is no reason to stay for ever.
MOST_PIECES = 1_000
_NAME = re.compile(r"(?P<edge>.+)-(?P<worker>[a-z2-7]+)-(?P<kind>[bc])(?P<number>\d+)\.jnl")

#: What became of a segment in a round: some of it went, there was nothing to do, it is gone from here.
Became = Literal["went", "still", "gone"]

voice = Voice("edge")


class Door(Protocol):
    """How the portal is asked."""

    def put(self, segment: str, offset: int, data: bytes) -> Answered:
        """What it answers. Raises OSError when it cannot be reached."""


class PortalTrouble(OSError):
    """The portal answered otherwise than it should."""


class Shipper:
    """Ships what is in `folder`. `at` is how far the portal has each segment, as far as is known here."""

    def __init__(self, folder: Path, door: Door) -> None:
        self._folder, self._door = folder, door
        self.at: dict[str, int] = {}
        self._refused: set[str] = set()
        self.received = self.failures = self.set_aside = 0
        self.trouble = ""

    def turn(self) -> bool:
        """Ship all that is there: whether anything went. Never raises for the disk or the portal."""
        went = False
        try:
            names = in_order(self._folder)
            self.at = {name: self.at[name] for name in names if name in self.at}
            for name in names:
                went = self._ship_all(name) or went
        except OSError as fault:
            self.failures += 1
            self._say(f"{fault}")
        else:
            self._say("")
        return went

    def _ship_all(self, name: str) -> bool:
        went = False
        for _ in range(MOST_PIECES):
            try:
                became = self._ship(name)
            except FileNotFoundError:  # it had to make room meanwhile
                became = "gone"
            if became == "gone":
                self.at.pop(name, None)
                self._refused.discard(name)
            if became != "went":
                break
            went = True
        return went

    def _say(self, trouble: str) -> None:
        """In the log once, when it begins and when it ends."""
        if bool(trouble) != bool(self.trouble):
            if trouble:
                voice.error("uplink-later", reason=trouble)
            else:
                voice.info("uplink-again")
        self.trouble = trouble

    def _ship(self, name: str) -> Became:
        """The next piece of a segment. Raises OSError: later."""
        path = self._folder / name
        closed = not is_open(path)  # before it is read: nothing comes behind what is read then
        if name in self._refused:
            return self._set_aside(path, "refused")
        at = self.at.get(name, 0)
        try:
            piece, size = read_piece(path, at)
        except frames.DamagedError:
            return self._set_aside(path, "broken")
        if piece:
            return self._put(name, at, piece)
        if not closed:
            return "still"
        if size > at and follows(path, at):
            return self._set_aside(path, "broken")
        with claimed(path, size) as ours:
            if ours:
                path.unlink()
        return "gone" if ours else "still"

    def _put(self, name: str, at: int, piece: bytes) -> Became:
        answered = self._door.put(name, at, piece)
        if answered.status == 422 or (answered.status == 413 and len(piece) > MOST_BYTES):
            self._refused.add(name)
            return self._set_aside(self._folder / name, "refused")
        if answered.status not in (200, 409) or answered.received < 0 or answered.received == at:
            raise PortalTrouble(f"the portal answered {answered.status} to {len(piece)} bytes from {at} on")
        # beyond the end, where a power cut took what was received already
        self.at[name] = answered.received
        if answered.status == 200:
            self.received += len(piece)
        return "went"

    def _set_aside(self, path: Path, why: str) -> Became:
        """Once nobody writes it any more."""
        with claimed(path) as ours:
            if ours:
                path.replace(path.with_name(f"{path.name}.{why}"))
        if not ours:
            return "still"
        self.set_aside += 1
        voice.error("uplink-set-aside", path=f"{path}.{why}")
        return "gone"


def in_order(folder: Path) -> list[str]:
    """The names of the segments in `folder`: those written behind answers before those of clicks, each kind from the
    oldest on (a worker's name begins with its moment). Raises OSError."""
    try:
        with os.scandir(folder) as entries:
            found = [match for entry in entries if (match := _NAME.fullmatch(entry.name))]
    except FileNotFoundError:
        return []
    found.sort(key=lambda match: (match["kind"], match["worker"], int(match["number"])))
    return [match[0] for match in found]


def read_piece(path: Path, at: int) -> tuple[bytes, int]:
    """The whole frames of a segment from `at` on, at most about 1 MB or one frame, with its head when `at` is 0; and
    the file's size. Raises OSError, and DamagedError for no journal of ours."""
    most = AT_ONCE
    with path.open("rb") as file:
        salt = frames.salt_of(file.read(frames.HEAD))
        while True:
            file.seek(at)
            data = memoryview(file.read(most))
            size = os.fstat(file.fileno()).st_size
            begin = frames.HEAD if at == 0 else 0
            end = frames.last_end(data, salt, begin, at)
            if end > begin or len(data) < most:
                return bytes(data[: end if end > begin else 0]), size
            most *= 4  # one frame that is longer than that, or damage


def follows(path: Path, at: int) -> bool:
    """Whether there is a whole frame somewhere behind what is none at `at`. Slow. Raises OSError."""
    data = path.read_bytes()
    begin = max(at, frames.HEAD)
    return frames.next_frame(memoryview(data), frames.salt_of(data), begin + 1) >= 0
