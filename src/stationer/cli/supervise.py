"""Several programs as one: started, started again when they end, stopped together within seconds.

Each program's standard input is a pipe whose other end only the supervisor holds: when the supervisor is
gone, however it went, the program reads the end of it and stops.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence

from stationer.watch.log import Voice

#: Seconds: a pause doubles from the first to the most; a program that ran for long enough begins anew.
PAUSE, MOST, LONG = 0.5, 30.0, 60.0
#: Seconds that programs have to stop before they are killed.
GRACE = 8.0

voice = Voice("serve")


class Program:
    """One program and its processes, one after the other."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, list(command)
        self.process: subprocess.Popen[bytes] | None = None
        self.pause, self.due, self.began = PAUSE, 0.0, 0.0

    def start(self) -> None:
        """A new process in its own session, so that a terminal's Ctrl-C comes to the supervisor alone."""
        self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, start_new_session=True)
        self.began = time.monotonic()
        voice.info("process-started", program=self.name, pid=self.process.pid)

    def look(self) -> None:
        """Start what is due; notice what ended."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self.start()
        elif (code := self.process.poll()) is not None:
            self.pause = PAUSE if now - self.began > LONG else min(self.pause * 2, MOST)
            voice.error("process-ended", program=self.name, code=code, again_in_s=self.pause)
            self.process, self.due = None, now + self.pause

    def ask_to_stop(self) -> None:
        """SIGTERM."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, until: float) -> None:
        """Until it has ended; killed with its children at `until` (monotonic s)."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        voice.info("process-stopped", program=self.name, code=self.process.returncode)


def serving(name: str) -> list[str]:
    """The command that serves one program, ended by its supervisor's end."""
    return [sys.executable, "-m", "stationer", "serve", "--supervised", name]


def supervise(commands: Mapping[str, Sequence[str]]) -> int:
    """Run these programs, by name, until SIGTERM or SIGINT. 0: all were stopped."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    programs = [Program(name, command) for name, command in commands.items()]
    while not stop.is_set():
        for program in programs:
            program.look()
        stop.wait(0.2)
    voice.info("stopping")
    until = time.monotonic() + GRACE
    for program in programs:
        program.ask_to_stop()
    for program in programs:
        program.wait(until)
    return 0


def end_with_supervisor() -> None:
    """Ask this process to stop when its standard input ends."""

    def wait() -> None:
        while os.read(0, 4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=wait, name="supervisor", daemon=True).start()
