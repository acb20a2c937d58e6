"""Starting a server, waiting until it speaks its protocol, keeping its log, stopping it by its id.

Nothing here sleeps for a fixed time in the hope that a server is up by then: readiness is an answer.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path

LOOPBACK = "127.0.0.1"
#: Where servers' programs stand, also those that a user's PATH leaves out.
PROGRAMS = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/sbin", "/usr/lib/dovecot"])


def program(name: str) -> str | None:
    """The full path of an installed program, or None."""
    return shutil.which(name, path=PROGRAMS)


class NotReady(AssertionError):
    """A server ended early or did not answer in time. The message carries the end of its log."""


def free_port() -> int:
    """A TCP port on loopback that was free a moment ago, chosen by the system."""
    with socket.socket() as listener:
        listener.bind((LOOPBACK, 0))
        port: int = listener.getsockname()[1]
        return port


def wait_until(what: str, true: Callable[[], object], seconds: float = 30.0, every: float = 0.02) -> object:
    """The first truthy value of `true()`. Raises AssertionError naming `what` after `seconds` without one."""
    end = time.monotonic() + seconds
    while not (value := true()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds:g} s in vain: {what}")
        time.sleep(every)
    return value


def greets(port: int, expected: bytes = b"", say: bytes = b"") -> bool:
    """Whether the server on `port` answers with `expected` as its first bytes, after `say` has been sent."""
    with suppress(OSError), socket.create_connection((LOOPBACK, port), timeout=5) as there:
        there.sendall(say)
        return not expected or there.recv(len(expected), socket.MSG_WAITALL) == expected
    return False


class Running:
    """A server's process. Its standard output and error go to `log`.

    `ready` is asked until it is true; `environment` is added to ours; `user` is whom it runs as (root only).
    """

    def __init__(
        self,
        name: str,
        command: Iterable[str | Path],
        log: Path,
        ready: Callable[[], object],
        *,
        environment: Mapping[str, str] | None = None,
        folder: Path | None = None,
        user: str | None = None,
        seconds: float = 60.0,
    ) -> None:
        self.name, self.log, self.command = name, log, [str(word) for word in command]
        self.environment = {**os.environ, "PATH": PROGRAMS, **(environment or {})}
        self.folder, self.user = folder, user
        self.ready, self.seconds = ready, seconds
        self.start()

    def start(self) -> None:
        """Start the process (again) and return when it is ready. Raises NotReady."""
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=self.folder,
                env=self.environment,
                start_new_session=True,
                user=self.user,
                group=self.user,
                extra_groups=[] if self.user else None,
            )
        try:
            wait_until(f"{self.name} to be ready", self._alive_and_ready, self.seconds)
        except AssertionError as error:
            self.stop()
            raise NotReady(f"{error}\n{self.name} said:\n{self.said()}") from None

    def _alive_and_ready(self) -> bool:
        if (code := self.process.poll()) is not None:
            raise AssertionError(f"{self.name} ended with {code} before it was ready")
        return bool(self.ready())

    def said(self, characters: int = 4000) -> str:
        """The end of the server's log."""
        return self.log.read_text(errors="replace")[-characters:] if self.log.exists() else ""

    def kill(self) -> None:
        """End the process and its children at once, as a power cut does (SIGKILL)."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def freeze(self) -> None:
        """Stop the process where it stands (SIGSTOP): its sockets accept, and nobody answers."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        os.killpg(self.process.pid, signal.SIGCONT)

    def stop(self, seconds: float = 10.0, by: signal.Signals = signal.SIGTERM) -> int:
        """Ask the process to end; end it after `seconds`. Returns its exit code."""
        if self.process.poll() is None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGCONT)
                self.process.send_signal(by)
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(seconds)
        self.kill()
        code: int = self.process.returncode
        return code
