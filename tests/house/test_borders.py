"""The borders between rooms hold, and the tool that guards them notices a wrong import."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

#: (file to spoil, line to add): one for each sentence of "who may import whom" in ARCHITECTURE.md
WRONG_IMPORTS = [
    ("src/stationer/stamp/__init__.py", "import stationer.compose"),
    ("src/stationer/pick/__init__.py", "import stationer.durable"),
    ("src/stationer/notice/__init__.py", "import stationer.stamp"),
    ("src/stationer/durable/__init__.py", "import stationer.edge"),
    ("src/stationer/edge/__init__.py", "import stationer.portal"),
    ("src/stationer/agent/__init__.py", "import django"),
    ("src/stationer/outbox/__init__.py", "import stationer.imap"),
    ("src/stationer/seal/__init__.py", "import stationer.blobs"),
    ("src/stationer/conformance/__init__.py", "import stationer.stamp"),
    ("src/stationer/client/__init__.py", "import stationer.portal"),
]


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    """import-linter over the copy in `folder`, not over the installed checkout."""
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"]
    environment = {"PYTHONPATH": str(folder / "src"), "PATH": "/usr/bin:/bin"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A throw-away copy of the sources and of the rules."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(ROOT / "src", folder / "src", ignore=shutil.ignore_patterns("__pycache__", "static"))
    return folder


def test_the_borders_hold_as_the_house_stands(copy: Path) -> None:
    result = lint(copy)
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(("file", "line"), WRONG_IMPORTS)
def test_a_wrong_import_in_a_throw_away_copy_is_refused(copy: Path, file: str, line: str) -> None:
    path = copy / file
    as_it_was = path.read_text()
    path.write_text(as_it_was + f"\n{line}\n")
    try:
        result = lint(copy)
    finally:
        path.write_text(as_it_was)
    assert result.returncode == 1, result.stdout + result.stderr
    assert "BROKEN" in result.stdout
