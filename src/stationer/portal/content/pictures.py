"""Pictures: taken in when they are what they say, kept in blobs, given to anyone who has their address.

The digest in the address is keyed to the PEN: whoever has a picture cannot find out which company uses it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b
from typing import get_args

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer import compose
from stationer.blobs.names import Absent, Blobs
from stationer.blobs.opening import open_blobs
from stationer.portal.content.models import EXTENSIONS, Asset
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.wire.source import Picture
from stationer.wire.words import PictureType

MOST_BYTES = 2 * 1024 * 1024
MOST_PIXELS = 4_000
_KINDS: tuple[PictureType, ...] = get_args(PictureType)
_TYPES = {f".{extension}": kind for kind, extension in EXTENSIONS.items()}
#: How a whole file ends: PNG's IEND chunk, JPEG's EOI, GIF's trailer.
_ENDS = {"image/png": b"IEND\xaeB`\x82", "image/jpeg": b"\xff\xd9", "image/gif": b"\x3b"}


def blobs() -> Blobs:
    """Where the portal's blobs are."""
    return _opened(settings.PORTAL.blobs, settings.PORTAL.data / "blobs")


#: A bucket's connections are kept from one use to the next.
_opened = lru_cache(maxsize=8)(open_blobs)


def keep_picture(data: bytes, *, name: str, alt: str = "") -> Asset:
    """Take in a picture under a name; the one before it keeps its address. Raises ValidationError (`picture`)."""
    kind, width, height = inspect(data)
    digest = digest_of(data, Pen.objects.get(pk=current_pen_id()))
    values = {"digest": digest, "type": kind, "width": width, "height": height, "size": len(data), "alt": alt}
    row = Asset.objects.filter(name=name).first() or Asset(name=name)
    for field, value in values.items():
        setattr(row, field, value)
    row.full_clean()
    blobs().put(f"pictures/{row.file_name}", data)
    row.save()
    return row


def digest_of(data: bytes, pen: Pen) -> str:
    """What a picture is called in public: keyed, so that nobody can tell from it whose it is."""
    return blake2b(data, key=bytes(pen.mark_key)[:64], digest_size=20).hexdigest()


def inspect(data: bytes) -> tuple[str, int, int]:
    """Type, width and height. Raises ValidationError for what is no whole PNG, JPEG or GIF, or too large."""
    if len(data) > MOST_BYTES:
        sentence = _("The file has {size} KB; a picture may have {most}.")
        raise _wrong(sentence.format(size=len(data) // 1024, most=MOST_BYTES // 1024), "large")
    shot = compose.measure(data)
    kind = _TYPES.get(shot.extension, "") if shot else ""
    if shot is None or not data.rstrip(b"\x00\r\n").endswith(_ENDS.get(kind, b"\x00")):
        raise _wrong(
            _("This is not a whole PNG, JPEG or GIF file. Save the picture as PNG and try again."), "kind"
        )
    if not (0 < shot.width <= MOST_PIXELS and 0 < shot.height <= MOST_PIXELS):
        sentence = _("The picture has {width} × {height} pixels; each side may have {most}.")
        raise _wrong(sentence.format(width=shot.width, height=shot.height, most=MOST_PIXELS), "pixels")
    return kind, shot.width, shot.height


def _wrong(sentence: str, code: str) -> ValidationError:
    return ValidationError({"picture": ValidationError(sentence, code=code)})


def pictures(rows: Iterable[Asset] | None = None, *, embedded: bool = False) -> Mapping[str, Picture]:
    """The pictures of the PEN in scope (or these) by name, as `compose.press` takes them: to be linked, or, when
    they are `embedded`, to travel with the mail."""
    rows = Asset.objects.all() if rows is None else rows
    return {row.name: _picture(row, embedded) for row in rows}


def _picture(row: Asset, embedded: bool) -> Picture:
    """One whose file is missing can only be linked."""
    picture = Picture(row.url, row.width, row.height)
    if embedded:
        with contextlib.suppress(Absent):
            digest = own_digest(row.file_name)
            kind: PictureType = next(kind for kind in _KINDS if kind == row.type)
            picture = msgspec.structs.replace(picture, digest=digest, type=kind, size=row.size)
    return picture


@lru_cache(maxsize=16_384)
def own_digest(file_name: str) -> str:
    """What an edge calls a picture (contract/content.md §5); a file of that name never changes. Raises Absent."""
    return compose.digest_of(blobs().get(f"pictures/{file_name}"))


def octets(rows: Iterable[Asset], digests: Collection[str]) -> dict[str, bytes]:
    """The bytes of those that are called so by an edge; without those whose file is missing."""
    found = {}
    for row in rows if digests else ():
        with contextlib.suppress(Absent):
            if own_digest(row.file_name) in digests:
                found[own_digest(row.file_name)] = blobs().get(f"pictures/{row.file_name}")
    return found
