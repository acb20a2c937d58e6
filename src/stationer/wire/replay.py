"""What an edge keeps of a mail where a PEN wants replay: keyed hashes alone (contract/replay.md §2)."""

from __future__ import annotations

import msgspec


class RecordedRecipient(msgspec.Struct, frozen=True, array_like=True):
    """Hashes of the address and of its domain and all above; inside, and the groups, as they were."""

    address: bytes
    suffixes: tuple[bytes, ...]
    inside: bool
    groups: tuple[str, ...] = ()


class Recorded(msgspec.Struct, frozen=True, array_like=True):
    """One mail: when (Unix ms), from whom (hash of the address), to whom."""

    at: int
    sender: bytes
    recipients: tuple[RecordedRecipient, ...]
