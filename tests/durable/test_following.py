"""A journal is read while another process appends: whole frames, each once, and past damage when nobody writes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.durable.following import Follower, is_open
from stationer.durable.frames import DamagedError
from stationer.durable.journal import BrokenError, Journal


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.binary(max_size=30), min_size=1, max_size=3), max_size=5))
def test_what_is_appended_is_read_once_and_in_order(tmp_path_factory, batches):
    path = tmp_path_factory.mktemp("j") / "journal"
    with Journal(path) as journal:
        follower, found = Follower(path), []
        for batch in batches:
            journal.append(*batch)
            found += follower.more()
        assert found == [record for batch in batches for record in batch]
        assert follower.more() == [] and follower.at == journal.size
        assert Follower(path, follower.at).more() == []


def test_a_frame_that_is_not_whole_yet_waits(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as journal:
        journal.append(b"one")
        begun = journal.size
        journal.append(b"two")
    data = path.read_bytes()
    follower = Follower(path)
    for size in range(begun, len(data)):
        path.write_bytes(data[:size])
        assert follower.more() == ([b"one"] if size == begun else [])
    path.write_bytes(data)
    assert follower.more() == [b"two"]


def test_what_follows_damage_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    with Journal(path) as journal:
        for record in (b"one", b"two", b"three"):
            journal.append(record)
    data = bytearray(path.read_bytes())
    data[data.index(b"two")] ^= 1
    path.write_bytes(data)
    follower = Follower(path)
    assert follower.more() == [b"one"] and follower.more() == []
    assert follower.past_damage() == [b"three"]
    assert follower.at == len(data) and follower.past_damage() == []


def test_what_is_no_journal_is_told(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    path.write_bytes(b"something else, longer than a head")
    with pytest.raises(DamagedError):
        Follower(path).more()


def test_whether_somebody_appends_is_seen_and_a_closed_journal_takes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    journal = Journal(path)
    assert is_open(path)
    journal.close()
    journal.close()
    assert not is_open(path)
    with pytest.raises(BrokenError):
        journal.append(b"late")
    assert Follower(path).more() == []
