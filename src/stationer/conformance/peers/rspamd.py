"""rspamd's inserter by `rspamadm mime modify`: what mailcow and others build their footers on."""

from __future__ import annotations

import sys
from pathlib import Path

from stationer.conformance.peers.pipe import blocks, pipe, run


def insert(mail: bytes, folder: Path) -> bytes:
    """One mail, by way of a file."""
    html, text = blocks(folder)
    file = folder / "mail"
    file.write_bytes(mail)
    return run("rspamadm", "mime", "modify", "--text-footer", text, "--html-footer", html, file)


if __name__ == "__main__":
    sys.exit(pipe(insert))
