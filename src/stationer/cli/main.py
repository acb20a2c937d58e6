"""The `stationer` command: finds the subcommand's module, hands it the arguments, returns its exit code.

A subcommand is a module with `configure(parser)` and `run(arguments) -> int`; its docstring is its help.
Exit codes everywhere: 0 done, 1 a fault, 2 usage, 3 refused or untouched, 4 the input file is wrong (contract/cli.md).
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence

from stationer.cli.streams import StreamError

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module, one line of help)
    "stamp": ("stationer.cli.stamp", "put blocks into a mail"),
    "unstamp": ("stationer.cli.unstamp", "take our blocks out of a mail"),
    "boundary": ("stationer.cli.boundary", "where the author's words end"),
    "notification": ("stationer.cli.notification", "what travels in the place of a sealed mail"),
    "restore": ("stationer.cli.restore", "put the original back in a notification's place"),
    "snapshot": ("stationer.cli.snapshot", "compile a company file"),
    "pick": ("stationer.cli.pick", "ask a snapshot what a mail would carry"),
    "replay": ("stationer.cli.replay", "what a draft would have done with recorded mails"),
    "example": ("stationer.cli.example", "a worked file to start from"),
    "conformance": ("stationer.cli.conformance", "judge any product that puts blocks into mails"),
    "settings": ("stationer.cli.settings", "what is set, and where it came from"),
    "serve": ("stationer.cli.serve", "run the portal, the edge, the worker, or all"),
    "agent": ("stationer.cli.agent", "watch this user's Outbox"),
    "admin": ("stationer.cli.admin", "the portal's management commands"),
    "api": ("stationer.cli.api", "ask a portal's API"),
    "company": ("stationer.cli.company", "import or export a company file"),
    "outgoing": ("stationer.cli.outgoing", "mail that the server sends: show, retry, hold, drop"),
    "keys": ("stationer.cli.keys", "the installation's keyring: make, show, rotate"),
    "demo": ("stationer.cli.demo", "the whole product with a demo company"),
}


def parser_for(name: str) -> tuple[argparse.ArgumentParser, object]:
    """The subcommand's own parser and its module."""
    module_name, line = COMMANDS[name]
    module = importlib.import_module(module_name)
    parser = argparse.ArgumentParser(
        prog=f"stationer {name}", description=module.__doc__ or line, allow_abbrev=False
    )
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    module.configure(parser)
    return parser, module


def overview() -> str:
    """The list of subcommands, as printed by `stationer` and `stationer --help`."""
    lines = [f"  {name:<12} {line}" for name, (_, line) in COMMANDS.items()]
    return "usage: stationer COMMAND …\n\n" + "\n".join(lines) + "\n\nstationer COMMAND --help says more."


def main(argv: Sequence[str] | None = None) -> int:
    """Run one subcommand. Returns the process's exit code."""
    if sys.stderr is None:  # closed: print() would take standard output, where a mail stands
        sys.stderr = open(os.devnull, "w", encoding="utf-8")  # noqa: SIM115, PTH123 (as long as the process)
    words = list(sys.argv[1:] if argv is None else argv)
    if not words or words[0] in ("-h", "--help", "help"):
        print(overview(), file=sys.stdout if words else sys.stderr)
        return 0 if words else 2
    if words[0] not in COMMANDS:
        print(f"stationer: there is no command {words[0]!r}.\n\n{overview()}", file=sys.stderr)
        return 2
    parser, module = parser_for(words[0])
    arguments, rest = parser.parse_known_args(words[1:])
    if rest and not getattr(module, "TAKES_REST", False):
        parser.error(f"unrecognised: {' '.join(rest)}")
    arguments.rest = rest
    try:
        code: int = module.run(arguments)  # type: ignore[attr-defined]
    except StreamError as error:
        print(f"stationer {words[0]}: {error}.", file=sys.stderr)
        return 1
    return code
