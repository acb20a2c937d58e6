"""Where a message's octets stand, and how they are sealed and opened there (contract/vault.md §1, contract/seal.md).

The mail is one sealed blob in pieces: segments are counted through all of them, so that no piece can stand for another.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator
from functools import lru_cache

from django.conf import settings

from stationer import seal
from stationer.blobs.names import Absent, Blobs
from stationer.blobs.opening import open_blobs
from stationer.blobs.pieces import Pieces
from stationer.portal.vault.errors import VaultError
from stationer.portal.vault.models import PIECE, SecureMessage

#: Octets of a segment's plaintext, and of what it is longer when sealed.
SEGMENT, EXTRA = 1 << 22, 28
MAIL, INDEX = "mail", "index"
GONE = (
    "What this message says cannot be read: a part of it is missing or damaged. Ask whoever runs this server."
)

#: A bucket's connections are kept from one use to the next.
_opened = lru_cache(maxsize=8)(open_blobs)


def blobs() -> Blobs:
    """Where blobs are kept. Raises OSError where the place is none."""
    return _opened(settings.PORTAL.blobs, settings.PORTAL.data / "blobs")


def folder_of(message: SecureMessage) -> str:
    """What the names of all its blobs begin with."""
    return f"{message.pen_id.hex}/{message.pk.hex}"


def place_of(message: SecureMessage, part: str) -> seal.Place:
    """What its blobs are bound to."""
    return seal.Place(message.pen_id.hex, message.pk.hex, part)


def pieces_of(message: SecureMessage) -> Pieces:
    """The pieces of its mail."""
    return Pieces(blobs(), f"{folder_of(message)}/{MAIL}")


def received(message: SecureMessage) -> list[int]:
    """Numbers of the pieces that are there."""
    names = blobs().names(f"{folder_of(message)}/{MAIL}")
    return sorted(int(name.rpartition("/")[2]) for name in names)


def length_of(message: SecureMessage, number: int) -> int:
    """Octets of a piece's plaintext. Raises VaultError: there is no such piece."""
    if not 0 <= number < message.pieces:
        raise VaultError("wrong-piece", f"This mail has pieces 0 to {message.pieces - 1}, and no {number}.")
    return min(PIECE, message.size - number * PIECE)


def sealed(message: SecureMessage, key: bytes, number: int, chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Piece `number` as it is kept: its segments, counted from the mail's beginning. Raises VaultError where `chunks`
    do not give what the piece has."""
    sealer = seal.resume(key, place_of(message, MAIL), bytes(message.head))
    length, ends = length_of(message, number), number == message.pieces - 1
    index, held, seen = number * PIECE // SEGMENT, bytearray(), 0
    if not number:
        yield sealer.header
    for chunk in chunks:
        held += chunk
        seen += len(chunk)
        if seen > length:
            break
        while len(held) > SEGMENT or (len(held) == SEGMENT and not (ends and seen == length)):
            yield sealer.segment(index, bytes(held[:SEGMENT]), False)
            del held[:SEGMENT]
            index += 1
    if seen != length:
        raise VaultError(
            "wrong-piece", f"Piece {number} has {length:,} octets, and others came. Send it again whole."
        )
    if held:
        yield sealer.segment(index, bytes(held), True)


def opener(message: SecureMessage, key: bytes) -> seal.Opener:
    """The mail, opened range by range. Raises SealError, Absent."""
    sizes = [_sealed_size(message, number) for number in range(message.pieces)]
    pieces = pieces_of(message)
    return seal.Opener(
        key,
        place_of(message, MAIL),
        sum(sizes),
        lambda start, stop: pieces.read(sizes, start, stop),
        length=message.size,
    )


def _sealed_size(message: SecureMessage, number: int) -> int:
    length = length_of(message, number)
    return (0 if number else seal.SIZE) + length + EXTRA * -(-length // SEGMENT)


def keep_index(message: SecureMessage, key: bytes, data: bytes) -> None:
    """Seal and keep what is known of its parts. Raises OSError."""
    sealer = seal.begin(key, place_of(message, INDEX), secrets.token_bytes(seal.SEED), exponent=16)
    blobs().put(f"{folder_of(message)}/{INDEX}", b"".join(seal.seal(sealer, [data])))


def read_index(message: SecureMessage, key: bytes) -> bytes:
    """What was kept. Raises SealError, Absent."""
    blob = blobs().get(f"{folder_of(message)}/{INDEX}")
    return seal.open_bytes(key, place_of(message, INDEX), blob)


def forget(message: SecureMessage) -> None:
    """Delete all its blobs; what is left when this breaks off goes the next time. Raises OSError."""
    for name in sorted(blobs().names(folder_of(message)), reverse=True):
        try:
            blobs().delete(name)
        except Absent:  # somebody else was quicker
            continue
