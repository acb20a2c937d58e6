"""A portal of its own for a browser: a folder, a database, Harbour Dental in it, and a server on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from trials.servers.tables import put_tables

SEED = """
import django; django.setup()
from django.conf import settings
from stationer.portal.site.files import collect
from stationer.portal.site.start import prepare
prepare(settings.PORTAL); collect()
from trials.browser import harbour
import json, sys
made = {furnish}
from trials.browser.figured import fill
made and fill(made)
print(json.dumps({{"template": made.template.outside_id, "campaign": made.campaign.outside_id,
  "message": made.message.outside_id, "member": made.bob.member.outside_id, "group": made.group.outside_id,
  "list": str(made.addresses.pk), "package": made.bob.member.package.outside_id, "version": made.version,
  "columns": made.imports[0], "checked": made.imports[1], **made.told,
  **{{name: getattr(made, name).outside_id for name in ("form", "mjml", "faulty", "picture") if getattr(made, name)}},
  **made.visits}}) if made else "{{}}")
"""
ROOT = Path(__file__).resolve().parents[2]


@dataclass
class Running:
    """Where it answers, the outside ids of what is in it, and the folder of its files."""

    url: str
    ids: dict[str, str]
    folder: Path = Path()


def free_port() -> int:
    """A port that nobody listens on just now."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


def environment(folder: Path, port: int, host: str = "127.0.0.1") -> dict[str, str]:
    """The settings of this portal alone."""
    url = f"http://{host}:{port}"
    return os.environ | {
        "STATIONER_DATA": str(folder),
        "STATIONER_PORTAL__SIGN_UP": "open",
        "STATIONER_PORTAL__TRIAL": "true",
        "STATIONER_PORTAL__OPERATOR": "alice@harbourdental.example",
        "STATIONER_PORTAL__PROVIDERS_INSIDE": "true",
        "STATIONER_PORTAL__NAME_SERVERS": "127.0.0.1:1",  # a trial asks nobody outside
        "STATIONER_PORTAL__SECRET_KEY": "what is signed while it is furnished holds when it answers",
        "STATIONER_PORTAL__PUBLIC_URL": url,
        "STATIONER_PORTAL__LISTEN": f"127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "stationer.portal.site.settings",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }


@contextmanager
def running(folder: Path, furnish: str = "harbour.furnish()", host: str = "127.0.0.1") -> Iterator[Running]:
    """The portal with what `furnish` (an expression over `harbour`) makes, until the block ends."""
    import json

    port = free_port()
    env = environment(folder, port, host)
    put_tables(folder)
    done = subprocess.run(
        [sys.executable, "-c", SEED.format(furnish=furnish)],
        env=env,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        check=True,
    )
    command = [
        sys.executable,
        "-m",
        "granian",
        "--interface",
        "wsgi",
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
    ]
    command += ["--no-ws", "--log-level", "warning", "stationer.portal.site.wsgi:application"]
    with (folder / "portal.log").open("wb") as log:
        server = subprocess.Popen(command, env=env, cwd=ROOT, stdout=log, stderr=log)
        try:
            _answers(f"http://{host}:{port}/livez", server, folder / "portal.log")
            yield Running(f"http://{host}:{port}", json.loads(done.stdout.splitlines()[-1]), folder)
        finally:
            server.terminate()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _answers(url: str, server: subprocess.Popen[bytes], log: Path, patience_s: float = 60) -> None:
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if server.poll() is not None:
            raise RuntimeError(f"the portal ended:\n{log.read_text()}")
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"the portal does not answer at {url}:\n{log.read_text()}")
