"""How much may wait for the portal on this edge's disk: `edge.uplink_bytes` (contract/uplink.md §1)."""

from __future__ import annotations

import os
from pathlib import Path
from typing import NamedTuple

from stationer.durable.following import claimed
from stationer.edge.shipping import in_order
from stationer.edge.uplink import Room
from stationer.watch.log import Voice

voice = Voice("edge")


class Weighed(NamedTuple):
    """What the folder still takes, the bytes in it, and the bytes that had to go."""

    room: Room
    held: int
    removed: int = 0


def weigh(folder: Path, most: int, *, tidy: bool) -> Weighed:
    """How full the folder is; with `tidy` the oldest closed segments of what was written behind answers go while there
    is more than `most` bytes, and what was set aside before them. Raises OSError."""
    sizes = _sizes(folder)
    held, removed = sum(sizes.values()), 0
    if tidy and held > most:
        for name in _dispensable(folder, sizes):
            if held - removed <= most:
                break
            removed += _remove(folder / name, sizes[name])
    if removed:
        voice.error("uplink-dropped", folder=folder, bytes=removed)
    held -= removed
    return Weighed("none" if held > most + most // 10 else "clicks" if held > most else "all", held, removed)


def _sizes(folder: Path) -> dict[str, int]:
    try:
        with os.scandir(folder) as entries:
            return {e.name: e.stat().st_size for e in entries if ".jnl" in e.name}
    except FileNotFoundError:
        return {}


def _dispensable(folder: Path, sizes: dict[str, int]) -> list[str]:
    aside = sorted(name for name in sizes if not name.endswith(".jnl"))
    return [*aside, *(name for name in in_order(folder) if "-b" in name and name in sizes)]


def _remove(path: Path, size: int) -> int:
    try:
        with claimed(path, size) as ours:
            if ours:
                path.unlink()
        return size if ours else 0
    except FileNotFoundError:
        return 0
