"""Print a worked file to start from: `company` (a company file) or `mail` (a mail to stamp)."""

from __future__ import annotations

import argparse
import sys
from importlib.resources import files

EXAMPLES = {"company": "company.yaml", "mail": "mail.eml"}


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer example`."""
    parser.add_argument("what", choices=sorted(EXAMPLES), help="which example to print")


def run(arguments: argparse.Namespace) -> int:
    """Print the example, byte for byte. 0."""
    example = files("stationer.cli").joinpath("examples", EXAMPLES[arguments.what])
    sys.stdout.buffer.write(example.read_bytes())
    return 0
