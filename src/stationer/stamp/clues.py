"""What a line may give away, whatever its language: an address, a time of day, a day with its year.

The expressions expect lines as `lines.plain` makes them: lower case, ASCII digits.
"""

from __future__ import annotations

import re

ADDRESS = re.compile(r"\S@\S|\bmailto:")
BRACKETED = re.compile(r"[<(]\s?[^<>()\s]+@[^<>()\s]+\s?[>)]")
TIME = re.compile(r"\b\d{1,2}\s?[:.h时時시点點∶]\s?\d{2}\b")
YEAR = re.compile(r"\b(?:19|20)\d\d\b|\d{4}年|\b\d{1,2}[./-]\d{1,2}[./-]\d{2,4}")
DIGIT = re.compile(r"\d")


def is_dated(text: str) -> bool:
    """Whether the text gives a day with its year, and a time."""
    return TIME.search(text) is not None and YEAR.search(text) is not None
