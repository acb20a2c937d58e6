"""A folder for servers of several users, and what is missing on this machine to start them."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from trials.servers import postgres, roundcube, thunderbird
from trials.servers.running import program


class Workshop:
    """Makes folders that servers of other users may pass through; `clear()` removes them all."""

    def __init__(self) -> None:
        self.root = Path(tempfile.mkdtemp(prefix="stationer-trial-"))
        self.root.chmod(0o711)
        self._numbers = itertools.count(1)

    def __call__(self, name: str) -> Path:
        """A new, empty folder."""
        folder = self.root / f"{name}-{next(self._numbers)}"
        folder.mkdir()
        folder.chmod(0o755)
        return folder

    def logs(self) -> list[Path]:
        """Every server's log."""
        return sorted(self.root.glob("*/*.log"))

    def clear(self) -> None:
        """Remove everything."""
        shutil.rmtree(self.root, ignore_errors=True)


def missing_for_mail() -> str:
    """Why Dovecot and Postfix cannot be started here; empty when they can."""
    for name, package in (
        ("dovecot", "dovecot-imapd"),
        ("lmtp", "dovecot-lmtpd"),
        ("postfix", "postfix"),
    ):
        if program(name) is None:
            return f"{package} is not installed (make servers)"
    said = subprocess.run(
        [program("dovecot") or "dovecot", "--version"], capture_output=True, text=True
    ).stdout
    if not said.startswith("2.3."):  # 2.4 has another configuration language
        return f"the trials are written for Dovecot 2.3, and this is {said.split()[0]}"
    return _only_root("Dovecot and Postfix run")


def missing_for_dkim() -> str:
    """Why OpenDKIM cannot be started here; empty when it can."""
    return missing_for_mail() or ("" if program("opendkim") else "opendkim is not installed (make servers)")


def missing_for_seals() -> str:
    """Why nobody can sign or encrypt mails here by OpenSSL and GnuPG; empty when they can."""
    for name, package in (("openssl", "openssl"), ("gpg", "gnupg")):
        if program(name) is None:
            return f"{package} is not installed (make servers)"
    return missing_for_mail()


def missing_for_thunderbird() -> str:
    """Why Thunderbird cannot be started here; empty when it can."""
    if not thunderbird.PROGRAM.exists():
        return "thunderbird is not installed (make readers)"
    return "" if program("Xvfb") else "xvfb is not installed (make readers)"


def missing_for_roundcube() -> str:
    """Why Roundcube cannot be started here; empty when it can."""
    if program("php") is None or not roundcube.TABLES.exists():
        return "roundcube is not installed (make readers)"
    return missing_for_mail()


def missing_for_postgres() -> str:
    """Why PostgreSQL cannot be started here; empty when it can."""
    if postgres.programs() is None:
        return "postgresql is not installed (make servers)"
    return _only_root("PostgreSQL runs")


def _only_root(who: str) -> str:
    return "" if os.geteuid() == 0 else f"{who} as users of their own, which only root may start"
