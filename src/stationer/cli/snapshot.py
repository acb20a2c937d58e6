"""Compile a company file into a snapshot that `stationer pick` can be asked.

Exit codes: 0 written · 4 the file is wrong (every error on stderr, each with its line) · 2 usage.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer import compose, pick
from stationer.pick.company import CompanyErrors, CompanyFile
from stationer.wire.content import Content
from stationer.wire.problem import Problem
from stationer.wire.source import Picture
from stationer.wire.words import Slot


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer snapshot`."""
    parser.add_argument("company", metavar="COMPANY.yaml", type=Path, help="the company file")
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, required=True, help="where to write the snapshot"
    )
    parser.add_argument(
        "--key", metavar="FILE", type=Path, help="sign with this Ed25519 key: 32 raw bytes, or PEM (PKCS #8)"
    )


def run(arguments: argparse.Namespace) -> int:
    """Read, press, compile, pack, write. 0, 2 or 4."""
    try:
        text = read_text(arguments.company)
        key = read_key(arguments.key) if arguments.key else None
    except (OSError, ValueError) as error:
        print(f"stationer snapshot: {error}", file=sys.stderr)
        return 2
    except CompanyErrors as error:
        return told(arguments.company, error.problems)
    compiled, problems = compile_company(text, arguments.company.parent)
    if compiled is None:
        return told(arguments.company, problems)
    made_at = time.time_ns() // 1_000_000
    data = pick.pack("snapshot", compiled, pen=compiled.pen, serial=made_at, made_at=made_at, private_key=key)
    try:
        replace(arguments.output, data)
    except OSError as error:
        print(f"stationer snapshot: cannot write {arguments.output}: {reason(error)}", file=sys.stderr)
        return 2
    print(summary(compiled, len(data), key is not None), file=sys.stderr)
    return 0


def read_text(path: Path) -> str:
    """A company file's text. Raises OSError, and CompanyErrors when it is not UTF-8."""
    data = path.read_bytes()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what, line = "This is not UTF-8.", data.count(b"\n", 0, error.start) + 1
        raise CompanyErrors((Problem("the file", what, "Save it as UTF-8.", line),)) from error


def told(path: Path, problems: Iterable[Problem]) -> int:
    """Every problem on standard error. Returns the exit code."""
    for problem in problems:
        print(f"{path}: {problem.sentence()}", file=sys.stderr)
    return 4


def compile_company(
    text: str, folder: Path, mark_key: bytes = b""
) -> tuple[pick.Compiled | None, list[Problem]]:
    """The compiled company, or everything that is wrong. Paths in the file are relative to `folder`; `mark_key` is
    that of a PEN which has one."""
    company, found = pick.company.survey(text)
    if company is None:
        return None, found
    problems: list[Problem] = []
    lists = read_lists(company, folder, problems)
    pictures, octets = read_pictures(company, folder, problems)
    contents = press(company, pictures, problems)
    try:
        definition = pick.company.define(company, contents, lists, mark_key)
        compiled = pick.illustrated(pick.compile(definition, company.people), octets)
    except pick.DefinitionErrors as error:
        problems += [company.placed(problem) for problem in error.problems]
    found += [problem for problem in problems if not company.follows(problem)]
    if not found and not problems:
        return compiled, []
    return None, sorted(found, key=lambda problem: problem.line or 0)


def press(
    company: CompanyFile, pictures: Mapping[str, Picture], problems: list[Problem]
) -> dict[str, Content]:
    """Every content by its place in the file; an empty one where it is wrong, so that all else is checked too."""
    contents = {}
    for where, kind, slot, source, tags in company.sources():
        shape = compose.SHAPES.get(source.shape)
        usual: Slot = shape.slot if shape else "banner"
        pressed = compose.press(
            source,
            kind=kind,
            slot=slot or usual,
            link_base=company.pen.links,
            pictures=pictures,
            tags=tags,
            asks=company.pen.links != "" and company.management.tracking != "off",
        )
        problems += [company.placed(problem, where) for problem in pressed.problems]
        contents[where] = pressed.content or Content(kind, slot or usual, (), ())
    return contents


