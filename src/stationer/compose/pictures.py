"""A picture's kind and size, from its first bytes: PNG (RFC 2083), JPEG (ITU T.81), GIF."""

from __future__ import annotations

import hashlib
import struct
from typing import NamedTuple

from stationer.wire import base32
from stationer.wire.words import PictureType

_TYPES: dict[str, PictureType] = {".png": "image/png", ".jpg": "image/jpeg", ".gif": "image/gif"}


class Shot(NamedTuple):
    """What a picture's header says: the file extension of its kind, and its size in pixels."""

    extension: str
    width: int
    height: int

    @property
    def type(self) -> PictureType:
        """The media type (RFC 2046 §4.2)."""
        return _TYPES[self.extension]


def digest_of(data: bytes) -> str:
    """24 characters that name these octets (contract/content.md §5)."""
    return base32.encode(hashlib.sha256(data).digest()[:15])


def measure(data: bytes) -> Shot | None:
    """Kind and size, or None for anything that is not a PNG, a JPEG or a GIF."""
    if data.startswith(b"\x89PNG\r\n\x1a\n") and data[12:16] == b"IHDR" and len(data) >= 24:
        return Shot(".png", *struct.unpack_from(">II", data, 16))
    if data[:6] in (b"GIF87a", b"GIF89a") and len(data) >= 10:
        return Shot(".gif", *struct.unpack_from("<HH", data, 6))
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data)
    return None


def _jpeg(data: bytes) -> Shot | None:
    """Walk the segments to the frame header (SOF0 to SOF15, without DHT, JPG and DAC)."""
    at = 2
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF:  # fill byte
            at += 1
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack_from(">HH", data, at + 5)
            return Shot(".jpg", width, height)
        elif marker == 0x01 or 0xD0 <= marker <= 0xD7:  # markers without a length
            at += 2
        else:
            at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
    return None


def fit(width: int, height: int, most_width: int, most_height: int) -> tuple[int, int]:
    """The size at which a picture stands in a box, never enlarged."""
    scale = min(1.0, most_width / max(1, width), most_height / max(1, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
