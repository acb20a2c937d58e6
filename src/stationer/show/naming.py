"""Subjects, people's names and names of files as strangers wrote them, made safe to show and to keep.

What would let them say something else than they are is taken out: control characters, characters without a form,
what turns text round (U+202E and its kind), paths, names that are devices, endings hidden behind other endings.
"""

from __future__ import annotations

import re
import unicodedata

import msgspec

#: Characters of a subject, of a person's name and of a file's name that are shown.
LONGEST_SUBJECT, LONGEST_NAME, LONGEST_FILE = 500, 100, 120
#: Octets of a file's name in UTF-8: file systems take 255, and something is put before it where it is there already.
MOST_OCTETS = 200
#: Marks that only say where a letter belongs; joiners without which Persian or Indian words are misspelt.
_KEPT_FORMATS = frozenset("\u200c\u200d\u200e\u200f\u061c")
_SPACES = re.compile(r"\s+")
_FORBIDDEN = re.compile(r'[<>:"|?*]')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE)
_ADDRESS = re.compile(r"[^\s<>@]+@[^\s<>@]+")

KINDS: dict[str, frozenset[str]] = {
    kind: frozenset(endings.split())
    for kind, endings in {
        "picture": "avif bmp gif heic jpeg jpg png tif tiff webp dcm",
        "drawing": "svg ai eps dwg dxf",
        "pdf": "pdf",
        "text": "txt md log rtf odt doc docx pages",
        "sheet": "csv ods xls xlsx numbers",
        "slides": "odp ppt pptx key",
        "macros": "docm dotm xlsm xltm xlam pptm potm ppam",
        "sound": "aac flac m4a mp3 ogg opus wav",
        "film": "avi m4v mkv mov mp4 mpeg mpg webm",
        "archive": "7z bz2 gz rar tar tgz xz zip zst",
        "image": "img iso vhd vhdx dmg",
        "page": "htm html mht mhtml shtml xht xhtml xml",
        "mail": "eml msg",
        "calendar": "ics",
        "card": "vcf",
        "program": (
            "app appx apk bat cmd com cpl deb dll exe gadget hta jar jnlp js jse lnk msi msix msp pif ps1 psm1 py "
            "pyw rb reg rpm scf scr sh sys url vb vbe vbs wsc wsf wsh xll chm desktop command"
        ),
    }.items()
}
_KIND_OF = {ending: kind for kind, endings in KINDS.items() for ending in endings}
_ENDING_OF = {
    "application/pdf": "pdf", "application/zip": "zip", "image/gif": "gif", "image/jpeg": "jpg", "image/png": "png",
    "image/svg+xml": "svg", "image/webp": "webp", "message/rfc822": "eml", "text/calendar": "ics", "text/csv": "csv",
    "text/html": "html", "text/plain": "txt", "text/vcard": "vcf",
}  # fmt: skip
#: Kinds of which the page says that they can do something to a computer.
RISKY = frozenset({"program", "macros", "image", "page"})


class FileName(msgspec.Struct, frozen=True):
    """A file's name as it is shown and kept."""

    name: str
    #: a key of `KINDS`, or "file"
    kind: str
    #: whether the kind can do something to a computer
    risky: bool
    #: whether another ending stands before the real one, so that it looks like what it is not ("plan.pdf.exe")
    disguised: bool


def subject(text: str) -> str:
    """A subject, in one line; empty where nothing of it can be seen."""
    return _cut(_line(text), LONGEST_SUBJECT)


def person(name: str, address: str) -> str:
    """A person's name as the header gives it; the address where there is none, or where it names another address."""
    shown = _cut(_line(name).strip("'\" "), LONGEST_NAME)
    named = _ADDRESS.findall(shown)
    if not shown or any(one.strip("()[]\"',;").lower() != address.lower() for one in named):
        return _line(address)
    return shown


def file_name(name: str, media_type: str = "", path: str = "") -> FileName:
    """A name that a browser and a file system may be given, whatever a mail says.

    `media_type` and `path` (of the part) make a name where there is none.
    """
    whole = _line(unicodedata.normalize("NFC", name).replace("\\", "/")).rpartition("/")[2]
    bare = _FORBIDDEN.sub("_", whole).strip(" ").rstrip(". ").lstrip(".")
    if not bare.strip("_ "):
        bare = f"part-{path or '1'}." + _ENDING_OF.get(media_type.lower(), "bin")
    if _DEVICE.fullmatch(bare):
        bare = f"_{bare}"
    stem, ending = _parts(bare)
    kind = _KIND_OF.get(ending.lower(), "file")
    hidden = _parts(stem.rstrip(" _"))[1].lower()
    disguised = kind in RISKY and hidden in _KIND_OF and _KIND_OF[hidden] != kind
    return FileName(_short(stem, ending), kind, kind in RISKY, disguised)


def _parts(name: str) -> tuple[str, str]:
    """Stem and ending; the ending has no dot, and is empty where there is none."""
    stem, dot, ending = name.rpartition(".")
    return (stem.rstrip(" "), ending.strip(" ")) if dot and stem else (name, "")


def _short(stem: str, ending: str) -> str:
    """The name, so long as it may be; what is left out is left out before the ending, which is never hidden."""
    behind = f".{ending[:20]}" if ending else ""
    if len(stem) + len(behind) > LONGEST_FILE:
        stem = stem[: LONGEST_FILE - len(behind) - 1] + "…"
    while len((stem + behind).encode()) > MOST_OCTETS:
        stem = stem.rstrip("…")[:-1] + "…"
    return stem + behind


def _line(text: str) -> str:
    """The text in one line, without what is not seen."""
    seen = "".join(map(_seen, text))
    return _SPACES.sub(" ", seen).strip()


def _seen(character: str) -> str:
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category in ("Cc", "Cs", "Co") or (category == "Cf" and character not in _KEPT_FORMATS):
        return ""
    return character


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"
