"""Cells for spreadsheets: RFC 4180 with a byte order mark; what would be taken for a formula gets an apostrophe."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

BEGIN = "\ufeff".encode()
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def safe(text: object) -> str:
    """A cell that no spreadsheet reckons with (OWASP, “CSV Injection”): also behind blanks, also in wide letters."""
    said = str(text)
    return f"'{said}" if said.lstrip(" ").startswith(_FORMULA) else said


def lines(rows: Iterable[Sequence[object]]) -> bytes:
    """These rows as lines of a file."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows([safe(cell) for cell in row] for row in rows)
    return buffer.getvalue().encode()
