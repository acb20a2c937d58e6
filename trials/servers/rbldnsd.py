"""A private rbldnsd (Debian's rbldnsd), the server that block lists are run with: zones of addresses and of domains."""

from __future__ import annotations

import os
import signal
from collections.abc import Mapping, Sequence
from pathlib import Path

from trials.servers.knot import answers
from trials.servers.running import LOOPBACK, Running, free_port, program

HEAD = "$SOA 60 ns.{zone} hostmaster.{zone} 1 3600 600 86400 60\n$NS 60 ns.{zone}\n"


class Rbldnsd(Running):
    """The server. `zones`: name → kind of data (`ip4set`, `dnset`) and its lines."""

    def __init__(self, folder: Path, zones: Mapping[str, tuple[str, Sequence[str]]]) -> None:
        self.data, self.port = folder, free_port()
        for zone, (_, lines) in zones.items():
            self.write(zone, lines)
        first = next(iter(zones))
        # it does not serve as root
        user = ["-u", "rbldns"] if os.getuid() == 0 else []
        command = [program("rbldnsd") or "rbldnsd", "-n", *user, "-w", str(folder), "-c", "0"]
        command += ["-b", f"{LOOPBACK}/{self.port}", "-t", "1"]
        command += [f"{zone}:{kind}:{zone}" for zone, (kind, _) in zones.items()]
        super().__init__("rbldnsd", command, folder / "log", lambda: answers(self.port, first))

    @property
    def place(self) -> str:
        """ADDRESS:PORT."""
        return f"{LOOPBACK}:{self.port}"

    def write(self, zone: str, lines: Sequence[str]) -> None:
        """The data of a zone; read at the start, and at `again`."""
        (self.data / zone).write_text(HEAD.format(zone=zone) + "\n".join(lines) + "\n")

    def change(self, zone: str, lines: Sequence[str]) -> None:
        """Other data from now on; it reads its files anew at SIGHUP, and looks at when they were written."""
        self.write(zone, lines)
        later = int((self.data / zone).stat().st_mtime) + self._turn()
        os.utime(self.data / zone, (later, later))
        self.process.send_signal(signal.SIGHUP)

    def _turn(self) -> int:
        self.turns = getattr(self, "turns", 0) + 1
        return self.turns
