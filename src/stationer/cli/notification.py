"""The notification for the mail on standard input, to travel in its place (contract/notice.md).

Exit code 0: made. 3: refused, with nothing on standard output, so that nothing leaves in the clear; standard error
says `refused: REASON`. 4: the PEN file is wrong, each error with its line. 2: the command is wrong. 1: a fault.
"""

from __future__ import annotations

import argparse
import sys
import time
from datetime import date, datetime
from pathlib import Path

from stationer import notice
from stationer.cli.pen import pen_at
from stationer.cli.streams import give, take

WHY = {
    "unparseable": (
        "its header cannot be read whole (there is none, it or an address in it is too long, or a CR or NUL stands"
        " alone in a field), so what would leave and to whom cannot be known"
    ),
    "notification": "it is a notification already",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of `stationer notification`."""
    parser.add_argument(
        "--pen", metavar="FILE", type=Path, required=True, help="the PEN file, with its private key"
    )
    parser.add_argument("--id", type=name, required=True, help="the secure message's id: the end of the link")
    parser.add_argument(
        "--at", metavar="TIME", type=moment, help="when it is made, as 2026-11-22T09:30:00Z; now by default"
    )
    parser.add_argument(
        "--language", metavar="TAG", action="append", default=[], help="the reader's; the PEN's by default"
    )
    parser.add_argument("--until", metavar="DAY", type=day, help="the last day to read it, as 2027-02-19")
    parser.add_argument("--package", metavar="NAME", help="the sender's package; found by address by default")


def name(text: str) -> str:
    """An id that may stand in a link and in the header."""
    if not notice.is_id(text):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no id; write letters, figures, '.', '_' and '-', at most 128"
        )
    return text


def moment(text: str) -> int:
    """RFC 3339 with an offset → milliseconds UTC."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is no time with an offset; write 2026-11-22T09:30:00Z")
    milliseconds = int(when.timestamp() * 1000)
    if milliseconds < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is before 1970; write when the mail was sent")
    return milliseconds


def day(text: str) -> date:
    """A day as 2027-02-19."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write 2027-02-19") from error


def run(arguments: argparse.Namespace) -> int:
    """Make it. Returns the exit code."""
    pen = pen_at(arguments.pen, "notification")
    if isinstance(pen, int):
        return pen
    if wrong := misuse(pen, arguments):
        print(f"stationer notification: {wrong}", file=sys.stderr)
        return 2
    at = time.time_ns() // 1_000_000 if arguments.at is None else arguments.at
    made = notice.compose(
        take(),
        pen,
        arguments.id,
        at,
        languages=tuple(arguments.language),
        package=arguments.package,
        until=arguments.until,
    )
    if isinstance(made, notice.Refused):
        print(f"refused: {made.reason}\nThe mail was not announced: {WHY[made.reason]}.", file=sys.stderr)
        return 3
    give([made.mail])
    return 0


def misuse(pen: notice.Pen, arguments: argparse.Namespace) -> str:
    """What in the command does not fit the PEN; empty when nothing."""
    if pen.signing_key is None:
        return f"{arguments.pen} has no private key: its public half can restore, not send"
    if arguments.package is not None and arguments.package not in pen.packages:
        there = ", ".join(pen.packages) or "none"
        return f"{arguments.pen} has no package {arguments.package!r}; there are: {there}"
    return ""
