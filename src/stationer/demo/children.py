"""The demo's programs as child processes: each with a log of its own, ended in the reverse of their order."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec

#: How long a program may take to end in its own way, in seconds.
PATIENCE = 10.0
#: How long one that ended by itself rests before it is started again, in seconds: time to see what happens without.
REST = 5.0
#: So many ends in a row, each within `BRIEF` seconds of its start, and starting it again helps nobody.
TRIES, BRIEF = 3, 30.0
PR_SET_PDEATHSIG = 1


class Child(msgspec.Struct):
    """A program, how it was started (monotonic seconds), and where it writes. `due`: when it is started again."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path
    words: Sequence[str]
    say: bytes
    begun: float
    due: float | None = None
    brief: int = 0

    def last_words(self, lines: int = 15) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])


class ChildDied(Exception):
    """A program ended by itself. The message says which, and ends with its last words."""

    def __init__(self, child: Child) -> None:
        code = child.process.returncode
        super().__init__(
            f"{child.name} ended by itself ({code}). The end of {child.log}:\n\n{child.last_words()}"
        )


class Children:
    """Programs that live as long as the demo. A context manager: whatever happens, they end with it."""

    def __init__(self, logs: Path, environment: Mapping[str, str]) -> None:
        logs.mkdir(parents=True, exist_ok=True)
        self._logs = logs
        self._environment = dict(environment)
        self._all: list[Child] = []

    def __enter__(self) -> Children:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self, name: str, words: Sequence[str], say: bytes = b"") -> Child:
        """`stationer WORDS` in the background; `say` goes to its stdin, and all it says into its log."""
        log = self._logs / f"{name}.log"
        child = Child(name, self._spawn(words, log, say), log, words, say, time.monotonic())
        self._all.append(child)
        return child

    def run(self, name: str, words: Sequence[str], say: bytes = b"") -> str:
        """`stationer WORDS` to its end; what it wrote on stdout. Raises CommandFailed with what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "stationer", *words],
            input=say,
            capture_output=True,
            env=self._environment,
            check=False,
        )
        with (self._logs / f"{name}.log").open("ab") as file:
            file.write(done.stderr)
        if done.returncode:
            raise CommandFailed(words, done)
        return done.stdout.decode()

    def look(self) -> None:
        """Raises ChildDied when one is gone."""
        for child in self._all:
            if child.process.poll() is not None:
                raise ChildDied(child)

    def tend(self, now: float) -> Iterator[str]:
        """Start again what ended by itself, after a rest. Yields a line for a person at each end and each start.

        Raises ChildDied when starting it again has not helped.
        """
        for child in self._all:
            if child.due is None and child.process.poll() is not None:
                child.brief = child.brief + 1 if now - child.begun < BRIEF else 0
                if child.brief >= TRIES:
                    raise ChildDied(child)
                child.due = now + REST
                yield f"{child.name} ended by itself ({child.process.returncode}); it starts again in {REST:.0f} s."
            elif child.due is not None and now >= child.due:
                child.process = self._spawn(child.words, child.log, child.say)
                child.begun, child.due = now, None
                yield f"{child.name} started again."

    def stop(self) -> None:
        """End them all, the last started first: those who ask before those who answer."""
        for child in reversed(self._all):
            _end(child.process)
        self._all.clear()

    def _spawn(self, words: Sequence[str], log: Path, say: bytes) -> subprocess.Popen[bytes]:
        with log.open("ab") as file:
            process = subprocess.Popen(
                [sys.executable, "-m", "stationer", *words],
                stdin=subprocess.PIPE,
                stdout=file,
                stderr=file,
                env=self._environment,
                # A group of its own: Ctrl-C reaches us alone, and we end them in order.
                start_new_session=True,
                preexec_fn=_die_with_parent if sys.platform == "linux" else None,
            )
        if process.stdin is not None:
            process.stdin.write(say)
            process.stdin.close()
        return process


class CommandFailed(Exception):
    """A command of ours failed while the demo was set up. The message has what it said."""

    def __init__(self, words: Sequence[str], done: subprocess.CompletedProcess[bytes]) -> None:
        said = (done.stderr + done.stdout).decode(errors="replace").strip()
        super().__init__(f"stationer {' '.join(words)} failed ({done.returncode}):\n\n{said}")


def _die_with_parent() -> None:
    """prctl(2): when the demo is killed outright, its programs are told to end as well."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _end(process: subprocess.Popen[bytes]) -> None:
    """SIGTERM and patience; then the whole group is killed."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
