"""The pictures of a source: what is said in their place, how heavy they are, which programs show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from stationer.compose.lint.findings import Edit
from stationer.compose.lint.leading import host_of, is_own
from stationer.compose.lint.page import Page
from stationer.compose.lint.tags import Tag
from stationer.wire.source import Picture

#: Octets: of one picture and of all; above, a telephone on a slow line waits (1 Mbit/s: 1.6 s and 4.8 s).
HEAVY, HEAVY_TOGETHER = 200_000, 600_000
#: Words in a picture's place: more are read aloud without a pause.
LONG_ALT = 160
_FILE = re.compile(
    r"[\w .()-]*\.(?:png|jpe?g|gif|svg|webp|bmp|tiff?)|(?:img|dsc|dscn|screenshot|scan|bild)[ _-]*\d[\w ()-]*",
    re.I,
)
#: Words that say only that there is a picture; English and German.
_EMPTY = {
    "alt", "alt text", "banner", "bild", "blank", "foto", "grafik", "graphic", "header", "icon", "image", "img", "logo",
    "photo", "pic", "picture", "placeholder", "platzhalter", "spacer", "untitled",
}  # fmt: skip
_ENDING = re.compile(r"\.([a-z0-9]{3,5})(?:[?#].*)?$", re.I)
_FACTS = {
    "svg": "image-svg", "webp": "image-webp", "avif": "image-avif", "bmp": "image-bmp", "tif": "image-tiff",
    "tiff": "image-tiff", "heic": "image-heif", "heif": "image-heif",
}  # fmt: skip


class Known(NamedTuple):
    """What is known of a picture that a source calls by its name; `alt` are the words kept with it."""

    picture: Picture
    alt: str = ""


class Pictured(NamedTuple):
    """A picture in a source. `says` puts words in its place, where they can be put (page, start, end, text in front
    and behind); `tag` is there in MJML."""

    src: str
    on: Page
    at: int
    alt: str | None
    words: Page
    start: int
    end: int
    known: Known | None
    tag: Tag | None = None


def check_pictures(shown: Iterable[Pictured]) -> None:
    """All pictures of a source."""
    weights: dict[str, int] = {}
    last: Pictured | None = None
    for one in shown:
        _check_words(one)
        _check_file(one)
        if one.tag is not None:
            _check_size(one, one.tag)
        if one.known and one.known.picture.size:
            weights[one.src], last = one.known.picture.size, one
            if one.known.picture.size > HEAVY:
                one.on.say("picture-heavy", one.at, size=_kb(one.known.picture.size), most=_kb(HEAVY))
    if last is not None and sum(weights.values()) > HEAVY_TOGETHER:
        said = {"size": _kb(sum(weights.values())), "most": _kb(HEAVY_TOGETHER)}
        last.on.say("pictures-heavy", last.at, **said)


def _kb(octets: int) -> str:
    return str(octets // 1000)


def _says_nothing(alt: str) -> bool:
    return bool(_FILE.fullmatch(alt.strip())) or alt.strip(" .:!").casefold() in _EMPTY


def _check_words(one: Pictured) -> None:
    kept = one.known.alt.strip() if one.known else ""
    kept = "" if _says_nothing(kept) else kept
    if one.alt is None and one.tag is not None:
        edits = [one.words.edit(one.start, one.end, f' alt="{_quoted(kept)}"')] if kept else []
        one.on.say("alt-missing", one.at, *edits, words=kept)
    elif one.alt and _says_nothing(one.alt):
        edits = [one.words.edit(one.start, one.end, _quoted(kept) if one.tag else kept)] if kept else []
        one.words.say("alt-useless", one.start, *edits, alt=one.alt.strip(), words=kept)
    elif one.alt and len(one.alt) > LONG_ALT:
        one.words.say("alt-long", one.start, length=str(len(one.alt)), most=str(LONG_ALT))


def _quoted(text: str) -> str:
    return text.replace("&", "&amp;").replace('"', "&quot;").replace("<", "&lt;")


def _check_file(one: Pictured) -> None:
    src = one.known.picture.url if one.known else one.src
    ending = _ENDING.search(src)
    kind = ending[1].lower() if ending else ""
    if kind in _FACTS:
        one.on.say("picture-format", one.at, fact=_FACTS[kind], kind=kind.upper())
    if kind == "gif":
        one.on.say("picture-moves", one.at)
    if one.known:
        return
    if src.lower().startswith("http://"):
        one.on.say("picture-insecure", one.at, one.on.edit(one.at, one.at + 7, "https://"))
    if (host := host_of(src)) and is_own(host):
        one.on.say("picture-private", one.at, host=host)


def _check_size(one: Pictured, tag: Tag) -> None:
    """Width and height as its author wrote them."""
    width, height = _pixels(tag.get("width")), _pixels(tag.get("height"))
    real = (one.known.picture.width, one.known.picture.height) if one.known else (0, 0)
    if tag.name == "img" and not tag.get("width"):
        fits = min(real[0] or _declared(tag), 600)
        edits = [one.on.edit(tag.place, tag.place, f' width="{fits}"')] if fits else []
        one.on.say("picture-no-width", tag.start, *edits, width=str(fits))
    if not real[0] or not width:
        return
    if width > real[0]:
        at = tag.attributes["width"]
        edits = [one.on.edit(at.start, at.end, f"{real[0]}{'px' if 'px' in at.value else ''}")]
        if height:
            edits.append(_taller(one, tag, real[1]))
        one.on.say("picture-stretched", at.start, *edits, width=str(width), real=str(real[0]))
    elif height and abs(height / width / (real[1] / real[0]) - 1) > 0.05:
        right = round(width * real[1] / real[0])
        one.on.say(
            "picture-distorted", tag.attributes["height"].start, _taller(one, tag, right), height=str(right)
        )


def _taller(one: Pictured, tag: Tag, pixels: int) -> Edit:
    at = tag.attributes["height"]
    return one.on.edit(at.start, at.end, f"{pixels}{'px' if 'px' in at.value else ''}")


def _pixels(value: str) -> int:
    found = re.fullmatch(r"\s*(\d{1,4})(?:\.\d+)?(?:px)?\s*", value)
    return int(found[1]) if found else 0


def _declared(tag: Tag) -> int:
    """The width that its style says."""
    found = re.search(r"(?:^|;)\s*(?:max-)?width\s*:\s*(\d{1,4})px", tag.get("style"))
    return int(found[1]) if found else 0


def known_by(album: Mapping[str, Known], src: str) -> Known | None:
    """The picture that a source calls so: by name, as `picture:NAME`, or by its address."""
    name = src.removeprefix("picture:")
    return album.get(name) or next((one for one in album.values() if one.picture.url == src), None)
