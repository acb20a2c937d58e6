"""Judge any product that puts signatures or disclaimers into mails: COMMAND reads a mail on standard input and writes
it, with the block put in, on standard output. Every mail of the suite goes through it; a score by law and by client
comes out (contract/conformance.md).

Tell the product to put in what --block html and --block text print, or say by --html-token and --text-token what its
own block can be known by.

COMMAND's exit codes: 0 the mail is on standard output · 3 untouched · anything else: refused.
Exit code 0: every law held in every mail. 3: not so. 2: usage. 1: a fault.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec

from stationer import conformance
from stationer.cli.streams import give
from stationer.conformance import BLOCK_HTML, BLOCK_TEXT, Block, Case, Verdict


def configure(parser: argparse.ArgumentParser) -> None:
    """The options of `stationer conformance`."""
    words = Block()
    parser.add_argument("command", metavar="COMMAND", nargs="?", help="the inserter, run by /bin/sh")
    parser.add_argument(
        "--only",
        metavar="WHAT",
        action="append",
        default=[],
        help="a group, client, language or case (* allowed)",
    )
    parser.add_argument("--html-token", metavar="TEXT", default=words.html_token, help="in the block's HTML")
    parser.add_argument("--text-token", metavar="TEXT", default=words.text_token, help="in the block's text")
    parser.add_argument(
        "--characters",
        metavar="TEXT",
        help="characters of the block that prove charsets; '' when it is ASCII",
    )
    parser.add_argument(
        "--timeout", metavar="SECONDS", type=float, default=60.0, help="for one run; 60 by default"
    )
    parser.add_argument("--jobs", metavar="N", type=int, default=1, help="runs at a time; 1 by default")
    parser.add_argument("--json", metavar="FILE", type=Path, help="the whole report, also into this file")
    parser.add_argument(
        "--keep", metavar="DIR", type=Path, help="mails that break a law, in and out, into this folder"
    )
    parser.add_argument("--list", action="store_true", help="print the laws and the cases, and run nothing")
    parser.add_argument("--show", metavar="CASE", help="print this case's mail, and run nothing")
    parser.add_argument(
        "--block", choices=("html", "text"), help="print the block to configure, and run nothing"
    )


def run(arguments: argparse.Namespace) -> int:
    """Judge, or print what was asked for. Returns the exit code."""
    if arguments.block:
        return _print((BLOCK_HTML if arguments.block == "html" else BLOCK_TEXT).encode())
    wanted = conformance.chosen([arguments.show] if arguments.show else arguments.only)
    if not wanted:
        return _usage("no case is meant by that; --list shows the groups and cases")
    if arguments.show:
        return _print(conformance.mail_of(wanted[0]))
    if arguments.list:
        return _print(conformance.listed(wanted).encode())
    if not arguments.command:
        return _usage("give the command that is to be judged")
    if arguments.jobs < 1 or arguments.timeout <= 0:
        return _usage("--jobs and --timeout are more than nothing")
    return _judge(arguments, wanted)


def _judge(arguments: argparse.Namespace, wanted: list[Case]) -> int:
    block = block_of(arguments)
    verdicts: list[Verdict] = []
    for verdict in _verdicts(arguments, wanted, block):
        verdicts.append(verdict)
        if sys.stderr.isatty():
            print(f"\r{len(verdicts)} of {len(wanted)}", end="", file=sys.stderr, flush=True)
    if sys.stderr.isatty():
        print(file=sys.stderr)
    try:
        _write(arguments, verdicts, block)
    except OSError as wrong:
        print(f"stationer conformance: cannot write {wrong.filename}: {wrong.strerror}", file=sys.stderr)
        return 1
    _print(conformance.told(verdicts).encode())
    return 0 if all(verdict.held for verdict in verdicts) else 3


def _verdicts(arguments: argparse.Namespace, wanted: list[Case], block: Block) -> Iterator[Verdict]:
    """The verdicts in the cases' order, `--jobs` at a time."""
    insert = conformance.command(arguments.command, arguments.timeout)
    with ThreadPoolExecutor(arguments.jobs) as pool:
        yield from pool.map(
            lambda case: conformance.judge(case, conformance.mail_of(case), insert, block), wanted
        )


def block_of(arguments: argparse.Namespace) -> Block:
    """What the block is known by. Tokens of one's own ask for no characters, unless they are given too."""
    usual = Block()
    own = (arguments.html_token, arguments.text_token) != (usual.html_token, usual.text_token)
    characters = arguments.characters
    if characters is None:
        characters = "" if own else usual.characters
    return Block(arguments.html_token, arguments.text_token, characters)


def _write(arguments: argparse.Namespace, verdicts: list[Verdict], block: Block) -> None:
    """The JSON report and the failing mails, where they were asked for."""
    if arguments.json:
        report = conformance.report(arguments.command, msgspec.to_builtins(block), verdicts)
        arguments.json.write_bytes(msgspec.json.format(msgspec.json.encode(report), indent=1) + b"\n")
    if arguments.keep:
        arguments.keep.mkdir(parents=True, exist_ok=True)
        for verdict in verdicts:
            if not verdict.held:
                (arguments.keep / f"{verdict.case.name}.in.eml").write_bytes(
                    conformance.mail_of(verdict.case)
                )
                (arguments.keep / f"{verdict.case.name}.out.eml").write_bytes(verdict.output)


def _print(text: bytes) -> int:
    give([text])
    return 0


def _usage(sentence: str) -> int:
    print(f"stationer conformance: {sentence}", file=sys.stderr)
    return 2
