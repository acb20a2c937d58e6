"""Portraits: a photo is checked, turned upright, cut square, made small, and rid of all that a camera writes into it.

It is kept like any other picture of the PEN (content.pictures) and reaches mails as the attribute `photo`, its
address: `{{photo}}`. 320 pixels serve the 120 to 160 at which a signature shows it, on screens of twice the density.
"""

from __future__ import annotations

import io
from typing import IO

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from stationer.portal.content.pictures import blobs, digest_of
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id

SIDE, SMALLEST = 320, 96
MOST_BYTES = 15 * 1024 * 1024
MOST_PIXELS = 64_000_000
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")


def keep_photo(file: IO[bytes], size: int) -> str:
    """The address of the portrait made from this file of `size` octets. Raises ValidationError; nothing is kept."""
    data = square(file, size)
    name = f"{digest_of(data, Pen.objects.get(pk=current_pen_id()))}.jpg"
    blobs().put(f"pictures/{name}", data)
    return f"{settings.PUBLIC_URL}/a/{name}"


def square(file: IO[bytes], size: int) -> bytes:
    """A square JPEG. Raises ValidationError for what is no photo, or cannot be made one."""
    if size > MOST_BYTES:
        said = _("The file has {size} MB; a photo may have {most}. Save it smaller and try again.")
        raise ValidationError(
            said.format(size=size // 1024 // 1024, most=MOST_BYTES // 1024 // 1024), code="large"
        )
    try:
        with Image.open(file, formats=FORMATS) as picture:
            _measured(picture)
            picture.draft("RGB", (4 * SIDE, 4 * SIDE))
            return _written(_cut(ImageOps.exif_transpose(picture)))
    except UnidentifiedImageError:
        raise ValidationError(_unknown(file), code="kind") from None
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise ValidationError(
            _(
                "The picture is damaged or not whole. Open it on your computer, save it as JPEG and try again."
            ),
            code="damaged",
        ) from None


def _unknown(file: IO[bytes]) -> str:
    file.seek(0)
    head = file.read(512).lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if head.startswith((b"<svg", b"<?xml", b"<!doctype svg")):
        return _("This is a drawing (SVG), which can carry programs. Save it as PNG or JPEG and try again.")
    if b"ftyp" in head[:16]:
        return _("This is a photo in a phone’s own format (HEIC). Save it as JPEG and try again.")
    return _("This is no photo. Choose a JPEG, PNG, WebP or GIF file.")


def _measured(picture: Image.Image) -> None:
    width, height = picture.size
    if width * height > MOST_PIXELS:
        said = _(
            "The picture has {width} × {height} pixels, more than we take. Save it smaller and try again."
        )
        raise ValidationError(said.format(width=width, height=height), code="pixels")
    if min(width, height) < SMALLEST:
        said = _("The picture has {width} × {height} pixels; it needs {least} each way to look good.")
        raise ValidationError(said.format(width=width, height=height, least=SMALLEST), code="small")


def _cut(picture: Image.Image) -> Image.Image:
    """The square in the middle; of a tall picture a little above it, where faces are. See-through becomes white."""
    if picture.mode not in ("RGB", "L"):
        upon = Image.new("RGBA", picture.size, "white")
        upon.alpha_composite(picture.convert("RGBA"))
        picture = upon
    side = min(picture.size)
    left, top = (picture.width - side) // 2, (picture.height - side) // 4
    small = min(side, SIDE)
    return picture.convert("RGB").resize(
        (small, small), Image.Resampling.LANCZOS, box=(left, top, left + side, top + side)
    )


def _written(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=86, optimize=True)
    return out.getvalue()


def path_of(url: str) -> str:
    """A portrait's address for our own pages, which show nothing from elsewhere; empty for one that lies elsewhere."""
    return url.removeprefix(settings.PUBLIC_URL) if url.startswith(f"{settings.PUBLIC_URL}/a/") else ""
