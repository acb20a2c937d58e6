"""Print every row, write var/bench.json. Exit 0: all rows were measured, whether or not they are met."""

from __future__ import annotations

import importlib
import sys
import traceback
from pathlib import Path

import msgspec

from bench.row import Row, missing

#: Modules of this folder, in the order of the table; the last ones need the trials' servers.
MODULES = (
    "picking",
    "membership",
    "edge_http",
    "clicking",
    "stamping",
    "boundaries",
    "hostile",
    "sealing",
    "figures",
    "agent",
)
ROOT = Path(__file__).parents[1]
MARKS = {True: "ok", False: "NOT MET", None: "-"}


def told(row: Row) -> str:
    """The row as a line."""
    ratio = "-" if row.ratio is None else f"{row.ratio:.3g}"
    return f"{MARKS[row.ok]:<8}{row.what:<62} {row.ours:<34} {row.against:<52} {ratio:>7}  {row.target}"


def measured(name: str) -> list[Row]:
    """A module's rows, printed as they come. A module that fails gives a row that says so."""
    found: list[Row] = []
    try:
        for row in importlib.import_module(f"bench.{name}").rows():
            found.append(row)
            print(told(row), flush=True)
    except Exception as fault:
        traceback.print_exc()
        found.append(missing(f"bench/{name}.py", f"failed: {type(fault).__name__}", ""))
        print(told(found[-1]), flush=True)
    return found


def main(names: list[str]) -> int:
    """Measure the named modules, or all of them that are there."""
    chosen = names or [name for name in MODULES if (Path(__file__).parent / f"{name}.py").exists()]
    print(f"{'':<8}{'what':<62} {'ours':<34} {'against':<52} {'ratio':>7}  target")
    rows = [row for name in chosen for row in measured(name)]
    out = ROOT / "var" / "bench.json"
    out.parent.mkdir(exist_ok=True)
    out.write_bytes(msgspec.json.format(msgspec.json.encode(rows), indent=1) + b"\n")
    return 1 if any(row.against.startswith("failed: ") for row in rows) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
