"""Blobs: what was put is there, whole, by its name and no other. One suite for the folder and for the bucket."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import seal
from stationer.blobs.bucket import WrongPlace
from stationer.blobs.folder import Folder
from stationer.blobs.names import Absent, StoreError, WrongName
from stationer.blobs.opening import open_blobs


def test_what_was_put_is_got(blobs):
    blobs.put("a/b.png", b"\x00one")
    assert blobs.get("a/b.png") == b"\x00one"
    assert blobs.has("a/b.png")
    assert blobs.size("a/b.png") == 4


def test_a_second_put_takes_the_place_of_the_first(blobs):
    blobs.put("a", b"one")
    blobs.put("a", b"two")
    assert blobs.get("a") == b"two"
    assert list(blobs.names()) == ["a"]


def test_an_absent_blob_is_said_to_be_absent(blobs):
    for asked in (
        blobs.get,
        blobs.size,
        lambda name: blobs.read(name, 0, 1),
        lambda name: blobs.read(name, 1, 1),
    ):
        with pytest.raises(Absent):
            asked("nothing/here")
    assert not blobs.has("nothing/here")


def test_a_folder_is_no_blob(blobs):
    blobs.put("a/b", b"")
    for name in ("a", "a/b/c"):
        for asked in (blobs.get, blobs.size, lambda name: blobs.read(name, 0, 1)):
            with pytest.raises(Absent):
                asked(name)
        assert not blobs.has(name)


def test_a_deleted_blob_is_gone_and_deleting_again_does_no_harm(blobs):
    blobs.put("a/b", b"x")
    blobs.delete("a/b")
    blobs.delete("a/b")
    assert not blobs.has("a/b")


def test_names_are_sorted_below_a_prefix_of_whole_segments(blobs):
    for name in ("p/2", "p/1", "p-x/1", "q/1", "p/1-a/z"):
        blobs.put(name, b"x")
    assert list(blobs.names("p")) == ["p/1", "p/1-a/z", "p/2"]
    assert list(blobs.names()) == ["p-x/1", "p/1", "p/1-a/z", "p/2", "q/1"]
    assert list(blobs.names("nothing")) == []


@pytest.mark.parametrize("size", [0, 1, 5_000_000, 20_000_000])
def test_what_is_written_in_pieces_is_read_by_range(blobs, size):
    data = os.urandom(size)
    assert blobs.write("big", (data[at : at + 999_999] for at in range(0, size, 999_999))) == size
    assert blobs.size("big") == size
    assert blobs.get("big") == data
    for start, stop in (
        (0, 10),
        (size // 2, size // 2 + 1000),
        (max(0, size - 5), size),
        (size - 1, size + 9),
    ):
        assert blobs.read("big", max(0, start), stop) == data[max(0, start) : stop]
    assert blobs.read("big", size, size + 5) == blobs.read("big", size + 3, size + 5) == b""
    assert blobs.read("big", 5, 5) == blobs.read("big", 5, 3) == b""


def test_what_breaks_off_leaves_what_was_there(blobs):
    blobs.put("a", b"one")

    def broken():
        yield bytes(9_000_000)
        yield bytes(9_000_000)
        raise TimeoutError("the sender is gone")

    for name in ("a", "new/one"):
        with pytest.raises(TimeoutError, match="the sender is gone"):
            blobs.write(name, broken())
    assert blobs.get("a") == b"one"
    assert not blobs.has("new/one")
    assert list(blobs.names()) == ["a"]


@pytest.mark.parametrize(
    "name", ["", "/a", "../a", "a/../b", "a//b", ".hidden", "a/.b", "A", "a\x00", "a\n", "a b"]
)
def test_odd_names_are_refused(blobs, name):
    for asked in (lambda: blobs.put(name, b"x"), lambda: blobs.write(name, [b"x"]), lambda: blobs.get(name),
                  lambda: blobs.read(name, 0, 1), lambda: blobs.size(name), lambda: blobs.has(name),
                  lambda: blobs.delete(name)):  # fmt: skip
        with pytest.raises(WrongName):
            asked()


def test_sealed_content_is_written_and_opened_by_range(blobs):
    key, place, plain = os.urandom(32), seal.Place("pen", "message", "1"), os.urandom(9_000_000)
    blobs.write("vault/1", seal.seal(seal.begin(key, place, os.urandom(16)), [plain]))
    opener = seal.Opener(
        key,
        place,
        blobs.size("vault/1"),
        lambda start, stop: blobs.read("vault/1", start, stop),
        length=len(plain),
    )
    assert b"".join(opener.range()) == plain
    assert b"".join(opener.range(5_000_000, 5_000_100)) == plain[5_000_000:5_000_100]


@given(st.text(max_size=40))
def test_no_name_leaves_the_folder(name):
    root = Folder(Path("/nowhere/blobs"))
    try:
        path = root._path(name)
    except WrongName:
        return
    assert path.resolve().is_relative_to("/nowhere/blobs")


def test_what_breaks_off_leaves_no_parts_in_the_bucket(server):
    boto3.client("s3").create_bucket(
        Bucket="parts", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"}
    )

    def broken():
        yield bytes(30_000_000)
        raise TimeoutError

    with pytest.raises(TimeoutError):
        open_blobs(f"s3://parts?endpoint={server}", Path("unused")).write("a", broken())
    assert "Uploads" not in boto3.client("s3").list_multipart_uploads(Bucket="parts")


@pytest.mark.parametrize(
    "url", ["s3://no-such-bucket?endpoint={server}", "s3://b?endpoint=http://127.0.0.1:9"]
)
def test_a_store_that_has_no_such_bucket_or_does_not_answer_is_told(server, url):
    blobs = open_blobs(url.format(server=server), Path("unused"))
    for put in (lambda: blobs.put("a", b"x"), lambda: blobs.write("a", [b"x"])):
        with pytest.raises(StoreError, match=r"bucket|did not do it \(a\)"):
            put()


@pytest.mark.parametrize("url", ["s3://", "s3:///a", "gs://b", "s3://b?key=secret", "https://b.example/"])
def test_what_is_no_place_is_refused_with_a_sentence(url):
    with pytest.raises(WrongPlace, match="s3://BUCKET/PREFIX"):
        open_blobs(url, Path("unused"))


def test_the_part_that_is_not_installed_is_named(monkeypatch):
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(WrongPlace, match=r"pip install 'stationer\[s3\]'"):
        open_blobs("s3://b", Path("unused"))


def test_cleaning_takes_no_blob_and_no_part_of_one(blobs):
    blobs.put("a/b", b"x")
    blobs.write("a/c", [b"x"])
    assert blobs.clean() == []
    assert list(blobs.names()) == ["a/b", "a/c"]
