"""Our own mails and what is true of them: where the author's words end, where the quote begins, what kind of mail it is.

`mails/truth.tsv` was looked at while the rules were written; `mails/held/truth.tsv` was not. A new mail is held back
when the first hexadecimal digit of the SHA-256 of its file name is 0 to 4.
"""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path
from typing import NamedTuple

from stationer import mime
from stationer.stamp import boundary
from stationer.stamp.boundary import BodyPart, bodies_of, first_line
from stationer.stamp.lines import INVISIBLE, Line, lines_of_text

MAILS = Path(__file__).parent / "mails"
HELD = MAILS / "held"
#: What is compared of the first quoted line: long ones are wrapped in the text and not in the HTML.
COMPARED = 30


class Truth(NamedTuple):
    """One row: the mail, its kind, the last words its author wrote, the first line quoted (in the HTML, if another)."""

    path: Path
    kind: str
    last: str
    first: str
    html_first: str
    client: str
    language: str

    def first_in(self, kind: str) -> str:
        """The first quoted line of a part of this type; empty when nothing is quoted."""
        return (self.html_first if kind == "text/html" else "") or self.first


def truths(folder: Path) -> list[Truth]:
    """The rows of a folder."""
    with (folder / "truth.tsv").open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Truth(
                folder / row["file"],
                row["kind"],
                row["last own words"],
                row["first quoted line"],
                row["first quoted line of the HTML"],
                row["client"],
                row["language"],
            )
            for row in rows
        ]


def is_held_back(name: str) -> bool:
    """Whether a new mail of this file name is kept from sight while rules are written."""
    return hashlib.sha256(name.encode()).hexdigest()[0] in "01234"


def even(text: str | None) -> str:
    """The words of a line, one space between them, without the marks of a quotation before them."""
    return " ".join(INVISIBLE.sub("", text or "").split()).lstrip("> ")


def lines_of(body: BodyPart) -> list[Line]:
    """The visible lines of a body part."""
    reading = body.reading
    return list(reading.lines or (reading.page.walk.lines if reading.page else lines_of_text(reading.text)))


def faults(truth: Truth) -> list[str]:
    """What `boundary` says of the mail and is not so."""
    mail = truth.path.read_bytes()
    told = boundary(mail)
    found = [] if told.kind == truth.kind else [f"kind {told.kind}, not {truth.kind}"]
    for body in bodies_of(mime.read(mail)):
        found += [f"{body.part.type}: {fault}" for fault in faults_of(body, truth)]
    return found


def faults_of(body: BodyPart, truth: Truth) -> list[str]:
    """What is wrong with one body part: nothing found, too much found, at the wrong line, or the place among words."""
    first, found = even(truth.first_in(body.part.type)), body.reading.found
    if bool(first) != (found is not None):
        return [f"found {first_line(body.reading)!r}, not {first!r}"]
    if found is not None and not even(first_line(body.reading)).startswith(first[:COMPARED]):
        return [f"begins with {even(first_line(body.reading))!r}, not {first!r}"]
    own = [line for line in lines_of(body) if truth.last and even(truth.last) in even(line.text)]
    if found is not None and truth.kind != "interleaved":
        own = [line for line in own if line.start < found.offset]
        if body.place > found.offset:
            return [f"the place {body.place} is below the quote's first character {found.offset}"]
    if truth.last and not own:
        return ["the author's last words are not above the quote"]
    if own and body.place < own[-1].end:
        return [f"the place {body.place} is above the end {own[-1].end} of the author's last words"]
    return []
