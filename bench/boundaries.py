"""Where the author's words end: ours beside talon, mail-parser-reply and quotequail (`python -m bench.boundaries`).

A part of a mail is right when what is left holds the author's last words and not the first quoted line; when nothing is
quoted, all must be left; of an answer among quoted lines the last words must be left. The peers run in an environment of
their own below var/, made when it is asked for (requirements/peers.txt); ours runs here.
"""

from __future__ import annotations

import csv
import datetime
import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.stamp.laws import CORPORA
from tests.stamp.truth import HELD, MAILS, Truth, even, truths

from bench.row import Row, missing, row
from stationer import mime
from stationer.stamp.boundary import bodies_of
from stationer.stamp.place import place_of
from stationer.stamp.reading import Reading, read_html, read_text

ROOT = Path(__file__).parents[1]
VENV = ROOT / "var" / "peers"
REQUIREMENTS = ROOT / "requirements" / "peers.txt"
DOCUMENT = ROOT / "docs" / "boundaries.md"
BEGIN, END = "<!-- made by python -m bench.boundaries -->\n", "<!-- end -->\n"
OURS, WHOLE = "ours", "whole"
#: So much of the first quoted line is looked for: long ones are wrapped.
COMPARED = 30
SETS = {
    "other projects' rows": "rows of other projects",
    "own, seen": "our own mails, seen while the rules were written",
    "own, held back": "our own mails, held back",
}


class Asked(NamedTuple):
    """A part of a mail, what is true of it, and what we leave of it."""

    group: str
    client: str
    language: str
    kind: str
    type: str
    text: str
    last: str
    first: str
    ours: str


def own(group: str, truth: Truth) -> Iterator[Asked]:
    """The body parts of one of our own mails."""
    for body in bodies_of(mime.read(truth.path.read_bytes())):
        first = truth.first_in(body.part.type)
        kept = left_of(body.reading)
        kind = body.part.type
        yield Asked(
            group, truth.client, truth.language, truth.kind, kind, body.reading.text, truth.last, first, kept
        )


def others() -> Iterator[Asked]:
    """The rows that other projects state, where they are here."""
    if not (CORPORA / "truth.tsv").is_file():
        return
    with (CORPORA / "truth.tsv").open(encoding="utf-8", newline="") as file:
        for held in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
            text = (CORPORA / held["file"]).read_bytes().decode("utf-8", "replace")
            html = held["part"] == "html"
            above = text[: int(held["reply_end_char"] or 0)].split("\n")
            last = next((line for line in reversed(above) if line.strip()), "")
            kind = "new" if not held["first_quoted_line"] else "reply"
            reading = read_html(text) if html else read_text(text)
            yield Asked(
                "other projects' rows", "", "", kind, "text/html" if html else "text/plain", text, last,
                held["first_quoted_line"], left_of(reading),
            )  # fmt: skip


def left_of(reading: Reading) -> str:
    """What stands above the place; all when nothing is quoted."""
    if reading.found is None:
        return WHOLE
    place = place_of(reading)
    if reading.page is None:
        return reading.text[:place]
    return "\n".join(line.text for line in reading.lines if line.start < place)


def asked() -> list[Asked]:
    """All parts."""
    seen = [part for truth in truths(MAILS) for part in own("own, seen", truth)]
    held = [part for truth in truths(HELD) for part in own("own, held back", truth)]
    return [*others(), *seen, *held]


def squeezed(text: str) -> str:
    """The characters shown, without white space: programs differ in how they wrap."""
    return re.sub(r"\s+", "", even(text))


def is_right(part: Asked, left: str, whole: str) -> bool:
    """Whether this is what the author wrote, and not the quote."""
    words = squeezed(left)
    if not part.first:
        return left == WHOLE or words == squeezed(whole)
    if squeezed(part.last)[-COMPARED:] not in words:
        return False
    return part.kind == "interleaved" or squeezed(part.first)[:COMPARED] not in words


