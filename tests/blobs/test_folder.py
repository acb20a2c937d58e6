"""Blobs: what was put is there, whole, by its name and no other."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.blobs.folder import Absent, Folder, WrongName


@pytest.fixture
def blobs(tmp_path):
    return Folder(tmp_path / "blobs")


def test_what_was_put_is_got(blobs):
    blobs.put("a/b.png", b"\x00one")
    assert blobs.get("a/b.png") == b"\x00one"
    assert blobs.has("a/b.png")


def test_a_second_put_takes_the_place_of_the_first(blobs):
    blobs.put("a", b"one")
    blobs.put("a", b"two")
    assert blobs.get("a") == b"two"
    assert list(blobs.names()) == ["a"]


def test_an_absent_blob_is_said_to_be_absent(blobs):
    with pytest.raises(Absent):
        blobs.get("nothing/here")
    assert not blobs.has("nothing/here")


def test_a_folder_is_no_blob(blobs):
    blobs.put("a/b", b"")
    with pytest.raises(Absent):
        blobs.get("a")
    with pytest.raises(Absent):
        blobs.get("a/b/c")


def test_a_deleted_blob_is_gone_and_deleting_again_does_no_harm(blobs):
    blobs.put("a/b", b"x")
    blobs.delete("a/b")
    blobs.delete("a/b")
    assert not blobs.has("a/b")


def test_names_lists_below_a_prefix_and_no_leftovers(blobs):
    for name in ("p/1", "p/2", "q/1"):
        blobs.put(name, b"x")
    (blobs.root / "p" / ".3.tmp").write_bytes(b"half")
    assert list(blobs.names("p")) == ["p/1", "p/2"]


@given(st.text(max_size=40))
def test_no_name_leaves_the_folder(name):
    root = Folder(Path("/nowhere/blobs"))
    try:
        path = root._path(name)
    except WrongName:
        return
    assert path.resolve().is_relative_to("/nowhere/blobs")


@pytest.mark.parametrize(
    "name", ["", "/a", "../a", "a/../b", "a//b", ".hidden", "a/.b", "A", "a\x00", "a\n", "a b"]
)
def test_odd_names_are_refused(blobs, name):
    with pytest.raises(WrongName):
        blobs.put(name, b"x")
