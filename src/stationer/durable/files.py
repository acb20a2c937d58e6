"""A file is the old one or the new one, whole, also after a power cut: `write_durably(path, data)`.

The bytes go to `.NAME.tmp` beside the file, are fsynced, renamed over it, and the folder is fsynced: without
the last step the rename itself may be lost. Writers in one folder take turns by a lock on the folder, which
the system drops with the process, so that a leftover of a killed writer can be told from work in hand.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

if sys.platform != "win32":
    import fcntl


def temporary(path: Path) -> Path:
    """Where the bytes of `path` are written before they take its place."""
    return path.with_name(f".{path.name}.tmp")


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[int]:
    """The folder's descriptor, locked; on Windows, which opens no folders, -1 and no lock."""
    if sys.platform == "win32":
        yield -1
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def write_all(descriptor: int, data: bytes | memoryview) -> None:
    """All of `data`; os.write may write less than it was given. Raises OSError."""
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def write_durably(path: Path, data: bytes, mode: int = 0o644, owner: tuple[int, int] | None = None) -> None:
    """Put `data` in `path`'s place. On OSError (no space, no right) the old file is as it was. `owner`: the user and
    the group whom it belongs to, where that is not who writes it; only root may give a file away."""
    with _turn(path.parent) as folder:
        work = temporary(path)
        try:
            if owner:
                work.unlink(missing_ok=True)  # a leftover may be a link to what is to be nobody else's
            _write_synced(work, data, mode, owner)
            work.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                work.unlink(missing_ok=True)
            raise
        if folder >= 0:
            os.fsync(folder)


def _write_synced(path: Path, data: bytes, mode: int, owner: tuple[int, int] | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0) | getattr(os, "O_NOFOLLOW", 0)
    flags |= os.O_EXCL if owner else os.O_TRUNC
    descriptor = os.open(path, flags, mode)
    try:
        if sys.platform != "win32":
            os.fchmod(descriptor, mode)  # a leftover may have another mode, and umask has none to say here
            if owner:
                os.fchown(descriptor, *owner)
        write_all(descriptor, data)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def make_folder(path: Path, mode: int = 0o755) -> None:
    """The folder and those above it; each new name is fsynced in the folder that holds it."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        one.mkdir(mode=mode, exist_ok=True)
        sync_folder(one.parent)


def sync_folder(path: Path) -> None:
    """Names made, renamed or removed in `path` are durable after this."""
    with _turn(path) as folder:
        if folder >= 0:
            os.fsync(folder)


def remove_durably(path: Path) -> None:
    """`path` is gone, also after a power cut; it is no fault when it was not there."""
    with _turn(path.parent) as folder:
        path.unlink(missing_ok=True)
        if folder >= 0:
            os.fsync(folder)


def clean(folder: Path) -> list[str]:
    """Remove what killed writers left in `folder`; the names of what was removed."""
    with _turn(folder):
        found = sorted(path for path in folder.glob(".*.tmp") if path.is_file())
        for path in found:
            path.unlink(missing_ok=True)
    return [path.name for path in found]
