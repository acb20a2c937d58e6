"""Holds every PEN's snapshot and roll. `look()` reads what changed on the disk; requests never wait for it.

A file that fails a check of contract/snapshot.md §2 is refused and what was in force stays. It stays as well when the
file, the PEN's folder or the whole disk vanishes: a PEN leaves by a roll without devices. A process that starts only
then takes the copies of what was in force.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from stationer.edge.key import raw_public_key
from stationer.edge.last_good import LastGood
from stationer.edge.pens import Pen
from stationer.pick import Damaged, Unpacked, unpack
from stationer.pick.container import Kind
from stationer.watch.log import Voice
from stationer.wire import ids
from stationer.wire.roll import Device

FILES: tuple[tuple[Kind, str], ...] = (
    ("snapshot", "snapshot.stn"),
    ("roll", "roll.stn"),
    ("state", "state.stn"),
)

voice = Voice("edge")


class Face(NamedTuple):
    """How a file looks from outside: a file renamed over another has another inode."""

    inode: int
    size: int
    changed: int


class Holder:
    """What this process knows. `tokens` maps the SHA-256 of a token to its PEN and device.

    Tokens that were right are remembered as they were sent, so that each is hashed once and not with every request.
    Wrong ones are not, so nobody fills the memory. Looking one up tells an attacker nothing by its time: a dict
    compares letters only where the whole of a hash is the same that is keyed anew in each process. Whoever reads this
    process's memory finds the tokens that were used since the last roll; they pass through it anyway.

    `sure` says whether a token that is not known is nobody's. It is not while there is a PEN without a roll in force:
    the token may stand in the one that is missing or refused.
    """

    def __init__(
        self,
        folder: Path,
        public_key: Path,
        grace_s: float = 900,
        clock: Callable[[], float] = time.monotonic,
        last_good: LastGood | None = None,
    ) -> None:
        """Knows nothing before the first `look()`. `clock` gives monotonic seconds."""
        self.pens: dict[str, Pen] = {}
        self.tokens: dict[bytes, tuple[Pen, Device]] = {}
        self._seen: dict[str, tuple[Pen, Device]] = {}
        self.refused: dict[tuple[str, Kind], str] = {}
        self.taken = 0
        self.refusals = 0
        self.blind = ""
        self.sure = False
        self._begun = False
        self._named: set[str] | None = None
        self._folder, self._key_file = folder, public_key
        self._grace, self._clock = grace_s, clock
        self._key: bytes | None = None
        self._faces: dict[str, Face] = {}
        self._last_good = last_good or LastGood(None)

    def ready(self) -> bool:
        """Whether at least one PEN can be answered for."""
        return any(
            pen.now.snapshot is not None and pen.now.roll is not None for pen in list(self.pens.values())
        )

    def known(self, token: str) -> tuple[Pen, Device] | None:
        """Whose token this is, or None."""
        seen = self._seen  # a roll that comes now replaces it: what is found below is then forgotten
        found = seen.get(token)
        if found is None:
            found = self.tokens.get(sha256(token.encode("utf-8", "surrogatepass")).digest())
            if found is not None:
                seen[token] = found
        return found

    def look(self) -> None:
        """Take what is new in the folder. Never raises for anything found there."""
        now = self._clock()
        if self._read_key():
            for pen in self._folders():
                for kind, name in FILES:
                    self._look_at(pen, kind, f"{self._folder}/{pen}/{name}", now)
            self._begin(now)
        self.sure = self._is_sure()
        for held in self.pens.values():
            held.retired.forget(now)

    def _begin(self, now: float) -> None:
        """At the first look: the copies of what is not there, as when a disk is not mounted."""
        if not self._begun:
            self._begun = True
            for pen in self._last_good.pens():
                for kind, name in FILES:
                    if self._take_copy(pen, kind, now):
                        voice.error("file-missing", pen=pen, kind=kind, path=self._folder / pen / name)

    def _is_sure(self) -> bool:
        """Nothing is sure before the folder was listed, and where there is no roll at all."""
        if self._named is None:
            return False
        expected = self._named | self.pens.keys() | {pen for pen, kind in self.refused if kind == "roll"}
        return bool(expected) and all(self._has(pen, "roll") for pen in expected)

    def _blind(self, reason: str) -> None:
        if reason != self.blind:
            self.blind = reason
            if reason:
                voice.error("folder-unreadable", folder=self._folder, reason=reason)
            else:
                voice.info("folder-readable", folder=self._folder)

    def _read_key(self) -> bool:
        """Read the key again when its file changed; a key once read serves on."""
        try:
            face = _face(self._key_file.stat())
            if self._faces.get("key") != face:
                self._key = raw_public_key(self._key_file.read_bytes())
                self._faces["key"] = face
        except (OSError, ValueError) as fault:
            if self._key is None:
                self._blind(f"the public key {self._key_file} cannot be used: {fault}")
        return self._key is not None

    def _folders(self) -> list[str]:
        try:
            with os.scandir(self._folder) as entries:
                found = sorted(entry.name for entry in entries if _is_folder(entry))
        except OSError as fault:
            self._blind(str(fault.strerror or fault))
            return []
        self._blind("")
        self._named = (self._named or set()) | {name for name in found if _is_pen(name)}
        return found

    def _look_at(self, pen: str, kind: Kind, path: str, now: float) -> None:
        try:
            face = _face(os.stat(path))  # noqa: PTH116 (see below)
            if self._faces.get(path) == face:
                return
            with open(path, "rb") as file:  # noqa: PTH123 (a Path for each file of each look costs more than the stat)
                face, data = _face(os.fstat(file.fileno())), file.read()
        except FileNotFoundError:
            return
        except OSError as fault:  # not remembered by its face, so it is tried again at the next look
            self._take_copy(pen, kind, now)
            self._refuse(pen, kind, f"it cannot be read: {fault.strerror or fault}")
            return
        self._faces[path] = face
        self._take_copy(pen, kind, now, data)  # first, so that its serial counts
        if why := self._tried(pen, kind, data, now):
            self._refuse(pen, kind, why)
        else:
            self.refused.pop((pen, kind), None)
            self._last_good.keep(pen, kind, data)

    def _has(self, pen: str, kind: Kind) -> bool:
        return pen in self.pens and kind in self.pens[pen].serials

    def _take_copy(self, pen: str, kind: Kind, now: float, beside: bytes = b"") -> bool:
        """Bring what was last in force into force again, where nothing is yet, and the file `beside` is another."""
        if self._has(pen, kind) or not self._key:
            return False
        copy = self._last_good.find(pen, kind)
        return copy is not None and copy != beside and not self._tried(pen, kind, copy, now)

    def _tried(self, pen: str, kind: Kind, data: bytes, now: float) -> str:
        """Bring the file into force, or say why not."""
        try:
            self._take(pen, kind, data, now)
        except Damaged as fault:
            return fault.reason
        except Exception as fault:  # signed, so ours, yet this version cannot load it: keep the old one
            return f"this version cannot load it: {type(fault).__name__}: {fault}"
        return ""

    def _take(self, pen: str, kind: Kind, data: bytes, now: float) -> None:
        unpacked = unpack(data, kind=kind, public_key=self._key, pen=pen)
        held = self.pens.get(pen) or Pen(pen)
        if unpacked.serial < held.serials.get(kind, 0):
            raise Damaged(
                f"its serial {unpacked.serial} is lower than {held.serials[kind]}, which is in force"
            )
        before = held.now.roll.devices if held.now.roll is not None else {}
        held.take(kind, unpacked, now + self._grace)
        self.pens[pen] = held
        if kind == "roll":
            self._swap_tokens(held, before)
        self.taken += 1
        _say_taken(pen, kind, unpacked)

    def _swap_tokens(self, held: Pen, before: dict[bytes, Device]) -> None:
        """Each step is atomic for readers: a token is known with its PEN, or not at all."""
        after = held.now.roll.devices if held.now.roll is not None else {}
        for token in before.keys() - after.keys():
            if self.tokens.get(token, (None,))[0] is held:
                del self.tokens[token]
        for token, device in after.items():
            owner = self.tokens.get(token)
            if owner is None or owner[0] is held:  # the same token in two PENs: the first keeps it
                self.tokens[token] = (held, device)
        self._seen = {}  # last, so that nothing of before is remembered

    def _refuse(self, pen: str, kind: Kind, reason: str) -> None:
        if self.refused.get((pen, kind)) != reason:
            self.refused[pen, kind] = reason
            self.refusals += 1
            voice.error("file-refused", pen=pen, kind=kind, reason=reason)


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir()
    except OSError:  # a link that leads nowhere is no PEN
        return False


def _is_pen(name: str) -> bool:
    """Whether a folder is a PEN's by its name: what else lies there (`lost+found`) has no roll."""
    try:
        return bool(ids.inside("pen", name))
    except ValueError:
        return False


def _face(stat: os.stat_result) -> Face:
    return Face(stat.st_ino, stat.st_size, stat.st_mtime_ns)


def _say_taken(pen: str, kind: Kind, unpacked: Unpacked) -> None:
    voice.info("file-in-force", pen=pen, kind=kind, serial=unpacked.serial, made_at=unpacked.made_at)
