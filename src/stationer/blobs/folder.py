"""A folder of blobs: `put` and `write` return when the bytes are there after a power cut (write, fsync, rename, fsync
folder). What is being written stands beside the blob: by `write` in `.NAME.RANDOM.part`, locked as long as its writer
lives; by `put` in `.NAME.tmp`, in the writer's turn in the folder (`durable.files`)."""

from __future__ import annotations

import contextlib
import os
import secrets
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from stationer.blobs.names import Absent, WrongName, checked
from stationer.durable import files
from stationer.durable.files import make_folder, remove_durably, sync_folder, write_all, write_durably

if sys.platform != "win32":
    import fcntl

__all__ = ["Absent", "Folder", "WrongName"]

_OWN = 0o600


class Folder:
    """Blobs as files below `root`."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, name: str) -> Path:
        return self.root / checked(name)

    def put(self, name: str, data: bytes) -> None:
        """Keep `data` by that name, in place of what was there. Raises OSError, WrongName."""
        path = self._path(name)
        make_folder(path.parent)
        write_durably(path, data, mode=_OWN)

    def write(self, name: str, chunks: Iterable[bytes]) -> int:
        """Keep all that `chunks` give; how many bytes. Raises OSError, WrongName, what `chunks` raise."""
        path = self._path(name)
        make_folder(path.parent)
        (part, descriptor), size = _begun(path), 0
        try:
            for chunk in chunks:
                write_all(descriptor, chunk)
                size += len(chunk)
            os.fsync(descriptor)
            part.replace(path)
        except BaseException:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)
        sync_folder(path.parent)
        return size

    def get(self, name: str) -> bytes:
        """The bytes. Raises Absent, WrongName, OSError."""
        with _told_absent(name):
            return self._path(name).read_bytes()

    def read(self, name: str, start: int, stop: int) -> bytes:
        """Bytes from `start` up to `stop`, as far as there are. Raises Absent, WrongName, OSError."""
        with _told_absent(name), self._path(name).open("rb", buffering=0) as file:
            file.seek(start)
            pieces, left = [], max(0, stop - start)
            while left and (piece := file.read(left)):
                pieces.append(piece)
                left -= len(piece)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def size(self, name: str) -> int:
        """How many bytes it has. Raises Absent, WrongName."""
        path = self._path(name)
        if not path.is_file():
            raise Absent(name)
        with _told_absent(name):
            return path.stat().st_size

    def has(self, name: str) -> bool:
        """Whether there is a blob by that name. Raises WrongName."""
        return self._path(name).is_file()

    def delete(self, name: str) -> None:
        """Forget the blob; nothing happens when there is none. Raises WrongName, OSError."""
        path = self._path(name)
        if path.is_file():
            remove_durably(path)

    def names(self, prefix: str = "") -> Iterator[str]:
        """Names of all blobs below a prefix (whole segments), sorted. Raises WrongName."""
        start = self._path(prefix) if prefix else self.root
        found = (path for path in start.rglob("*") if not path.name.startswith(".") and path.is_file())
        yield from sorted(path.relative_to(self.root).as_posix() for path in found)

    def clean(self) -> list[str]:
        """Remove what killed writers left, and nothing that is being written; the names of what was removed."""
        gone: list[Path] = []
        for where, _, found in os.walk(self.root):
            folder, hidden = Path(where), [name for name in found if name.startswith(".")]
            if any(name.endswith(".tmp") for name in hidden):
                with contextlib.suppress(OSError):
                    gone += [folder / name for name in files.clean(folder)]
            gone += [folder / name for name in hidden if name.endswith(".part") and _removed(folder / name)]
        return sorted(path.relative_to(self.root).as_posix() for path in gone)


def _begun(path: Path) -> tuple[Path, int]:
    """A file beside `path` to write in, and its locked descriptor. A cleaner that comes between making and locking it
    takes it for one that was left: then it is another."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    while True:
        part = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
        descriptor = os.open(part, flags, _OWN)
        try:
            _lock(descriptor)
            mine = part.exists()
        except BlockingIOError:
            mine = False
        except BaseException:
            os.close(descriptor)
            part.unlink(missing_ok=True)
            raise
        if mine:
            return part, descriptor
        os.close(descriptor)


def _removed(part: Path) -> bool:
    """Whether it was left by a writer that lives no more, and is gone now."""
    try:
        descriptor = os.open(part, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
    except OSError:
        return False
    try:
        _lock(descriptor)
        part.unlink()
    except OSError:
        return False
    finally:
        os.close(descriptor)
    return True


def _lock(descriptor: int) -> None:
    """Mine until I close it or die. Raises BlockingIOError where it is somebody else's. On Windows, where nobody
    removes a file that is open, nothing."""
    if sys.platform != "win32":
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)


@contextlib.contextmanager
def _told_absent(name: str) -> Iterator[None]:
    try:
        yield
    except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
        raise Absent(name) from error
