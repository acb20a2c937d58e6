"""A PEN file's text becomes a PEN, or all its errors at once, each with its line (contract/notice.md §7)."""

from __future__ import annotations

import binascii
import sys
from base64 import b64decode
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from stationer import notice
from stationer.cli.pen_layout import LAYOUT
from stationer.cli.snapshot import read_text, reason, told
from stationer.notice import Key, Logo, Package, Pen
from stationer.pick.company import CompanyErrors, tree_of
from stationer.pick.company.forms import Report
from stationer.wire.problem import Problem


def pen_at(path: Path, command: str) -> Pen | int:
    """The PEN of a file, or the exit code: 2 when it cannot be read, 4 when it is wrong, all told on standard error."""
    try:
        text = read_text(path)
        return read(text, path.parent)
    except OSError as error:
        print(f"stationer {command}: cannot read {path}: {reason(error)}", file=sys.stderr)
        return 2
    except CompanyErrors as error:
        return told(path, error.problems)


def read(text: str, folder: Path) -> Pen:
    """The PEN; `folder`: what a logo's file is relative to. Raises CompanyErrors with every problem, each with its
    line."""
    report = Report()
    node = tree_of(text, "pen")
    said = LAYOUT.read(node, "", report)
    if not isinstance(node, yaml.MappingNode):
        raise CompanyErrors(tuple(report.problems))
    pen = _pen(said, folder, report)
    later = [placed(problem, report) for problem in notice.faults(pen)]
    problems = report.problems + [problem for problem in later if not _follows(problem, report)]
    if problems:
        raise CompanyErrors(tuple(problems))
    return pen


def _pen(said: Mapping[str, Any], folder: Path, report: Report) -> Pen:
    own = dict(said.get("pen", {}))
    logo = own.pop("logo", None)
    given = {name: value for name, value in own.items() if value or name == "tag"}
    more: dict[str, Any] = {"languages": said["languages"]} if said.get("languages") else {}
    return Pen(
        **{"id": "", "name": "", "host": ""} | given | more,
        keys=tuple(_key(entry, f"keys/{at}", report) for at, entry in enumerate(said.get("keys", ()))),
        logo=_logo(logo, folder, report) if logo else None,
        words=said.get("words", {}),
        packages={name: Package(**entry) for name, entry in said.get("packages", {}).items()},
    )


def _key(said: Mapping[str, str], where: str, report: Report) -> Key:
    halves = {half: _octets(said.get(half, ""), f"{where}/{half}", report) for half in ("public", "private")}
    return Key(said.get("id", ""), **halves)


def _octets(text: str, where: str, report: Report) -> bytes:
    """Base64; a problem more when it is none."""
    try:
        return b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        what = "This is not base64."
        report.problems.append(
            Problem(where, what, "Copy the whole key, 44 characters.", line_of(where, report))
        )
        report.lost.add(where)
        return b""


def _logo(said: Mapping[str, Any], folder: Path, report: Report) -> Logo:
    data, where = b"", "pen/logo/file"
    if said.get("file"):
        try:
            data = (folder / said["file"]).read_bytes()
        except (OSError, ValueError) as error:
            what = f"{said['file']} cannot be read: {reason(error)}."
            advice = "Mend the path; it is relative to this file."
            report.problems.append(Problem(where, what, advice, line_of(where, report)))
            report.lost.add("pen/logo")
    return Logo(said.get("width", 1), said.get("height", 1), data, said.get("url", ""))


def line_of(where: str, report: Report) -> int | None:
    """The line of a place, or of the nearest round it."""
    while where and where not in report.lines:
        where = where.rpartition("/")[0]
    return report.lines.get(where)


def placed(problem: Problem, report: Report) -> Problem:
    """The problem with its line."""
    return Problem(problem.where, problem.what, problem.next, line_of(problem.where, report))


def _follows(problem: Problem, report: Report) -> bool:
    """Whether it only follows from what could not be read."""
    steps = problem.where.split("/")
    above = {"/".join(steps[:count]) for count in range(1, len(steps) + 1)}
    return not report.lost.isdisjoint(above)
