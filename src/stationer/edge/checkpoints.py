"""What a PEN's segments said, written down so that they can go: checkpoint.stn (contract/memory.md §4).

magic 8 | SHA-256 of the rest 32 | MessagePack of wire.memory.Checkpoint
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import msgspec

from stationer.durable.files import write_durably
from stationer.wire.memory import Checkpoint, Fold

if sys.platform != "win32":
    import fcntl

NAME = "checkpoint.stn"
MAGIC = b"STNCHKP1"
HEAD = len(MAGIC) + 32
_checkpoint = msgspec.msgpack.Decoder(Checkpoint)
_fold = msgspec.msgpack.Decoder(Fold)
_encode = msgspec.msgpack.Encoder().encode


class DamagedCheckpointError(Exception):
    """The checkpoint is not what was written. It was set aside; what the segments have is still there."""


def read(folder: Path) -> tuple[dict[str, int], Fold] | None:
    """How far each segment was read, and what they said; None when there is none. Raises OSError, and
    DamagedCheckpointError after setting a damaged one aside."""
    path = folder / NAME
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    try:
        if data[: len(MAGIC)] != MAGIC or sha256(data[HEAD:]).digest() != data[len(MAGIC) : HEAD]:
            raise ValueError
        found = _checkpoint.decode(data[HEAD:])
        return found.read, _fold.decode(found.fold)
    except (ValueError, msgspec.MsgspecError) as error:
        with contextlib.suppress(OSError):
            path.replace(folder / f"{NAME}.broken")
        raise DamagedCheckpointError(str(path)) from error


def write(folder: Path, positions: dict[str, int], fold: Fold) -> None:
    """Put it in the place of the one before. Raises OSError: that one stays."""
    body = _encode(Checkpoint(positions, _encode(fold)))
    write_durably(folder / NAME, MAGIC + sha256(body).digest() + body, 0o600)


def face(folder: Path) -> tuple[int, int, int] | None:
    """How it looks from outside; None when there is none. Raises OSError."""
    try:
        stat = (folder / NAME).stat()
    except FileNotFoundError:
        return None
    return stat.st_ino, stat.st_size, stat.st_mtime_ns


@contextlib.contextmanager
def turn(folder: Path) -> Iterator[bool]:
    """Whether it is this worker's turn to keep house in `folder`; the turn ends with the block. Raises OSError."""
    file = os.open(folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        try:
            if sys.platform != "win32":
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True
    finally:
        os.close(file)
