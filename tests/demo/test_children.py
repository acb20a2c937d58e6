"""The demo's programs start, are watched, and end together."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stationer.demo.answers import wait
from stationer.demo.children import REST, TRIES, ChildDied, Children, CommandFailed


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


def test_one_that_dies_rests_and_starts_again(tmp_path: Path) -> None:
    with Children(tmp_path / "log", os.environ) as children:
        child = children.start("mail", mail_words(tmp_path), say=b"[]")
        first = child.process
        first.kill()
        first.wait(30)
        (news,) = children.tend(100.0 + child.begun)
        assert "mail ended by itself (-9)" in news
        assert not list(children.tend(101.0 + child.begun))
        assert list(children.tend(100.0 + REST + child.begun)) == ["mail started again."]
        assert child.process is not first
        wait("It", lambda: '"imap"' in child.last_words(), children.look)


def test_one_that_dies_again_and_again_is_given_up(tmp_path: Path) -> None:
    with Children(tmp_path / "log", os.environ) as children:
        child = children.start("mail", mail_words(tmp_path), say=b"not JSON")
        with pytest.raises(ChildDied, match="JSON is malformed"):
            for _ in range(TRIES):
                child.process.wait(30)
                list(children.tend(child.begun + 1))
                list(children.tend(child.begun + 1 + REST))


def test_a_command_that_fails_says_what_it_said(tmp_path: Path) -> None:
    with Children(tmp_path / "log", os.environ) as children:
        assert "usage" in children.run("help", ["--help"])
        with pytest.raises(CommandFailed, match=r"stationer nonsense failed \(2\)(.|\n)*there is no command"):
            children.run("nonsense", ["nonsense"])
