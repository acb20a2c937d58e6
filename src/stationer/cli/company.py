"""A company file into the portal, or the portal's company into a file (contract/company.md).

`import` prints what it would add or change and then does it, all or nothing; it does not publish unless asked, and
with `--dry-run` it does nothing else. `export` writes the file, and its pictures into `pictures/` beside it.

Exit codes: 0 done · 1 a fault · 2 usage · 4 the file is wrong (every error on stderr, each with its line).
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stationer.cli.progress import Bar
    from stationer.pick.company import CompanyFile
    from stationer.portal.content.comparing import Change
    from stationer.wire.problem import Problem


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer company`."""
    parser.add_argument("direction", choices=["import", "export"])
    parser.add_argument("file", metavar="FILE", type=Path, help="the company file")
    parser.add_argument(
        "--pen", default="", metavar="ID", help="pen_… or a name; needed when there are several"
    )
    parser.add_argument("--publish", action="store_true", help="publish what was imported")
    parser.add_argument(
        "--remove", action="store_true", help="take out what the file does not name, but who can sign in"
    )
    parser.add_argument("--dry-run", action="store_true", help="only print what an import would change")


def run(arguments: argparse.Namespace) -> int:
    """0, 1, 2 or 4."""
    from stationer.portal.site.serve import begin
    from stationer.settings import load

    if arguments.remove and arguments.direction == "export":
        print("stationer company: --remove goes with import alone", file=sys.stderr)
        return 2
    if arguments.dry_run and (arguments.direction == "export" or arguments.publish):
        print("stationer company: --dry-run goes with import alone, without --publish", file=sys.stderr)
        return 2
    begin(load())
    return import_file(arguments) if arguments.direction == "import" else export_file(arguments)


def import_file(arguments: argparse.Namespace) -> int:
    """The file into rows."""
    from stationer.cli.progress import Bar
    from stationer.cli.snapshot import read_text, told
    from stationer.pick import company
    from stationer.portal.content.importing import Manner, bring_in
    from stationer.portal.people.choosing import NoSuchPen, choose_pen

    bar = Bar()
    try:
        text = read_text(arguments.file)
        pen = choose_pen(arguments.pen) if arguments.pen else None
    except (OSError, NoSuchPen) as error:
        print(f"stationer company: {error}", file=sys.stderr)
        return 2
    except company.CompanyErrors as error:
        return told(arguments.file, error.problems)
    try:
        bar("reading", 0, 1)
        read = company.read(text)
        pictures, lists = beside(read, arguments.file.parent)
        pen, said = bring_in(
            read,
            pen=pen,
            pictures=pictures,
            lists=lists,
            show=partial(show, bar),
            dry_run=arguments.dry_run,
            manner=Manner(remove=arguments.remove, lock=not arguments.dry_run),
            progress=bar,
        )
    except company.CompanyErrors as error:
        bar.end()
        return told(arguments.file, error.problems)
    bar.end()
    print(f"{pen.outside_id} {pen.name}: {counted(said, arguments.dry_run)}")
    return publish_it(pen.outside_id) if arguments.publish else 0


def show(bar: Bar, changes: Sequence[Change]) -> None:
    """Every change on a line, and under it what differs."""
    bar.end()
    for change in changes:
        print(change)
        for line in change.lines():
            before = f"{line.before} → " if line.before else ""
            print(f"    {line.about}: {before}{line.after or 'nothing'}")
    sys.stdout.flush()


def counted(changes: Sequence[Change], dry_run: bool) -> str:
    """`3 changes`, `3 changes, none of them made`, `as it was`."""
    made = sum(change.what != "kept" for change in changes)
    if not made:
        return "as it was"
    said = f"{made} change{'s' * (made != 1)}"
    return f"{said}, none of them made" if dry_run else said


def beside(read: CompanyFile, folder: Path) -> tuple[dict[str, bytes], dict[str, tuple[str, ...]]]:
    """Pictures and lists that stand in files of their own. Raises CompanyErrors with all that cannot be read."""
    from stationer.cli.snapshot import read_lists, read_picture
    from stationer.pick.company import CompanyErrors

    problems: list[Problem] = []
    lists = read_lists(read, folder, problems)
    pictures: dict[str, bytes] = {}
    for name in read.pictures:
        data = read_picture(read, name, folder, problems)
        if data is not None:
            pictures[name] = data
    if problems:
        raise CompanyErrors(tuple(problems))
    return pictures, lists


def publish_it(pen: str) -> int:
    """As the button does."""
    from stationer.portal.people.choosing import choose_pen
    from stationer.portal.publishing.defining import NotReady
    from stationer.portal.publishing.publish import publish

    try:
        row = publish(choose_pen(pen), None, "imported", by_name="stationer company")
    except NotReady as error:
        print(error, file=sys.stderr)
        return 4
    print(f"published version {row.serial}")
    return 0


def export_file(arguments: argparse.Namespace) -> int:
    """Rows into the file."""
    from stationer.blobs.folder import Absent
    from stationer.durable.files import make_folder, write_durably
    from stationer.portal.content.exporting import company_of, written
    from stationer.portal.people.choosing import NoSuchPen, choose_pen

    try:
        said, pictures = company_of(choose_pen(arguments.pen))
    except NoSuchPen as error:
        print(f"stationer company: {error}", file=sys.stderr)
        return 2
    except Absent as error:
        print(f"stationer company: a picture's file is gone: {error}. Upload it anew.", file=sys.stderr)
        return 1
    folder = arguments.file.absolute().parent
    for name, data in pictures.items():
        make_folder((folder / name).parent)
        write_durably(folder / name, data)
    write_durably(folder / arguments.file.name, written(said).encode())
    print(f"{os.fspath(arguments.file)}: {len(said.get('people', []))} people, {len(pictures)} pictures")
    return 0
