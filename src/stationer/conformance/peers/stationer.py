"""Our own `stationer stamp`, run as any other command is: a process, two files, standard input and output."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from stationer.conformance.cases import BLOCK_HTML, BLOCK_TEXT


def main() -> int:
    """One mail. Returns `stationer stamp`'s exit code."""
    with tempfile.TemporaryDirectory() as folder:
        html, text = Path(folder) / "block.html", Path(folder) / "block.txt"
        html.write_text(BLOCK_HTML, "utf-8")
        text.write_text(BLOCK_TEXT, "utf-8")
        command = [sys.executable, "-m", "stationer", "stamp", "--html", str(html), "--text", str(text)]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
