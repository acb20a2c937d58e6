"""A company file into the portal, or the portal's company into a file (contract/company.md).

`import` makes rows or brings them up to date, all or nothing, and prints what changed; it does not publish unless
asked. `export` writes the file, and its pictures into `pictures/` beside it.

Exit codes: 0 done · 1 a fault · 2 usage · 4 the file is wrong (every error on stderr, each with its line).
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from stationer.pick.company import CompanyFile
    from stationer.wire.problem import Problem


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer company`."""
    parser.add_argument("direction", choices=["import", "export"])
    parser.add_argument("file", metavar="FILE", type=Path, help="the company file")
    parser.add_argument(
        "--pen", default="", metavar="ID", help="pen_… or a name; needed when there are several"
    )
    parser.add_argument("--publish", action="store_true", help="publish what was imported")


def run(arguments: argparse.Namespace) -> int:
    """0, 1, 2 or 4."""
    from stationer.portal.site.serve import begin
    from stationer.settings import load

    begin(load())
    return import_file(arguments) if arguments.direction == "import" else export_file(arguments)


def import_file(arguments: argparse.Namespace) -> int:
    """The file into rows."""
    from stationer.cli.snapshot import read_text, told
    from stationer.pick import company
    from stationer.portal.content.importing import bring_in
    from stationer.portal.people.choosing import NoSuchPen, choose_pen

    try:
        text = read_text(arguments.file)
        pen = choose_pen(arguments.pen) if arguments.pen else None
    except (OSError, NoSuchPen) as error:
        print(f"stationer company: {error}", file=sys.stderr)
        return 2
    except company.CompanyErrors as error:
        return told(arguments.file, error.problems)
    try:
        read = company.read(text)
        pictures, lists = beside(read, arguments.file.parent)
        pen, said = bring_in(read, pen=pen, pictures=pictures, lists=lists)
    except company.CompanyErrors as error:
        return told(arguments.file, error.problems)
    for line in said:
        print(line)
    print(
        f"{pen.outside_id} {pen.name}: {len(said)} changes"
        if said
        else f"{pen.outside_id} {pen.name}: as it was"
    )
    return publish_it(pen.outside_id) if arguments.publish else 0


def beside(read: CompanyFile, folder: Path) -> tuple[dict[str, bytes], dict[str, tuple[str, ...]]]:
    """Pictures and lists that stand in files of their own. Raises CompanyErrors with all that cannot be read."""
    from stationer.cli.snapshot import read_lists, reason
    from stationer.pick.company import CompanyErrors
    from stationer.wire.problem import Problem

    problems: list[Problem] = []
    lists = read_lists(read, folder, problems)
    pictures: dict[str, bytes] = {}
    for name, path in read.pictures.items():
        try:
            pictures[name] = (folder / path).read_bytes()
        except OSError as error:
            what = f"{path} cannot be read: {reason(error)}."
            problems.append(read.placed(Problem(f"pictures/{name}", what, "Mend the path.")))
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
    import yaml

    from stationer.durable.files import make_folder, write_durably
    from stationer.portal.content.exporting import company_of
    from stationer.portal.people.choosing import NoSuchPen, choose_pen

    try:
        said, pictures = company_of(choose_pen(arguments.pen))
    except NoSuchPen as error:
        print(f"stationer company: {error}", file=sys.stderr)
        return 2
    folder = arguments.file.absolute().parent
    for name, data in pictures.items():
        make_folder((folder / name).parent)
        write_durably(folder / name, data)
    text = yaml.safe_dump(said, allow_unicode=True, sort_keys=False, width=110)
    write_durably(folder / arguments.file.name, text.encode())
    print(f"{os.fspath(arguments.file)}: {len(said.get('people', []))} people, {len(pictures)} pictures")
    return 0
