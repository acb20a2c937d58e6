"""Run a command with a mail on standard input, within a time and an output limit, and say what it took.

POSIX only: the command and its children are one process group, which a hang takes down as a whole.
"""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from typing import IO, NamedTuple

#: Behind this an answer is a flood: so many times the mail, and so many octets more.
FLOOD_TIMES, FLOOD_MORE = 4, 64_000_000
STEP = 0.004


class Run(NamedTuple):
    """What a command did. `trouble` is a sentence when it hung, crashed, flooded or could not be started.

    `code` is its exit code (negative: the signal), `seconds` wall clock, `memory` peak resident octets (0: unknown).
    """

    output: bytes
    code: int
    seconds: float
    memory: int
    trouble: str
    said: str


#: What runs a mail through a product.
Inserter = Callable[[bytes], Run]


def command(line: str, timeout: float) -> Inserter:
    """The inserter that is this shell command."""
    return lambda mail: run(line, mail, timeout)


def run(line: str, mail: bytes, timeout: float) -> Run:
    """One run of the command line by /bin/sh."""
    with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        given.write(mail)
        given.seek(0)
        start = time.monotonic()
        process = subprocess.Popen(
            line, shell=True, stdin=given, stdout=out, stderr=err, start_new_session=True
        )
        code, memory, trouble = _wait(process, out, start + timeout, len(mail) * FLOOD_TIMES + FLOOD_MORE)
        seconds = time.monotonic() - start
        return Run(_all(out), code, seconds, memory, trouble, _all(err)[-2000:].decode("utf-8", "replace"))


def _wait(
    process: subprocess.Popen[bytes], out: IO[bytes], deadline: float, most: int
) -> tuple[int, int, str]:
    """Wait for the end, the deadline or the flood: (exit code, peak memory, trouble)."""
    trouble = ""
    try:
        while not trouble:
            pid, status, usage = os.wait4(process.pid, os.WNOHANG)
            if pid:
                process.returncode = os.waitstatus_to_exitcode(status)
                memory = usage.ru_maxrss * (1 if os.uname().sysname == "Darwin" else 1024)
                ended = f"it was ended by signal {-process.returncode}" if process.returncode < 0 else ""
                return process.returncode, memory, ended
            if time.monotonic() > deadline:
                trouble = "it did not end in time"
            elif os.fstat(out.fileno()).st_size > most:
                trouble = f"it wrote more than {most} octets"
            time.sleep(STEP)
    finally:
        _end(process)
    return -signal.SIGKILL, 0, trouble


def _end(process: subprocess.Popen[bytes]) -> None:
    """Nothing of the command is left, whatever it started."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        pass
    if process.returncode is None:
        process.wait()


def _all(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read()
