"""Where the author's own words end in the mail on standard input, as JSON (contract/stamp.md §6)."""

from __future__ import annotations

import argparse
import json

from stationer.cli.streams import give, take
from stationer.stamp import boundary


def configure(parser: argparse.ArgumentParser) -> None:
    """`stationer boundary` has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Print the boundary. Returns the exit code."""
    found = boundary(take())
    parts = [
        {
            "type": part.type,
            "path": part.path,
            "char": part.char,
            "line": part.line,
            "place": part.place,
            "rule": part.rule,
        }
        for part in found.parts
    ]
    said = json.dumps({"kind": found.kind, "parts": parts}, ensure_ascii=False)
    give([f"{said}\n".encode()])
    return 0
