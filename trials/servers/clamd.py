"""A private clamd (Debian's clamav-daemon) that knows one signature of our own: nothing is downloaded."""

from __future__ import annotations

import os
import pwd
from pathlib import Path

from trials.servers.running import LOOPBACK, Running, free_port, greets, program

#: What every scanner takes for a virus and nobody's computer does: EICAR's test file, written here in two halves so
#: that this file is none.
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
#: An extended signature: name, any type of file, anywhere, the octets.
SIGNATURE = f"Stationer.Trial:0:*:{EICAR.hex()}\n"

CONFIG = """Foreground yes
DatabaseDirectory {folder}/signatures
TCPSocket {port}
TCPAddr {host}
LocalSocket {folder}/clamd
PidFile {folder}/pid
User {user}
StreamMaxLength 100M
SelfCheck 0
"""


class Clamd(Running):
    """The scanner, on a port and on a socket."""

    def __init__(self, folder: Path) -> None:
        (folder / "signatures").mkdir()
        (folder / "signatures" / "own.ndb").write_text(SIGNATURE)
        self.port, self.socket = free_port(), folder / "clamd"
        config = folder / "clamd.conf"
        user = pwd.getpwuid(os.getuid()).pw_name
        config.write_text(CONFIG.format(folder=folder, port=self.port, host=LOOPBACK, user=user))
        command = [program("clamd") or "clamd", "-c", str(config)]
        super().__init__("clamd", command, folder / "log", lambda: greets(self.port, b"PONG", b"zPING\0"))
