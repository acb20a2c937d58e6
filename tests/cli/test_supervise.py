"""Programs under one supervisor are started again when they end, and stop with it, however it goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

#: A program that notes its process id, and waits for a SIGTERM or for its supervisor's end.
PROGRAM = """
import os, pathlib, sys, time
from stationer.cli.supervise import end_with_supervisor
end_with_supervisor()
with open(sys.argv[1], "a") as file:
    file.write(f"{os.getpid()}\\n")
while True:
    time.sleep(60)
"""
SUPERVISOR = """
import sys
from stationer.cli.supervise import supervise
from stationer.watch import log
log.start()
program, *names = sys.argv[1:]
raise SystemExit(supervise({name: [sys.executable, "-c", program, name] for name in names}))
"""


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie does not)."""
    try:
        return ") Z" not in Path(f"/proc/{pid}/stat").read_text()
    except FileNotFoundError:
        return False


def until(fine: Callable[[], object], seconds: float = 30) -> bool:
    """Whether it becomes true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if fine():
            return True
        time.sleep(0.05)
    return False


class Supervisor:
    """A supervisor process over two programs, and what they noted."""

    def __init__(self, folder: Path, program: str = PROGRAM) -> None:
        self.notes = [folder / "one", folder / "two"]
        command = [sys.executable, "-c", SUPERVISOR, program, *map(str, self.notes)]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE)
        assert until(lambda: all(self.pids(n) for n in (0, 1)))

    def pids(self, number: int) -> list[int]:
        """Process ids that a program had, one after the other."""
        note = self.notes[number]
        return [int(line) for line in note.read_text().split()] if note.exists() else []

    def all_pids(self) -> list[int]:
        return self.pids(0) + self.pids(1)


@pytest.fixture
def supervisor(tmp_path: Path) -> Iterator[Supervisor]:
    made = Supervisor(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()
    assert until(lambda: not any(map(alive, made.all_pids())))


def test_a_program_that_ends_is_started_again_and_the_other_runs_on(supervisor):
    (first,), (other,) = supervisor.pids(0), supervisor.pids(1)
    os.kill(first, signal.SIGKILL)
    assert until(lambda: len(supervisor.pids(0)) == 2)
    assert supervisor.pids(1) == [other] and alive(other)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_all_programs_stop_with_the_supervisor_within_seconds(supervisor, number):
    supervisor.process.send_signal(number)
    assert supervisor.process.wait(10) == 0
    assert not any(map(alive, supervisor.all_pids()))


def test_programs_end_when_their_supervisor_is_killed(supervisor):
    supervisor.process.kill()
    assert until(lambda: not any(map(alive, supervisor.all_pids())), 10)


def test_a_program_that_does_not_stop_is_killed(tmp_path):
    stubborn = "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n" + PROGRAM
    made = Supervisor(tmp_path, stubborn)
    made.process.terminate()
    assert made.process.wait(30) == 0
    assert not any(map(alive, made.all_pids()))


def test_wrong_settings_stop_the_start_with_all_their_names(tmp_path):
    environ = {**os.environ, "STATIONER_EDGE__WORKERS": "many", "STATIONER_PORTL__DATA": "x"}
    done = subprocess.run(
        [sys.executable, "-m", "stationer", "serve"],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1 and not done.stdout
    assert "edge.workers" in done.stderr and "STATIONER_PORTL__DATA" in done.stderr


def test_settings_are_printed_with_their_origins(tmp_path):
    environ = {**os.environ, "STATIONER_EDGE__WORKERS": "3", "STATIONER_LOG__KEY": "hush"}
    command = [sys.executable, "-m", "stationer", "settings"]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=True)
    (line,) = [line for line in done.stdout.splitlines() if line.startswith("edge.workers ")]
    assert line.split() == ["edge.workers", "3", "STATIONER_EDGE__WORKERS"]
    assert "hush" not in done.stdout
