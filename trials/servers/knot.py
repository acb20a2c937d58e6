"""A private Knot DNS (Debian's knot): authoritative for zones of the trial, which may be changed while it runs."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import dns.exception
import dns.message
import dns.query
import dns.rcode

from trials.servers.running import LOOPBACK, Running, free_port, program

CONFIG = """server:
    rundir: "{folder}/run"
    user: {user}:{user}
    listen: {host}@{port}
log:
  - target: stderr
    any: warning
database:
    storage: "{folder}/db"
zone:
"""
ZONE = """  - domain: {zone}
    file: "{folder}/{zone}.zone"
    zonefile-sync: -1
    journal-content: none
"""
HEAD = "@ 60 IN SOA ns hostmaster 1 3600 600 86400 60\n@ 60 IN NS ns\nns 60 IN A 127.0.0.1\n"


class Knot(Running):
    """The server. `zones`: name → lines of its zone file, without SOA and NS."""

    def __init__(self, folder: Path, zones: Mapping[str, Sequence[str]]) -> None:
        for name in ("run", "db"):
            (folder / name).mkdir()
        self.zones_folder, self.port = folder, free_port()
        self.user = pwd.getpwuid(os.getuid()).pw_name
        said = {"folder": folder, "host": LOOPBACK, "port": self.port, "user": self.user}
        self.config = folder / "knot.conf"
        self.config.write_text(
            CONFIG.format(**said) + "".join(ZONE.format(folder=folder, zone=one) for one in zones)
        )
        for zone, lines in zones.items():
            self.write(zone, lines)
        self.first = next(iter(zones))
        command = [program("knotd") or "knotd", "-c", str(self.config)]
        super().__init__("knotd", command, folder / "log", self.answers)

    @property
    def place(self) -> str:
        """ADDRESS:PORT."""
        return f"{LOOPBACK}:{self.port}"

    def answers(self) -> bool:
        """Whether it knows its zones."""
        return answers(self.port, self.first)

    def write(self, zone: str, lines: Sequence[str]) -> None:
        """The zone's file; in force at the start, or after `change`."""
        (self.zones_folder / f"{zone}.zone").write_text(HEAD + "\n".join(lines) + "\n")

    def change(self, zone: str, lines: Sequence[str]) -> None:
        """Other records from now on."""
        self.write(zone, lines)
        tool = program("knotc") or "knotc"
        # the serial stays: nobody follows this zone
        command = [tool, "-c", str(self.config), "-b", "-f", "zone-reload", zone]
        subprocess.run(command, check=True, capture_output=True)


def answers(port: int, zone: str) -> bool:
    """Whether a server on loopback is authoritative for a zone."""
    try:
        said = dns.query.udp(dns.message.make_query(zone, "SOA"), LOOPBACK, 0.5, port)
    except (dns.exception.DNSException, OSError):
        return False
    return said.rcode() == dns.rcode.NOERROR
