"""The journal on disk: there after a kill, checked when opened, damage set aside and never passed over in
silence.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from stationer.agent.journal import KEPT_MS, Journal, JournalError
from stationer.wire.journal import Done, Dressed, Entry, Held, Removed, SubmitBegun

DRESSED = Dressed("stamped", "alice@acme.test", "<1@acme.test>", (("bob@acme.test",),))


def entries(key: str, *deeds: object, at: int = 1_000, run: int = 1) -> list[Entry]:
    """One record."""
    return [Entry(key, run, at, deed) for deed in deeds]  # type: ignore[arg-type]


def test_what_was_written_is_there_after_opening_anew(tmp_path: Path) -> None:
    first = Journal(tmp_path, now=1_000)
    first.write("alice", entries("k", DRESSED, SubmitBegun(0, 1)), [b"copy 0", b"copy 1"])
    again = Journal(tmp_path, now=2_000)
    assert again.of("alice", "k") == entries("k", DRESSED, SubmitBegun(0, 1)) == again.past("alice")
    assert again.spooled("alice", "k", 1, 1) == b"copy 1"
    assert again.past("bob") == [] and again.set_aside is None


def test_full_synchronisation_is_on(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=0)
    assert journal._connection.execute("PRAGMA synchronous").fetchone() == (2,)
    assert journal._connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_a_mail_that_is_done_is_past_only_when_asked_for_and_its_spool_is_gone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=1_000)
    journal.write("alice", entries("k", DRESSED), [b"copy"])
    journal.write("alice", entries("k", Done("sent")), drop=True)
    assert journal.past("alice") == [] and journal.spooled("alice", "k", 1, 0) is None
    assert len(journal.past("alice", ["k"])) == 2
    journal.write("alice", entries("k", Held(5), DRESSED, run=2), [b"again"])
    assert [entry.run for entry in journal.past("alice")] == [1, 1, 2, 2]


def test_mails_done_long_ago_are_forgotten_and_open_ones_never(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=1_000)
    journal.write("alice", entries("old", DRESSED, Done("sent")))
    journal.write("alice", entries("open", DRESSED))
    journal.close()
    later = Journal(tmp_path, now=KEPT_MS + 5_000)
    assert later.of("alice", "old") == [] and later.of("alice", "open")


def damaged(data: bytes, at: int) -> bytes:
    """One byte flipped."""
    return data[:at] + bytes([data[at] ^ 0xFF]) + data[at + 1 :]


@pytest.mark.parametrize("how", ["garbage", "truncated", "unknown deed"])
def test_a_damaged_journal_is_set_aside_and_the_agent_is_careful(tmp_path: Path, how: str) -> None:
    journal = Journal(tmp_path, now=1_000)
    for n in range(200):
        journal.write("alice", entries(f"k{n}", DRESSED, Removed(1, (n,))), [b"x" * 500])
    journal.close()
    path = tmp_path / "agent.db"
    if how == "unknown deed":
        with sqlite3.connect(path) as raw:
            raw.execute('UPDATE entry SET deed = \'{"deed": "from the future"}\' WHERE n = 7')
        raw.close()
    else:
        data = path.read_bytes()
        path.write_bytes(b"?" * 4096 + data[4096:] if how == "garbage" else data[: len(data) // 2])
    again = Journal(tmp_path, now=5_000)
    assert again.set_aside is not None and again.set_aside.exists()
    assert again.recall("careful") == "5000" and again.past("alice") == []
    assert Journal(tmp_path, now=6_000).recall("careful") == "5000"


def test_every_flipped_byte_is_noticed_or_harms_nothing(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=1_000)
    written = entries("k", DRESSED, SubmitBegun(0, 1))
    journal.write("alice", written)
    journal.close()
    data = (tmp_path / "agent.db").read_bytes()
    for n, at in enumerate(range(0, len(data), max(1, len(data) // 150))):
        folder = tmp_path / str(n)
        folder.mkdir()
        (folder / "agent.db").write_bytes(damaged(data, at))
        try:
            again = Journal(folder, now=2_000)
        except JournalError:
            continue  # it says so and does nothing
        known = again.of("alice", "k")
        assert again.set_aside or known == written, f"byte {at}"
        again.close()


def test_a_full_disk_is_an_error_before_anything_is_done(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=1_000)
    journal._connection.execute("PRAGMA max_page_count = 12")
    with pytest.raises(JournalError, match="full"):
        for n in range(100):
            journal.write("alice", entries(f"k{n}", DRESSED), [b"x" * 10_000])
    assert not any(journal.spooled("alice", entry.key, 1, 0) is None for entry in journal.past("alice"))


def test_each_record_is_told_before_and_after(tmp_path: Path) -> None:
    told: list[tuple[str, int]] = []
    journal = Journal(tmp_path, now=0, watch=lambda side, n: told.append((side, n)))
    journal.write("alice", entries("k", DRESSED))
    journal.write("alice", entries("k", Done("sent")))
    assert told == [("before", 1), ("after", 1), ("before", 2), ("after", 2)]
