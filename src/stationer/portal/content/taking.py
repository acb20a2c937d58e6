"""A picture that somebody sends becomes one that mail programs show: its kind by its content, turned upright, no
larger than its place needs at twice the sharpness, and without what a camera writes into it (where, when, who).

Its header is read before anything is decoded, so that a small file that unpacks to a huge picture is refused early.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

#: What is sent, at most: octets, and pixels (a JPEG is decoded at a lower scale where it can be).
MOST_SENT = 12_000_000
MOST_PIXELS, MOST_JPEG_PIXELS = 25_000_000, 64_000_000
#: An animation is left as it is, when it is small enough.
MOST_MOVING = 500_000
KINDS = ("PNG", "JPEG", "GIF", "WEBP")


@dataclass(frozen=True)
class Place:
    """Where a picture is to stand: its width and height in the mail, in pixels, at most."""

    width: int
    height: int


PLACES = {
    "wide": Place(600, 400),
    "half": Place(280, 280),
    "logo": Place(320, 96),
    "portrait": Place(120, 152),
}


def take(data: bytes, place: Place) -> bytes:
    """The picture for its place. Raises ValidationError (`picture`) with what to do instead."""
    if len(data) > MOST_SENT:
        raise too_large(len(data))
    _refuse_drawings(data)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=KINDS) as picture:
                return _taken(picture, data, place)
    except (UnidentifiedImageError, Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _unknown(error) from error
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as error:
        sentence = _(
            "The file is cut off or damaged. Open it in a picture program, save it as PNG, and try again."
        )
        raise _wrong(sentence, "whole") from error


def too_large(octets: int) -> ValidationError:
    """What is said of a file that is too large, before it is read."""
    sentence = _(
        "The file has {size} MB; a picture may have {most}. Save it smaller: 1200 pixels wide is enough for any mail."
    )
    return _wrong(sentence.format(size=round(octets / 1_000_000), most=MOST_SENT // 1_000_000), "large")


def _refuse_drawings(data: bytes) -> None:
    """SVG: mail programs do not show it, and it may bring scripts."""
    start = data[:2048].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith((b"<?xml", b"<!--", b"<!doctype svg", b"<svg")) or data[:2] == b"\x1f\x8b":
        sentence = _(
            "This is an SVG drawing. Mail programs do not show those. Export it from your drawing program as PNG, "
            "1200 pixels wide, and send that."
        )
        raise _wrong(sentence, "drawing")


def _unknown(error: Exception) -> ValidationError:
    if isinstance(error, UnidentifiedImageError):
        sentence = _("This is no picture that can be read. Save it as PNG or JPEG and try again.")
        return _wrong(sentence, "kind")
    return _wrong(_("The picture has too many pixels. Save it 1200 pixels wide and try again."), "pixels")


def _taken(picture: Image.Image, data: bytes, place: Place) -> bytes:
    width, height = picture.size
    most = MOST_JPEG_PIXELS if picture.format == "JPEG" else MOST_PIXELS
    if width * height > most:
        sentence = _("The picture has {width} × {height} pixels. Save it 1200 pixels wide and try again.")
        raise _wrong(sentence.format(width=width, height=height), "pixels")
    if getattr(picture, "is_animated", False) and picture.format == "GIF":
        return _moving(picture, data)
    box = place.width * 2, place.height * 2
    picture.draft("RGB", (box[0] * 2, box[1] * 2))  # a JPEG need not be decoded larger than that
    upright = ImageOps.exif_transpose(picture)
    clear = upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info
    plain = upright.convert("RGBA" if clear else "RGB")
    plain.thumbnail(box, Image.Resampling.LANCZOS)
    return _written(plain, photograph=picture.format in ("JPEG", "WEBP") and not clear)


def _moving(picture: Image.Image, data: bytes) -> bytes:
    """An animation as it was sent: what is in it cannot be made smaller without harm."""
    if len(data) > MOST_MOVING or max(picture.size) > 1200:
        sentence = _(
            "An animation may have {most} KB and 1200 pixels. Save it smaller, or send a picture that stands still."
        )
        raise _wrong(sentence.format(most=MOST_MOVING // 1000), "moving")
    for frame in range(getattr(picture, "n_frames", 1)):
        picture.seek(frame)  # a later frame may be damaged
    return data


def _written(picture: Image.Image, *, photograph: bool) -> bytes:
    """PNG for drawings, JPEG for photographs. Nothing of the old file's remarks goes along."""
    out = io.BytesIO()
    bare = Image.new(picture.mode, picture.size)
    bare.paste(picture)
    if photograph:
        bare.save(out, "JPEG", quality=85, optimize=True, progressive=True)
    else:
        bare.save(out, "PNG", optimize=True)
    return out.getvalue()


def _wrong(sentence: str, code: str) -> ValidationError:
    return ValidationError({"picture": ValidationError(sentence, code=code)})
