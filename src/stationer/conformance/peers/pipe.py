"""What these commands share: the mail in and out, the block, and LF for programs that sit behind a pipe or a milter.

A mail server hands such a program the mail with LF and puts CRLF back; so do these commands, and no line end of the
server's doing is held against the program.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from stationer.conformance.cases import BLOCK_HTML, BLOCK_TEXT

#: The block's HTML in ASCII with references: good whatever the charset. Its text has no such form.
HTML = BLOCK_HTML.encode("ascii", "xmlcharrefreplace")
TEXT = BLOCK_TEXT.encode()
UNTOUCHED = 3


def pipe(insert: Callable[[bytes, Path], bytes]) -> int:
    """Run `insert(mail with LF, an empty folder)` for the mail on standard input. Returns the exit code."""
    mail = sys.stdin.buffer.read()
    bare = mail.replace(b"\r\n", b"\n")
    has_crlf = bare != mail
    with tempfile.TemporaryDirectory() as folder:
        try:
            answer = insert(bare, Path(folder))
        except subprocess.CalledProcessError as error:
            sys.stderr.buffer.write(error.stderr or b"")
            return 75  # EX_TEMPFAIL: what a mail server's pipe makes of a filter that failed
    if answer == bare:
        return UNTOUCHED
    sys.stdout.buffer.write(answer.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if has_crlf else answer)
    return 0


def run(*words: str | Path, given: bytes = b"") -> bytes:
    """The standard output of a program. Raises CalledProcessError when it fails."""
    return subprocess.run(words, input=given, capture_output=True, check=True).stdout


def blocks(folder: Path) -> tuple[Path, Path]:
    """The block as two files: (HTML, text)."""
    html, text = folder / "block.html", folder / "block.txt"
    html.write_bytes(HTML)
    text.write_bytes(TEXT)
    return html, text
