"""What the documents say can be done, can be done: commands, make targets, links and rooms exist."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from stationer.cli.main import COMMANDS

ROOT = Path(__file__).parents[2]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("contract/*.md"), *ROOT.glob("docs/*.md")])
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.M))


def names(paths: list[Path]) -> list[str]:
    """Paths as they read in a test's name."""
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_command_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"\bstationer ([a-z][a-z-]*)\b(?=[^`\n]*`)", document.read_text()))
    named |= set(re.findall(r"^\./bin/stationer ([a-z-]+)", document.read_text(), re.M))
    assert named <= set(COMMANDS), named - set(COMMANDS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_make_target_that_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text(), re.M))
    assert named <= TARGETS, named - TARGETS


@pytest.mark.parametrize("document", DOCUMENTS, ids=names(DOCUMENTS))
def test_every_link_within_the_repository_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text()):
        assert (document.parent / target).exists(), target


def test_the_architecture_names_every_room() -> None:
    said = (ROOT / "ARCHITECTURE.md").read_text()
    rooms = [path.name for path in (ROOT / "src/stationer").iterdir() if (path / "__init__.py").exists()]
    assert rooms
    assert not [room for room in rooms if f"`{room}`" not in said]


def test_the_readme_shows_the_two_commands() -> None:
    said = (ROOT / "README.md").read_text()
    assert re.search(r"^make run$", said, re.M)
    assert re.search(r"^make test$", said, re.M)


def test_the_readmes_commands_on_files_do_what_it_says(tmp_path: Path) -> None:
    section = (ROOT / "README.md").read_text().split("## On files")[1]
    commands = section.split("```")[1].replace(
        "./bin/stationer", f"{shlex.quote(sys.executable)} -m stationer"
    )
    script = "set -eu -o pipefail\n" + commands.replace("--explain", "--explain > answer.json")
    done = subprocess.run(["bash", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Alice Penrose" in (tmp_path / "stamped.eml").read_text()
    answer = json.loads((tmp_path / "answer.json").read_text())
    assert answer["copies"][0]["new"]["signature"]
