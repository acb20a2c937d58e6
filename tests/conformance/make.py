"""Make the suite's mails again: `python -m tests.conformance.make` writes, `--check` only compares.

The sources are in tests/conformance/making: what each mail is, why it is there, and where its block may stand.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from stationer.conformance.laws import LAWS
from tests.conformance.making import everything
from tests.conformance.making.frame import Made

FOLDER = Path(__file__).parents[2] / "src" / "stationer" / "conformance" / "mails"


def ordered() -> list[Made]:
    """All cases, by the law they were written for."""
    at = {law.key: number for number, law in enumerate(LAWS)}
    every = sorted(everything(), key=lambda one: (at[one.case.group], one.case.name))
    names = [one.case.name for one in every]
    assert len(names) == len(set(names)), [name for name in names if names.count(name) > 1]
    return every


def files() -> dict[str, bytes]:
    """Everything that is made, by its name."""
    every = ordered()
    rows = (msgspec.json.encode(_short(one)) for one in every)
    table = b"[\n" + b",\n".join(rows) + b"\n]\n"
    return {"cases.json": table, **{f"{one.case.name}.eml": one.mail for one in every}}


def _short(one: Made) -> dict[str, object]:
    """A case without what is empty."""
    return {
        key: value for key, value in msgspec.to_builtins(one.case).items() if value not in ("", [], (), False)
    }


def stale() -> list[str]:
    """Files that are not what the sources make, and files that nothing makes."""
    fresh = files()
    wrong = [name for name, content in fresh.items() if not _is(FOLDER / name, content)]
    return sorted([*wrong, *({path.name for path in FOLDER.iterdir()} - fresh.keys())])


def _is(path: Path, content: bytes) -> bool:
    return path.is_file() and path.read_bytes() == content


def main(arguments: list[str]) -> int:
    """0 fresh or made · 1 stale, with `--check`."""
    if "--check" in arguments:
        print("\n".join(stale()))
        return 1 if stale() else 0
    fresh = files()
    for name in stale():
        if name in fresh:
            (FOLDER / name).write_bytes(fresh[name])
        else:
            (FOLDER / name).unlink()
        print(f"{'made' if name in fresh else 'removed'} {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
