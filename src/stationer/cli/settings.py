"""Print every setting in force, its value (secrets masked) and where it came from.

Exit 1 when settings are wrong: every problem on stderr, nothing on stdout.
"""

from __future__ import annotations

import argparse
import sys

import msgspec

from stationer.settings import WrongSettingsError, load
from stationer.settings.show import rows, table


def configure(parser: argparse.ArgumentParser) -> None:
    """`--json` for programs."""
    parser.add_argument("--json", action="store_true", help="a JSON list of {name, value, origin, variable}")


def run(arguments: argparse.Namespace) -> int:
    """0 printed · 1 some settings are wrong."""
    try:
        loaded = load()
    except WrongSettingsError as error:
        print(f"stationer: {error}", file=sys.stderr)
        return 1
    if arguments.json:
        print(msgspec.json.format(msgspec.json.encode(rows(loaded)), indent=2).decode())
    else:
        print(table(loaded))
    return 0