def read_lists(company: CompanyFile, folder: Path, problems: list[Problem]) -> dict[str, tuple[str, ...]]:
    """The lists that stand in files of their own: one address a line, `#` begins a remark."""
    found = {}
    for name, entry in company.lists.items():
        if not entry.file:
            continue
        try:
            lines = (folder / entry.file).read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            what = f"{entry.file} cannot be read: {reason(error)}."
            problems.append(
                company.placed(Problem(f"lists/{name}", what, "Mend the path; it is relative to this file."))
            )
            continue
        entries = {number: line.partition("#")[0].strip() for number, line in enumerate(lines, 1)}
        found[name] = tuple(entry for entry in entries.values() if pick.is_address(entry))
        for number, line in entries.items():
            if line and not pick.is_address(line):
                what = f"Line {number} of {entry.file} is not a mail address: {line!r}."
                problems.append(company.placed(Problem(f"lists/{name}", what, "Mend it, or take it away.")))
    return found


def read_pictures(
    company: CompanyFile, folder: Path, problems: list[Problem]
) -> tuple[dict[str, Picture], dict[str, bytes]]:
    """Pictures by name, as they are served, or hosted under the company's assets by the first half of their SHA-256;
    and the octets by digest, when they travel with the mails."""
    found: dict[str, Picture] = {}
    octets: dict[str, bytes] = {}
    for name, entry in company.pictures.items():
        where = f"pictures/{name}"
        found[name] = Picture("https://picture.invalid/", 1, 1)  # known by name, whatever is wrong with it
        data = read_picture(company, name, folder, problems)
        if data is None:
            continue
        shot = compose.measure(data)
        if shot is None:
            what = f"{entry.file} is no picture that every mail program shows."
            problems.append(company.placed(Problem(where, what, "Use PNG, JPEG or GIF.")))
        elif entry.url and not entry.url.startswith(("https://", "http://")):
            what = f"{entry.url!r} is no address on the web."
            problems.append(company.placed(Problem(f"{where}/url", what, "Begin it with https://.")))
        elif not entry.url and not company.pen.assets.startswith("https://"):
            what = "Pictures need an address to be served from."
            problems.append(company.placed(Problem("pen", what, "Add `assets: https://…/` to pen.")))
        else:
            digest = hashlib.sha256(data).hexdigest()[:32]
            url = entry.url or f"{company.pen.assets.rstrip('/')}/{digest}{shot.extension}"
            found[name] = Picture(url, shot.width, shot.height)
            if company.management.pictures == "embedded":
                own = compose.digest_of(data)
                octets[own] = data
                found[name] = Picture(url, shot.width, shot.height, own, shot.type, len(data))
    return found, octets


def read_picture(company: CompanyFile, name: str, folder: Path, problems: list[Problem]) -> bytes | None:
    """The bytes of a picture; None, and a problem more, when they cannot be read or are not those that are served."""
    entry, where = company.pictures[name], f"pictures/{name}"
    try:
        data = (folder / entry.file).read_bytes()
    except OSError as error:
        what = f"{entry.file} cannot be read: {reason(error)}."
        problems.append(company.placed(Problem(where, what, "Mend the path.")))
        return None
    if entry.is_another(data):
        what = f"{entry.file} is another picture than the one that `sha256` and `size` tell of."
        advice = "Put the file back; or take `url`, `sha256` and `size` away: then it is a new picture."
        problems.append(company.placed(Problem(where, what, advice)))
        return None
    return data


def reason(error: Exception) -> str:
    """An error of the operating system without its path and number."""
    return (getattr(error, "strerror", None) or str(error)).lower()


def read_key(path: Path) -> bytes:
    """A raw Ed25519 private key. Raises OSError, or ValueError with a sentence."""
    data = path.read_bytes()
    if len(data) == 32:
        return data
    advice = (
        f"{path} is neither 32 raw bytes nor an Ed25519 private key in PEM (PKCS #8, without a passphrase)"
    )
    try:
        key = serialization.load_pem_private_key(data, None)
    except (ValueError, TypeError) as error:
        raise ValueError(advice) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise ValueError(advice)
    return key.private_bytes_raw()


def replace(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename: a reader sees the old file or the new one."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with beside.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def summary(compiled: pick.Compiled, size: int, signed: bool) -> str:
    """One line for whoever typed the command."""
    return (
        f"{compiled.name}: {len(compiled.people)} people, {len(compiled.templates)} templates, "
        f"{len(compiled.campaigns)} campaigns, {len(compiled.contents)} contents; "
        f"{size:,} bytes, {'signed' if signed else 'unsigned'}"
    )
