"""Patterns do what they say on every Python that we run on.

A group under a possessive quantifier, or an atomic group, matches what it must not before Python 3.11.5
(python/cpython#106052); Debian 12 has 3.11.2. Possessive sets of characters are right everywhere.
"""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "stationer"
#: The end of a group with a possessive quantifier, or the beginning of an atomic one, in a pattern.
UNSURE = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")

#: A tag's attributes, where each way to go on is told by its first sign: what is left of a torn one ends at no `>`. Tried
#: with 400,000 random strings on 3.11.2, 3.11.7 and 3.12.1: no difference.
TRIED = {"stamp/tags.py"}


def test_no_pattern_has_a_possessive_group() -> None:
    found = [
        f"{path.relative_to(SOURCE)}:{number}"
        for path in sorted(SOURCE.rglob("*.py"))
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if path.relative_to(SOURCE).as_posix() not in TRIED
        and re.search(r"\br[bf]?[\"']|\b[bf]r[\"']", line)
        and UNSURE.search(line)
    ]
    assert not found, found


def test_such_a_group_is_told_from_a_possessive_set() -> None:
    assert UNSURE.search(r"(?:a|b)*+") and UNSURE.search(r"(?:a)++") and UNSURE.search(r"(?>a)")
    assert not UNSURE.search(r"[a-z]++(?:b)*\)+")
