"""A file of people as it comes: kept on disk while it is needed, its encoding and delimiter told, its lines read.

Encodings: a byte order mark says it (Unicode Standard §23.8); else zero octets say UTF-16; else what is valid UTF-8
is UTF-8 (RFC 3629), and anything else Windows-1252, which any octets but five are. The person sees the first lines
and may choose another.
"""

from __future__ import annotations

import codecs
import csv
import io
import os
import uuid
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, NamedTuple

from django.conf import settings

from stationer.durable.files import make_folder, sync_folder

MOST_BYTES = 500 * 1024 * 1024
HEAD = 64 * 1024
MOST_CELL = 32_000
#: Lines of one record, of which a text in quotation marks may have several.
MOST_LINES = 100
#: What can be chosen: codec → what people call it.
ENCODINGS = {
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": "Windows-1252",
    "latin-1": "ISO 8859-1 (Latin-1)",
    "cp1250": "Windows-1250",
    "cp1251": "Windows-1251",
    "mac-roman": "Mac Roman",
}
DELIMITERS = {",": ",", ";": ";", "\t": "Tab", "|": "|"}
#: How files begin that are no text: a key of importing.telling.
NO_TEXT = (
    (b"PK\x03\x04", "workbook"),
    (b"\xd0\xcf\x11\xe0", "workbook"),
    (b"%PDF", "pdf"),
    (b"\x89PNG", "picture"),
    (b"\xff\xd8\xff", "picture"),
    (b"GIF8", "picture"),
    (b"\x1f\x8b", "packed"),
)


class Unreadable(ValueError):
    """This cannot be read as a table of people; `code` is a key of importing.telling."""

    def __init__(self, code: str, **said: object) -> None:
        self.code, self.said = code, said
        super().__init__(code)

    def note(self) -> dict[str, object]:
        """As a row keeps it."""
        return {"code": self.code, **self.said}


class Manner(NamedTuple):
    """How a file is to be read."""

    encoding: str
    delimiter: str
    heading: bool


class Line(NamedTuple):
    """One record: the line it begins on, its cells, where in the file its reader is, and whether it is well-formed."""

    number: int
    cells: list[str]
    place: int
    whole: bool = True


def path_of(key: uuid.UUID) -> Path:
    """Where the file of this import lies."""
    return Path(settings.PORTAL.data) / "imports" / f"{key.hex}.csv"


def keep(key: uuid.UUID, chunks: Iterable[bytes]) -> int:
    """Put the file down, durably. Returns its octets. Raises Unreadable (`large`, `empty`), OSError."""
    path = path_of(key)
    make_folder(path.parent)
    beside, size = path.with_suffix(".new"), 0
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            for chunk in chunks:
                size += file.write(chunk)
                if size > MOST_BYTES:
                    raise Unreadable("large", most=MOST_BYTES // 1024 // 1024)
            file.flush()
            os.fsync(file.fileno())
        if not size:
            raise Unreadable("empty")
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    sync_folder(path.parent)
    return size


def forget(key: uuid.UUID) -> None:
    """The file is no longer needed."""
    path_of(key).unlink(missing_ok=True)


def sweep(there: Collection[uuid.UUID], before: float) -> None:
    """Take away files of no import (their PEN is gone, or a crash left them) that were written before this time."""
    names = {path_of(key).name for key in there}
    for path in path_of(uuid.UUID(int=0)).parent.glob("*"):
        if path.name not in names and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)


def guess(path: Path) -> Manner:
    """How the file is to be read. Raises Unreadable for what is no table."""
    with path.open("rb") as file:
        head = file.read(HEAD)
        for mark, code in NO_TEXT:
            if head.startswith(mark):
                raise Unreadable(code)
        encoding = _encoding(head, file)
    text = head.decode(encoding, "ignore")
    if any(ord(c) < 32 and c not in "\t\r\n\f" for c in text):
        raise Unreadable("binary")
    delimiter = _delimiter(text)
    try:
        first = next(csv.reader(io.StringIO(_without_sep(text), newline=""), delimiter=delimiter), [])
    except csv.Error:
        raise Unreadable("heading", most=MOST_CELL) from None
    return Manner(encoding, delimiter, not any("@" in cell for cell in first))


