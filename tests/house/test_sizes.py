"""Files can be summed up in one line, functions fit on half a screen (ARCHITECTURE.md; the figures are the plan's)."""

from __future__ import annotations

import ast
import statistics
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "stationer"


def sources() -> list[Path]:
    """All hand-written modules; migrations are generated, and an empty `__init__` is not a file to sum up."""
    return [p for p in SOURCE.rglob("*.py") if "migrations" not in p.parts and p.stat().st_size > 120]


def quantile(values: list[int], share: float) -> int:
    """The smallest value that `share` of all values do not exceed."""
    return sorted(values)[max(0, int(len(values) * share) - 1)]


def test_files_stay_small() -> None:
    lengths = {path: len(path.read_text().splitlines()) for path in sources()}
    assert statistics.median(lengths.values()) <= 120
    assert quantile(list(lengths.values()), 0.9) <= 300
    assert not {str(p.relative_to(SOURCE)): n for p, n in lengths.items() if n > 400}


def test_functions_stay_small() -> None:
    lengths: dict[str, int] = {}
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                name = f"{path.relative_to(SOURCE)}:{node.lineno} {node.name}"
                lengths[name] = (node.end_lineno or node.lineno) - node.lineno + 1
    assert statistics.median(lengths.values()) <= 10
    assert quantile(list(lengths.values()), 0.9) <= 30
    assert not {name: n for name, n in lengths.items() if n > 60}


def test_every_module_opens_with_its_promise() -> None:
    assert not [
        str(p.relative_to(SOURCE)) for p in sources() if not ast.get_docstring(ast.parse(p.read_text()))
    ]


def test_no_room_or_file_is_a_junk_drawer() -> None:
    banned = {"utils", "common", "core", "helpers", "services", "managers", "misc"}
    assert not [
        str(p.relative_to(SOURCE)) for p in SOURCE.rglob("*") if p.stem in banned and "static" not in p.parts
    ]
