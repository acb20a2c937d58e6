"""Take our blocks out of the mail on standard input, never out of what it quotes.

Exit code 0: taken out. 3: untouched (`no-body`: there is nothing of ours; `edited-block`: its author changed it);
standard output equals standard input. 1: a fault, with nothing on standard output.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stationer.cli.stamp import key_of
from stationer.cli.streams import give, take
from stationer.stamp import Untouched, unstamp


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of `stationer unstamp`."""
    parser.add_argument(
        "--key",
        metavar="FILE",
        type=Path,
        help="give back exact bytes only from a stamp that this key proves",
    )


def run(arguments: argparse.Namespace) -> int:
    """Unstamp. Returns the exit code."""
    try:
        key = key_of(arguments.key)
    except OSError as wrong:
        print(f"stationer unstamp: cannot read {wrong.filename}: {wrong.strerror}", file=sys.stderr)
        return 2
    except ValueError as wrong:
        print(f"stationer unstamp: {wrong}", file=sys.stderr)
        return 2
    mail = take()
    answer = unstamp(mail, key=key)
    if isinstance(answer, Untouched):
        give([mail])
        print(f"untouched: {answer.reason}", file=sys.stderr)
        return 3
    give(answer.segments)
    return 0