def _encoding(head: bytes, file: BinaryIO) -> str:
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        raise Unreadable("utf32")
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in head:
        odd, even = head[1:1000:2].count(0), head[0:1000:2].count(0)
        if max(odd, even) * 4 < min(len(head), 1000) // 2:
            raise Unreadable("binary")
        return "utf-16-le" if odd > even else "utf-16-be"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
        while chunk := file.read(1024 * 1024):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return "cp1252" if not any(octet in head for octet in b"\x81\x8d\x8f\x90\x9d") else "latin-1"
    return "utf-8-sig"


def _without_sep(text: str) -> str:
    """Without the line `sep=;` by which Excel is told the delimiter."""
    return "".join(text.splitlines(keepends=True)[1:]) if text[:4].lower() == "sep=" else text


def _delimiter(text: str) -> str:
    if text[:4].lower() == "sep=" and text[4:5] in DELIMITERS:
        return text[4]
    lines = _without_sep(text).splitlines(keepends=True)[:60]
    best, most = ",", 0.0
    for delimiter in DELIMITERS:
        widths = _widths(lines, delimiter)
        width, times = Counter(widths).most_common(1)[0] if widths else (1, 0)
        score = (width > 1) * times / max(len(widths), 1) + width / 1000
        if score > most:
            best, most = delimiter, score
    return best


def _widths(lines: list[str], delimiter: str) -> list[int]:
    try:
        return [len(row) for row in csv.reader(lines, delimiter=delimiter) if row]
    except csv.Error:  # a cell beyond every bound: another delimiter may do
        return []


def lines(path: Path, manner: Manner) -> Iterator[Line]:
    """Every record after the heading that is not blank. Raises Unreadable (`encoding`, `missing`)."""
    csv.field_size_limit(MOST_CELL)
    try:
        with path.open("rb") as raw, io.TextIOWrapper(raw, manner.encoding, newline="") as text:
            yield from _records(raw, text, manner)
    except FileNotFoundError:
        raise Unreadable("missing") from None
    except UnicodeError:
        raise Unreadable("encoding", name=ENCODINGS.get(manner.encoding, manner.encoding)) from None


class _Feed:
    """The lines of a text for a csv.reader, and those of the record it reads: a record that goes wrong gives back all
    but its first line."""

    def __init__(self, text: Iterable[str]) -> None:
        self.source, self.again = iter(text), deque[str]()
        self.record: list[str] = []
        self.number = 1

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        if len(self.record) >= MOST_LINES:
            raise StopIteration
        self.record.append(self.again.popleft() if self.again else next(self.source))
        return self.record[-1]

    def begin(self) -> int:
        """The next record; returns the number of its first line."""
        self.number += len(self.record)
        self.record = []
        return self.number

    def give_back(self) -> None:
        """Only the first line was of the record."""
        self.again.extendleft(reversed(self.record[1:]))
        del self.record[1:]


def _records(raw: BinaryIO, text: Iterable[str], manner: Manner) -> Iterator[Line]:
    """A quotation mark that is not closed costs its own line, and not those that come after it."""
    feed, skip = _Feed(text), manner.heading
    reader = csv.reader(feed, delimiter=manner.delimiter, strict=True)
    while True:
        number = feed.begin()
        try:
            cells, whole = next(reader), True
        except StopIteration:
            return
        except csv.Error:
            cells, whole = [], False
            feed.give_back()
            reader = csv.reader(feed, delimiter=manner.delimiter, strict=True)
        if number == 1 and len(cells) <= 2 and "".join(cells)[:4].lower() == "sep=":
            continue
        if skip:
            skip = False
        elif not whole or any(cell.strip() for cell in cells):
            yield Line(number, cells, raw.tell(), whole)


def top(path: Path, manner: Manner, count: int = 5) -> tuple[list[str], list[list[str]]]:
    """The heading (empty names where there is none) and the first records. Raises Unreadable."""
    found = lines(path, manner._replace(heading=False))
    first = [line.cells for line, _ in zip(found, range(count + 1), strict=False)]
    if not first:
        raise Unreadable("empty")
    width = max(len(cells) for cells in first)
    padded = [[cell.strip() for cell in cells] + [""] * (width - len(cells)) for cells in first]
    return (padded[0], padded[1:]) if manner.heading else ([""] * width, padded[:count])
