"""The installation's keyring: make it, look at it, rotate its primary key (contract/seal.md §6, §7; docs/keys.md).

`new` makes the keyring, and never writes over one. `show` prints ids and dates, never a key. `rotate` adds a new
primary key and rewraps what is under older ones, while everything runs; stopped, it goes on when it is called again,
and makes another key only when nothing is left to rewrap. Of a keyring that is not the portal's (`--file`), or before
the portal was started first, both say that no row was looked at: a count of 0 would say that an older key may go.

Exit codes: 0 done · 1 a fault, with a sentence · 2 usage · 4 the keyring is damaged.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from stationer.keys import Rows
    from stationer.seal.keyring import Keyring


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer keys`."""
    parser.add_argument("verb", choices=["new", "show", "rotate"])
    parser.add_argument(
        "--file", type=Path, metavar="FILE", help="the keyring (default: the setting portal.keyring)"
    )
    parser.add_argument(
        "--kms", default="", metavar="URI", help="with new and rotate: the primary key is one of a KMS"
    )
    parser.add_argument("--json", action="store_true", help="with show: for programs")


def run(arguments: argparse.Namespace, tables: Sequence[Rows] | None = None) -> int:
    """0, 1, 2 or 4. `tables`: where keys that are wrapped under the installation's stand; by default the portal's,
    where the keyring is its own and its database is there."""
    from stationer.settings import WrongSettingsError

    try:
        from stationer.keys import KeyringFileError, KmsError
        from stationer.seal import WrongKeyringError
    except ImportError as fault:
        print(
            f"stationer keys: a part is not installed: pip install 'stationer[server]' ({fault})",
            file=sys.stderr,
        )
        return 1

    if (arguments.kms and arguments.verb == "show") or (arguments.json and arguments.verb != "show"):
        print("stationer keys: --kms goes with new and rotate, --json with show", file=sys.stderr)
        return 2
    try:
        path = arguments.file or _default()
    except WrongSettingsError as error:
        print(f"stationer keys: {error}", file=sys.stderr)
        return 1
    try:
        if tables is None:
            tables = () if arguments.verb == "new" else _of_the_portal(path)
        return {"new": _new, "show": _show, "rotate": _rotate}[arguments.verb](path, arguments, tables)
    except WrongKeyringError as fault:
        print(f"stationer keys: {path}: {fault}", file=sys.stderr)
        return 4
    except (KeyringFileError, KmsError) as fault:
        print(f"stationer keys: {fault}", file=sys.stderr)
    except OSError as fault:
        print(
            f"stationer keys: {path} cannot be written: {(fault.strerror or str(fault)).lower()}.",
            file=sys.stderr,
        )
    return 1


def _default() -> Path:
    from stationer.settings import load

    return load().portal.keyring


def _of_the_portal(path: Path) -> Sequence[Rows]:
    """The portal's tables; none for another keyring than its own, or before it was started first."""
    from stationer.settings import load

    if path.resolve() != load().portal.keyring.resolve():
        return ()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")
    import django

    django.setup()
    from stationer.portal.vault.keyrows import tables

    return tables()


def _new(path: Path, arguments: argparse.Namespace, tables: Sequence[Rows]) -> int:
    from stationer.keys import make

    made = make(path, arguments.kms)
    print(
        f"{path}: made, with the key {made.primary}. Without it nothing that is sealed can be read: back it up now,"
    )
    print("apart from the database (docs/keys.md).")
    return 0


def _show(path: Path, arguments: argparse.Namespace, tables: Sequence[Rows]) -> int:
    from stationer.keys import read

    found, rows = read(path), _counted(tables)
    if arguments.json:
        keys = [
            {
                "id": one.id,
                "made": one.made,
                "kms": one.kms,
                "primary": one.id == found.primary,
                "rows": None if rows is None else rows[one.id],
            }
            for one in found.keys
        ]
        print(msgspec.json.format(msgspec.json.encode({"file": str(path), "keys": keys}), indent=1).decode())
        return 0
    for one in found.keys:
        kind = one.kms or "in this file"
        state = "primary" if one.id == found.primary else "older"
        many = "rows are not counted" if rows is None else f"{_wrapped(rows[one.id]):>22}"
        print(f"{one.id}  {state:<8} made {one.made}  {many}  {kind}")
    return 0


def _wrapped(count: int) -> str:
    return f"{count:,} wrapped key" + "s" * (count != 1)


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _rotate(path: Path, arguments: argparse.Namespace, tables: Sequence[Rows]) -> int:
    from stationer.keys import add, read

    found = read(path)
    if not tables:
        found = add(path, arguments.kms)
        print(f"{found.primary} is the primary key now. No rows were looked at. Back {path} up.")
        return 0
    left, bad = _rewrapped(found, tables)
    if left:
        print(
            f"{_wrapped(left)} that an earlier rotation left {_are(left)} under {found.primary} now; no key was made."
        )
    else:
        found = add(path, arguments.kms)
        done, bad = _rewrapped(found, tables)
        print(
            f"{found.primary} is the primary key now, and {_wrapped(done)} {_are(done)} under it. Back {path} up."
        )
    for name, reason in bad.items():
        print(f"stationer keys: {name} cannot be read: {reason}", file=sys.stderr)
    return 1 if bad else 0


def _rewrapped(found: Keyring, tables: Sequence[Rows]) -> tuple[int, dict[str, str]]:
    from stationer.keys import kms_aead, rotate
    from stationer.seal.keyring import ring_of

    ring, done, bad = ring_of(found, kms_aead), 0, dict[str, str]()
    for rows in tables:
        tally = rotate(ring, rows)
        done, bad = done + tally.rewrapped, bad | tally.unreadable
    return done, bad


def _counted(tables: Sequence[Rows]) -> Counter[str] | None:
    """None: there is no table to count in, which is not 0."""
    from stationer.keys import under

    return sum((under(rows) for rows in tables), Counter[str]()) if tables else None
