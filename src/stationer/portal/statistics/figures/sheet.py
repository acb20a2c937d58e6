"""Figures as a file: CSV by RFC 4180, UTF-8 with a mark; what a spreadsheet would take for a formula is disarmed.

OWASP, “CSV Injection”: a field that begins with = + - @, a tab or a carriage return gets an apostrophe before it; so
does each of its lines, and what follows a ; a tab or a quotation mark, as not every program divides a file as we do.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence

#: Before what a spreadsheet would take for a formula, also after blanks.
_FORMULA = re.compile(r"""^(?=[\t\r])|(?:^|(?<=[\n\r\t;"]))(?=[^\S\n\r\t]*[=+@\-＝＋－＠])""")


def safe(cell: object) -> str:
    """The cell as text; a number is none that could be a formula."""
    return _FORMULA.sub("'", cell) if isinstance(cell, str) else str(cell)


def write(heading: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """The whole file."""
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, quoting=csv.QUOTE_ALL)
    writer.writerow([safe(cell) for cell in heading])
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return b"\xef\xbb\xbf" + buffer.getvalue().encode()
