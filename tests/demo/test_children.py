"""The demo's programs start, are watched, and end together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stationer.demo.answers import wait
from stationer.demo.children import ChildDied, Children, CommandFailed


def mail_words(folder: Path) -> list[str]:
    return ["demo", "mail", "--folder", str(folder / "mail")]


def test_whatever_happens_they_end(tmp_path: Path) -> None:
    children = Children(tmp_path / "log", os.environ)
    with pytest.raises(ZeroDivisionError), children:
        child = children.start("mail", mail_words(tmp_path), say=b"[]")
        wait("It", lambda: '"imap"' in child.last_words(), children.look)
        children.look()
        raise ZeroDivisionError
    assert child.process.returncode == 0


def test_one_that_dies_is_named_with_its_last_words(tmp_path: Path) -> None:
    with Children(tmp_path / "log", os.environ) as children:
        child = children.start("mail", mail_words(tmp_path), say=b"not JSON")
        child.process.wait(30)
        with pytest.raises(ChildDied, match=r"mail ended by itself \(1\)(.|\n)*JSON is malformed"):
            children.look()


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with Children(tmp_path / "log", os.environ) as children:
        assert "usage" in children.run("help", ["--help"])
        with pytest.raises(CommandFailed, match=r"stationer nonsense failed \(2\)(.|\n)*there is no command"):
            children.run("nonsense", ["nonsense"])
