"""A real Roundcube (Debian's files, PHP's own web server, SQLite) in front of a Dovecot, in a folder of its own."""

from __future__ import annotations

import shutil
import sqlite3
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from trials.servers.dovecot import Dovecot
from trials.servers.running import LOOPBACK, Running, free_port, program

FILES = (Path("/var/lib/roundcube/public_html"), Path("/var/lib/roundcube"))
DEFAULTS = Path("/etc/roundcube")
TABLES = Path("/usr/share/roundcube/SQL/sqlite.initial.sql")
CONFIGURATION = """<?php
$config = [];
$config['db_dsnw'] = 'sqlite:///{folder}/roundcube.db?mode=0640';
$config['imap_host'] = 'localhost:{imap_port}';
$config['smtp_host'] = 'localhost:1';
$config['des_key'] = 'a-key-of-24-bytes-trials';
$config['log_dir'] = '{folder}/';
$config['temp_dir'] = '{folder}/';
$config['log_driver'] = 'file';
$config['plugins'] = [];
$config['skin'] = 'elastic';
$config['use_https'] = false;
$config['layout'] = 'list';
"""


@dataclass
class Roundcube:
    """A running Roundcube for the people of `dovecot`."""

    folder: Path
    dovecot: Dovecot
    port: int = field(default_factory=free_port)

    def __post_init__(self) -> None:
        """Write the configuration, make the tables, start. Raises NotReady with PHP's own words."""
        configuration = CONFIGURATION.format(folder=self.folder, imap_port=self.dovecot.imap_port)
        (self.folder / "config.inc.php").write_text(configuration)
        for name in ("defaults.inc.php", "mimetypes.php"):
            shutil.copy(DEFAULTS / name, self.folder / name)
        with sqlite3.connect(self.folder / "roundcube.db") as database:
            database.executescript(TABLES.read_text())
        prepend = self.folder / "prepend.php"  # Debian's own configuration would be read otherwise
        names = ("RCUBE_CONFIG_DIR", "RCMAIL_CONFIG_DIR")
        prepend.write_text("<?php " + "".join(f"define('{name}', '{self.folder}/');" for name in names))
        settings = {"auto_prepend_file": prepend, "error_reporting": 22527, "session.save_path": self.folder}
        options = [word for name, value in settings.items() for word in ("-d", f"{name}={value}")]
        files = next(path for path in FILES if (path / "index.php").exists())
        self.running = Running(
            "Roundcube",
            [
                program("php") or "php",
                *options,
                "-d",
                "display_errors=0",
                "-S",
                f"{LOOPBACK}:{self.port}",
                "-t",
                files,
            ],
            self.folder / "roundcube.log",
            self.is_ready,
            environment={"PHP_CLI_SERVER_WORKERS": "4"},
        )

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}/"

    def is_ready(self) -> bool:
        """Whether it shows its door."""
        with suppress(OSError), urllib.request.urlopen(self.url, timeout=10) as answer:
            return b"rcmloginuser" in answer.read()
        return False

    def stop(self) -> None:
        """Stop this Roundcube and no other."""
        self.running.stop()
