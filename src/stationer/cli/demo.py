"""The whole product with a demo company, until Ctrl-C; `stationer demo mail` is its mail server alone."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec


def configure(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    parser.add_argument(
        "part", nargs="?", choices=["run", "mail"], default="run", help="all of it, or one part"
    )
    parser.add_argument("--folder", type=Path, default=Path("var"), help="where everything is kept (var)")
    parser.add_argument("--once", action="store_true", help="end when the first mail has arrived")
    parser.add_argument("--imap-port", type=int, default=0, help="mail: 0 asks the system for a free one")
    parser.add_argument("--smtp-port", type=int, default=0, help="mail: 0 asks the system for a free one")


def run(arguments: argparse.Namespace) -> int:
    """The exit code (contract/cli.md)."""
    if arguments.part == "mail":
        return _mail(arguments)
    from stationer.demo import run as demo

    return demo.run(arguments.folder, arguments.once)


def _mail(arguments: argparse.Namespace) -> int:
    """Mailboxes come on stdin as a JSON list; the ports go to stdout as one JSON line when both listen."""
    from stationer.demo.mail import Mailbox, Ports, serve

    people = msgspec.json.decode(sys.stdin.buffer.read(), type=list[Mailbox])

    def ready(ports: Ports) -> None:
        print(msgspec.json.encode(ports).decode(), flush=True)

    try:
        serve(arguments.folder, arguments.imap_port, arguments.smtp_port, people, ready)
    except OSError as error:
        print(f"The demo's mail server cannot start: {error}. Choose other ports.", file=sys.stderr)
        return 1
    return 0
