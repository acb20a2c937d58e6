"""Pictures that were fetched are kept: whole or not at all, and no more than there is room for."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from stationer.agent.album import Album
from stationer.compose import digest_of


def kept(album: Album, *pictures: bytes) -> list[bool]:
    return [album.get(digest_of(one)) == one for one in pictures]


def test_what_was_put_is_there_for_the_next_agent(tmp_path: Path) -> None:
    assert Album(tmp_path).put(digest_of(b"logo"), b"logo")
    assert Album(tmp_path).get(digest_of(b"logo")) == b"logo"


def test_what_is_not_what_its_digest_says_is_not_taken(tmp_path: Path) -> None:
    album = Album(tmp_path)
    assert not album.put(digest_of(b"logo"), b"another")
    assert album.get(digest_of(b"logo")) is None


@pytest.mark.parametrize("damage", [b"", b"log", b"logp", b"logo and more"])
def test_what_was_damaged_on_the_disk_is_not_used_and_can_be_put_again(tmp_path: Path, damage: bytes) -> None:
    album, digest = Album(tmp_path), digest_of(b"logo")
    album.put(digest, b"logo")
    (tmp_path / digest).write_bytes(damage)
    assert album.get(digest) is None
    assert album.put(digest, b"logo") and album.get(digest) == b"logo"


@pytest.mark.parametrize("name", ["", "../secret", "a" * 23, "A" * 24, "a" * 24 + "\n"])
def test_no_name_leaves_the_folder(tmp_path: Path, name: str) -> None:
    (tmp_path / "secret").write_bytes(b"x")
    album = Album(tmp_path / "album")
    assert album.get(name) is None and not album.put(name, b"x")


def test_where_there_is_no_room_what_was_not_used_for_longest_goes(tmp_path: Path) -> None:
    album = Album(tmp_path, most=30)
    first, second, third, fourth = (bytes([n]) * 10 for n in range(4))
    for at, one in enumerate((first, second, third)):
        album.put(digest_of(one), one)
        os.utime(tmp_path / digest_of(one), (at, at))
    assert album.get(digest_of(first)) == first, "used again, so the second is the oldest"
    album.put(digest_of(fourth), fourth)
    assert kept(album, first, second, third, fourth) == [True, False, True, True]


def test_what_a_killed_agent_left_half_written_goes(tmp_path: Path) -> None:
    (tmp_path / f".{digest_of(b'x')}.tmp").write_bytes(b"half")
    Album(tmp_path)
    assert list(tmp_path.iterdir()) == []
