"""What an edge remembers of one PEN's recipients, read from its folder under `edge.state` and never written there."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from stationer.edge import checkpoints
from stationer.edge.pen_memory import PenMemory
from stationer.edge.segments import SUFFIX
from stationer.pick import Memory


def memory_in(folder: Path) -> Memory:
    """The memory that the journals in `FOLDER` (`STATE_FOLDER/{pen}`) and their checkpoint make. Raises OSError.

    A damaged file is set aside by whoever reads it, so a copy is read; the checkpoint is copied last, since a segment
    goes only after a checkpoint holds it (contract/memory.md §4).
    """
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name)
        segments = [path for path in sorted(folder.iterdir()) if path.suffix == SUFFIX]
        for path in (*segments, folder / checkpoints.NAME):
            with suppress(FileNotFoundError):
                shutil.copyfile(path, copy / path.name)
        reader = PenMemory(copy, "reader-0")
        reader.begin()
        return reader.memory
