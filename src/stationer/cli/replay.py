"""What a draft would have done with recorded mails: whom each campaign reaches, which of them meet, which starve.

FILEs are what an edge keeps where the PEN wants it (contract/replay.md). The draft is a snapshot or a company file;
a company file has no key of its own, so --against gives it that of the snapshot in force.
Exit codes: 0 told · 2 usage · 4 a file is wrong.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from stationer import pick
from stationer.cli.snapshot import compile_company, read_text, told
from stationer.pick.company import CompanyErrors
from stationer.wire.replay import Recorded
from stationer.wire.roll import Roll

#: Rows of the overlap that are printed.
MOST_PAIRS = 10


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer replay`."""
    parser.add_argument("records", metavar="FILE", type=Path, nargs="+", help="records of an edge")
    parser.add_argument("--draft", metavar="DRAFT", type=Path, required=True, help="company file or snapshot")
    parser.add_argument(
        "--against", metavar="SNAPSHOT", type=Path, help="the snapshot in force, to compare with"
    )
    parser.add_argument("--roll", metavar="ROLL", type=Path, help="the roll; the draft's people by default")
    parser.add_argument("--json", action="store_true", help="everything, for a program")


def run(arguments: argparse.Namespace) -> int:
    """Read, replay, print. 0, 2 or 4."""
    try:
        against = _compiled(arguments.against) if arguments.against else None
        draft = _draft(arguments.draft, against)
        roll = _roll(arguments.roll) if arguments.roll else None
        records = list(_records(arguments.records, draft.mark_key))
    except OSError as error:
        print(f"stationer replay: {error}", file=sys.stderr)
        return 2
    except CompanyErrors as error:
        return told(arguments.draft, error.problems)
    except _WrongError as error:
        print(f"stationer replay: {error}", file=sys.stderr)
        return 4
    after = _replayed(draft, roll or Roll(draft.pen, (), draft.people), records)
    before = None
    if against is not None:
        before = _replayed(against, roll or Roll(draft.pen, (), against.people or draft.people), records)
    print(_json(after, before) if arguments.json else "\n".join(_lines(after, before)))
    return 0


class _WrongError(Exception):
    """A file cannot be used; the sentence names it."""


def _compiled(path: Path) -> pick.Compiled:
    try:
        payload = pick.unpack(path.read_bytes(), kind="snapshot", public_key=None).payload
    except pick.Damaged as error:
        raise _WrongError(f"{path} cannot be used: {error.reason}.") from error
    assert isinstance(payload, pick.Compiled)
    return payload


def _draft(path: Path, against: pick.Compiled | None) -> pick.Compiled:
    if path.read_bytes().startswith(b"STNSNAP1"):
        return _compiled(path)
    compiled, problems = compile_company(read_text(path), path.parent, against.mark_key if against else b"")
    if compiled is None:
        raise CompanyErrors(tuple(problems))
    return compiled


def _roll(path: Path) -> Roll:
    try:
        payload = pick.unpack(path.read_bytes(), kind="roll", public_key=None).payload
    except pick.Damaged as error:
        raise _WrongError(f"{path} cannot be used: {error.reason}.") from error
    assert isinstance(payload, Roll)
    return payload


def _records(paths: Iterable[Path], mark_key: bytes) -> Iterable[Recorded]:
    for path in paths:
        try:
            yield from pick.read_records(path.read_bytes(), mark_key)
        except pick.OtherKeyError as error:
            hint = "Give the snapshot that was in force with --against."
            raise _WrongError(f"{path} cannot be used: {error}. {hint}") from error
        except pick.NoRecordsError as error:
            raise _WrongError(f"{path} cannot be used: {error}.") from error


def _replayed(compiled: pick.Compiled, roll: Roll, records: list[Recorded]) -> pick.Replay:
    return pick.replay(pick.load(compiled), pick.read_roll(roll, compiled.mark_key), records)


def _losing(after: pick.Replay, before: pick.Replay | None) -> list[str]:
    """Campaigns that are shown today and would not be by the draft, those that the draft does not have included."""
    shown = {one.id for one in after.campaigns if one.shown}
    return [one.id for one in (before.campaigns if before else ()) if one.shown and one.id not in shown]


def _json(after: pick.Replay, before: pick.Replay | None) -> str:
    said = msgspec.to_builtins(after) | {"starving": after.starving(), "losing": _losing(after, before)}
    if before is not None:
        said["today"] = {one.id: one.shown for one in before.campaigns}
    return msgspec.json.format(msgspec.json.encode(said), indent=2).decode()


def _lines(after: pick.Replay, before: pick.Replay | None) -> Iterable[str]:
    """A table, then what stands out."""
    today = {one.id: one.shown for one in before.campaigns} if before else {}
    width = max([8, *(len(one.name) for one in after.campaigns)])
    yield f"{after.mails} mails, {after.left_out} of them from senders who are not on the roll"
    yield f"{'campaign':<{width}} {'applied':>8} {'shown':>8} {'people':>8}" + (
        f" {'today':>8}" if before else ""
    )
    starving, losing = set(after.starving()), set(_losing(after, before))
    for one in after.campaigns:
        mark = "  starves" if one.id in starving else "  loses its place" if one.id in losing else ""
        now = f" {today.get(one.id, 0):>8}" if before else ""
        yield f"{one.name:<{width}} {one.mails:>8} {one.shown:>8} {one.people:>8}{now}{mark}"
    names = {one.id: one.name for replay in (before, after) if replay for one in replay.campaigns}
    yield from (
        f"{names[one]} is shown today and is not in the draft" for one in sorted(losing - names_of(after))
    )
    yield from (
        f"{names[a]} and {names[b]} meet in {count} mails" for a, b, count in after.overlap[:MOST_PAIRS]
    )
    yield from after.caveats


def names_of(replay: pick.Replay) -> set[str]:
    """The ids of a replay's campaigns."""
    return {one.id for one in replay.campaigns}
