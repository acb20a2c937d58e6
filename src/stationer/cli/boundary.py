"""Where the author's own words end in the mail on standard input, as JSON (contract/stamp.md §6)."""

from __future__ import annotations

import argparse
import json
import sys

from stationer.stamp import boundary


def configure(parser: argparse.ArgumentParser) -> None:
    """`stationer boundary` has no options."""


def run(arguments: argparse.Namespace) -> int:
    """Print the boundary. Returns the exit code."""
    found = boundary(sys.stdin.buffer.read())
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
    json.dump({"kind": found.kind, "parts": parts}, sys.stdout, ensure_ascii=False)
    print()
    return 0
