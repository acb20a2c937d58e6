"""A command that hangs, crashes, floods, writes nothing or does not exist is a finding, never the end of the suite."""

from __future__ import annotations

import time
from pathlib import Path

from stationer.conformance.running import FLOOD_MORE, run


def test_a_command_gets_the_mail_and_gives_one_back() -> None:
    done = run("cat", b"From: a@b\n\nx\n", 20)
    assert (done.output, done.code, done.trouble) == (b"From: a@b\n\nx\n", 0, "")
    assert done.memory > 100_000 and 0 < done.seconds < 20


def test_a_command_that_hangs_is_ended_with_all_it_started() -> None:
    start = time.monotonic()
    done = run("cat > /dev/null; sleep 60 & echo $!; wait", b"x", 4)
    assert time.monotonic() - start < 40
    assert done.trouble == "it did not end in time"
    assert _ends(int(done.output), 20)


def test_a_command_that_crashes_says_by_which_signal() -> None:
    done = run("kill -SEGV $$", b"x", 20)
    assert done.trouble == "it was ended by signal 11"


def test_a_command_that_writes_nothing_or_reads_nothing_is_judged_by_its_output() -> None:
    assert run("cat > /dev/null", b"x" * 300_000, 20).output == b""
    assert run("exit 3", b"x" * 300_000, 20).code == 3


def test_a_command_that_floods_is_stopped() -> None:
    done = run("yes", b"x", 60)
    assert done.trouble == f"it wrote more than {FLOOD_MORE + 4} octets"


def test_a_command_that_does_not_exist_is_an_exit_code() -> None:
    done = run("no-such-inserter-anywhere", b"x", 20)
    assert done.code == 127 and "not found" in done.said


def test_what_a_command_leaves_running_does_not_hold_it_up() -> None:
    start = time.monotonic()
    assert run("cat; sleep 30 &", b"x", 20).output == b"x"
    assert time.monotonic() - start < 25


def _ends(pid: int, seconds: float) -> bool:
    """Whether the process is gone, or a zombie nobody has waited for, by then: a signal takes effect a little later."""
    by = time.monotonic() + seconds
    while _runs(pid) and time.monotonic() < by:
        time.sleep(0.02)
    return not _runs(pid)


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] not in "ZX"
    except (FileNotFoundError, ProcessLookupError):
        return False