def peers_answers(parts: Sequence[Asked]) -> dict[str, list[str | None]]:
    """What the peers leave. Raises CalledProcessError or OSError when their environment cannot be made."""
    python = VENV / "bin" / "python"
    if not (VENV / ".made").exists():
        subprocess.run(["sh", "bin/make-venv", sys.executable, str(VENV)], cwd=ROOT, check=True)
        install = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "-r",
            str(REQUIREMENTS),
        ]
        subprocess.run([str(python), *install], cwd=ROOT, check=True)
        (VENV / ".made").touch()
    question = json.dumps([[part.type, part.text] for part in parts])
    done = subprocess.run(
        [str(python), str(ROOT / "bench" / "peers.py")],
        input=question,
        capture_output=True,
        text=True,
        check=True,
    )
    answers: dict[str, list[str | None]] = json.loads(done.stdout)
    return answers


class Score(NamedTuple):
    """How many parts are right, of how many that were read."""

    right: int
    of: int

    def __str__(self) -> str:
        return f"{self.right} of {self.of}" if self.of else "reads none"

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.right / self.of if self.of else 0.0


class Scores:
    """Every part judged, for us and for each peer; asked by any choice of parts."""

    def __init__(self) -> None:
        self.parts = asked()
        answers = peers_answers(self.parts)
        whole = [text or "" for text in answers.pop(WHOLE)]
        answers = {OURS: [part.ours for part in self.parts], **answers}
        self.names = list(answers)
        self.right = {
            name: [
                None if left is None else is_right(part, left, all_)
                for part, left, all_ in zip(self.parts, lefts, whole, strict=True)
            ]
            for name, lefts in answers.items()
        }

    def of(self, name: str, numbers: Sequence[int]) -> Score:
        """One program's score over these parts."""
        judged = [right for n in numbers if (right := self.right[name][n]) is not None]
        return Score(sum(judged), len(judged))

    def grouped(self, field: str) -> dict[str, list[int]]:
        """The parts' numbers by one of their fields, the most frequent first."""
        found: dict[str, list[int]] = defaultdict(list)
        for number, part in enumerate(self.parts):
            if value := getattr(part, field):
                found[value].append(number)
        return dict(sorted(found.items(), key=lambda item: (-len(item[1]), item[0])))


def rows() -> Iterator[Row]:
    """Ours against each peer, on each set."""
    try:
        scores = Scores()
    except (subprocess.CalledProcessError, OSError) as fault:
        yield missing("the author's last word found", f"the peers' environment: {fault}", "≥ 1 times")
        return
    for group, numbers in scores.grouped("group").items():
        what = f"the author's last word found, {SETS[group]}"
        ours = scores.of(OURS, numbers)
        for name in scores.names[1:]:
            theirs = scores.of(name, numbers)
            ratio = ours.share / theirs.share if theirs.share else None
            yield row(what, str(ours), f"{theirs}, {name}", ratio, "≥ 1 times")


def table(scores: Scores, field: str, least: int = 0) -> str:
    """Scores by a field, as Markdown; groups of fewer parts than `least` are put together."""
    groups = scores.grouped(field)
    few = [number for numbers in groups.values() if len(numbers) < least for number in numbers]
    shown = {value: numbers for value, numbers in groups.items() if len(numbers) >= least}
    if few:
        shown["all others"] = few
    lines = [f"| {field} | {' | '.join(scores.names)} |", "|---" * (len(scores.names) + 1) + "|"]
    for value, numbers in shown.items():
        cells = " | ".join(str(scores.of(name, numbers)) for name in scores.names)
        lines.append(f"| {value} | {cells} |")
    return "\n".join(lines) + "\n"


def document(scores: Scores) -> str:
    """The part of docs/boundaries.md that is measured."""
    tables = [
        "## By set\n\n" + table(scores, "group"),
        "## By type of part\n\n" + table(scores, "type"),
        "## By kind of mail\n\n" + table(scores, "kind"),
        "## By client (our own mails)\n\n" + table(scores, "client", 4),
        "## By language (our own mails)\n\n" + table(scores, "language", 4),
    ]
    said = f"Measured on {datetime.date.today():%d %B %Y}, parts of mails that are right:\n\n"
    return BEGIN + said + "\n".join(tables) + END


def main() -> int:
    """Measure, print, and put the tables into docs/boundaries.md."""
    scores = Scores()
    made = document(scores)
    print(made)
    held = DOCUMENT.read_text("utf-8")
    before, _, rest = held.partition(BEGIN)
    DOCUMENT.write_text(before + made + rest.partition(END)[2], "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
