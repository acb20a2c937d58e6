"""The original back in the place of the notification on standard input (contract/notice.md §5).

Exit code 0: restored. 3: refused, standard output equals standard input and standard error says `refused: REASON`.
4: the PEN file is wrong, each error with its line. 2: the command is wrong. 1: a fault.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from stationer import notice
from stationer.cli.pen import pen_at
from stationer.cli.snapshot import reason
from stationer.cli.streams import give, take

WHY = {
    "not-a-notification": "this mail has no Stationer-Notification field",
    "malformed": "its Stationer-Notification field cannot be read, or there are several",
    "other-version": "it is of a version that this program does not know; use a newer one",
    "other-pen": "it names another PEN than the file does",
    "not-proven": "no key of the PEN signed it for these senders and recipients",
    "other-host": "it has a link to another host than the PEN's, or a part whose links cannot be looked at",
    "other-content": "the content given is of other senders or recipients than the notification",
    "unparseable": "the content given has no header that can be read whole",
}


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of `stationer restore`."""
    parser.add_argument(
        "--pen", metavar="FILE", type=Path, required=True, help="the PEN file; its public half will do"
    )
    parser.add_argument("--content", metavar="FILE", type=Path, required=True, help="the original mail")


def run(arguments: argparse.Namespace) -> int:
    """Restore. Returns the exit code."""
    pen = pen_at(arguments.pen, "restore")
    if isinstance(pen, int):
        return pen
    try:
        content = arguments.content.read_bytes()
    except OSError as error:
        print(f"stationer restore: cannot read {arguments.content}: {reason(error)}", file=sys.stderr)
        return 2
    received = take()
    answer = notice.restore(received, content, pen)
    if isinstance(answer, notice.NotRestored):
        give([received])
        print(f"refused: {answer.reason}\nThe notification stays: {WHY[answer.reason]}.", file=sys.stderr)
        return 3
    give([answer.mail])
    if answer.changed:
        print(f"changed on the way: {', '.join(answer.changed)}", file=sys.stderr)
    return 0
