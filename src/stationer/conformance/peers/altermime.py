"""altermime, as its Postfix how-to runs it, with the options that put disclaimers into base64 and unusual HTML too."""

from __future__ import annotations

import sys
from pathlib import Path

from stationer.conformance.peers.pipe import blocks, pipe, run


def insert(mail: bytes, folder: Path) -> bytes:
    """One mail, by way of a file, which altermime changes in place."""
    html, text = blocks(folder)
    file = folder / "mail"
    file.write_bytes(mail)
    run("altermime", f"--input={file}", f"--disclaimer={text}", f"--disclaimer-html={html}",
        "--force-into-b64", "--force-for-bad-html")  # fmt: skip
    return file.read_bytes()


if __name__ == "__main__":
    sys.exit(pipe(insert))
