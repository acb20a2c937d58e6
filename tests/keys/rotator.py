"""Rotates for ever, to be killed: `python -m tests.keys.rotator KEYRING DATABASE`. A line before each thing it does."""

from __future__ import annotations

import sys
from pathlib import Path

from stationer.keys import add, kms_aead, read, rotate
from stationer.seal.keyring import ring_of
from tests.keys.table import Table


class Told(Table):
    """Says when a piece is about to be read, and when it is about to be written."""

    def after(self, name, many):
        print("reads", flush=True)
        return super().after(name, many)

    def replace(self, changes):
        print("writes", flush=True)
        return super().replace(changes)


def main(keyring: Path, database: Path) -> None:
    """Finish what an earlier one left; then a new key, and all again."""
    rows = Told(database)
    while True:
        rotate(ring_of(read(keyring), kms_aead), rows, 40)
        print("adds", flush=True)
        add(keyring)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
