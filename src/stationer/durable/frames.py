"""The bytes of a journal: a head, and frames behind it, each of which can be told from anything else.

| offset | bytes | what |
|---|---|---|
| 0 | 8 | `STNJRNL1` |
| 8 | 8 | salt, random for each journal: nobody can put a valid frame into a record |
| 16 | 4 | CRC-32 of bytes 0 … 16, big-endian like every number here |
| 20 | | frames |

A frame is what one commit wrote: payload length n (4 bytes), CRC-32 of salt, frame offset (8) and n (4), then
n bytes (each record: length, 4 bytes, and the record), then CRC-32 of salt, frame offset, payload (4).
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator, Sequence

MAGIC = b"STNJRNL1"
HEAD = 20
FRAME_HEAD, FRAME_TAIL, RECORD_HEAD = 8, 4, 4


class JournalError(Exception):
    """A journal cannot be used."""


class DamagedError(JournalError):
    """Acknowledged records are damaged. Keep the file, and bring it back from a backup or another edge."""


def _crc(salt: bytes, offset: int, data: bytes | memoryview) -> bytes:
    return struct.pack(">I", zlib.crc32(data, zlib.crc32(salt + struct.pack(">Q", offset))))


def head(salt: bytes) -> bytes:
    """The first bytes of a journal with this salt (8 bytes)."""
    start = MAGIC + salt
    return start + struct.pack(">I", zlib.crc32(start))


def salt_of(data: bytes) -> bytes:
    """The salt in the head of a journal. Raises DamagedError."""
    if len(data) < HEAD or data[:8] != MAGIC or zlib.crc32(data[:16]) != struct.unpack(">I", data[16:20])[0]:
        raise DamagedError("This is not a journal of ours, or its first 20 bytes are damaged.")
    return data[8:16]


def frame(salt: bytes, offset: int, held: Sequence[bytes]) -> bytes:
    """The frame of these records that begins at `offset` in its journal."""
    payload = b"".join([struct.pack(">I", len(record)) + record for record in held])
    length = struct.pack(">I", len(payload))
    return length + _crc(salt, offset, length) + payload + _crc(salt, offset, payload)


def frame_end(data: memoryview, salt: bytes, at: int, base: int = 0) -> int:
    """Where the valid frame at `at` in `data` ends, or -1 when there is none. `data` begins at `base` in the file."""
    if at + FRAME_HEAD + FRAME_TAIL > len(data):
        return -1
    length, offset = data[at : at + 4], base + at
    if _crc(salt, offset, length) != data[at + 4 : at + 8]:
        return -1
    end = at + FRAME_HEAD + int.from_bytes(length, "big")
    if end + FRAME_TAIL > len(data) or _crc(salt, offset, data[at + 8 : end]) != data[end : end + 4]:
        return -1
    return end + FRAME_TAIL


def records(payload: memoryview) -> Iterator[bytes]:
    """What stands in a frame's payload."""
    at = 0
    while at < len(payload):
        (length,) = struct.unpack(">I", payload[at : at + RECORD_HEAD])
        at += RECORD_HEAD
        yield bytes(payload[at : at + length])
        at += length


def whole(data: memoryview, salt: bytes, at: int, base: int = 0) -> tuple[list[bytes], int]:
    """The records of the whole frames from `at` in `data` on, and where the last of these frames ends in `data`."""
    found: list[bytes] = []
    while (end := frame_end(data, salt, at, base)) >= 0:
        found += records(data[at + FRAME_HEAD : end - FRAME_TAIL])
        at = end
    return found, at


def last_end(data: memoryview, salt: bytes, at: int, base: int = 0) -> int:
    """Where the last of the whole frames from `at` on ends in `data`; `at` when there is none."""
    while (end := frame_end(data, salt, at, base)) >= 0:
        at = end
    return at


def next_frame(data: memoryview, salt: bytes, at: int, base: int = 0) -> int:
    """Where the first whole frame from `at` on begins in `data`, or -1. Slow: every byte is looked at."""
    return next((place for place in range(at, len(data)) if frame_end(data, salt, place, base) >= 0), -1)


def scan(data: bytes) -> tuple[list[bytes], int]:
    """All records, and where the last whole frame ends. Raises DamagedError (offset in the message)."""
    salt, view = salt_of(data), memoryview(data)
    found, at = whole(view, salt, HEAD)
    later = next_frame(view, salt, at + 1)
    if later >= 0:
        raise DamagedError(f"Bytes {at} to {later} are damaged, and good records follow them.")
    return found, at
