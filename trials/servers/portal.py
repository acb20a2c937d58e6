"""A real portal: `stationer serve portal` in a process of its own, furnished by its own commands alone."""

from __future__ import annotations

import os
import re
import secrets
import subprocess
import sys
import urllib.request
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from trials.servers.people import Person
from trials.servers.running import LOOPBACK, Running, free_port
from trials.servers.tables import put_tables

#: The name of the edge beside a portal.
EDGE = "beside"


@dataclass
class Portal:
    """A running portal on `port`. `database` is an address; empty is SQLite in its folder. `more` are further
    settings; without a `company` it is as it is installed. `first`: its tables are made by its own migrations."""

    home: Path
    edge_port: int
    company: str
    database: str = ""
    port: int = field(default_factory=free_port)
    more: dict[str, str] = field(default_factory=dict)
    edge_token: str = field(default_factory=lambda: secrets.token_urlsafe(32))
    first: bool = False

    def __post_init__(self) -> None:
        """Make the tables, bring the company file in, start. Raises CalledProcessError or NotReady."""
        self.environment = {
            "STATIONER_DATA": str(self.home / "data"),
            "STATIONER_PORTAL__LISTEN": f"{LOOPBACK}:{self.port}",
            "STATIONER_PORTAL__PUBLIC_URL": self.url,
            "STATIONER_PORTAL__EDGE_URL": f"http://{LOOPBACK}:{self.edge_port}",
            "STATIONER_PORTAL__DATABASE": self.database,
            "STATIONER_EDGE__NAME": EDGE,
            "STATIONER_EDGE__UPLINK_TOKEN": self.edge_token,
            **self.more,
        }
        if self.first or self.database:
            self.command("admin", "migrate", "--verbosity", "0")
        else:
            put_tables(self.home / "data")
        if self.company:
            self.bring_in(self.company)
            # a second factor before Publish has trials of its own (trials/browser)
            self.command("admin", "second_factor", "off")
        self.running = Running(
            "portal",
            [sys.executable, "-m", "stationer", "serve", "portal"],
            self.home / "portal.log",
            self.is_ready,
            environment=self.environment,
            folder=self.home,
        )

    def worker(self) -> Running:
        """Its worker, in a process of its own, started."""
        return Running(
            "worker",
            [sys.executable, "-m", "stationer", "serve", "worker"],
            self.home / "worker.log",
            lambda: True,
            environment=self.environment,
            folder=self.home,
        )

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{LOOPBACK}:{self.port}"

    @property
    def folder(self) -> Path:
        """Where it writes snapshots and rolls for the edge."""
        return self.home / "data" / "edge"

    @property
    def public_key(self) -> Path:
        """The key by which the edge verifies them."""
        return self.home / "data" / "keys" / "edge.pub"

    @property
    def uplink(self) -> dict[str, str]:
        """The settings by which the edge beside it tells it who clicked."""
        return {
            "STATIONER_EDGE__NAME": EDGE,
            "STATIONER_EDGE__UPLINK_KEY": str(self.public_key.with_name("uplink.pub")),
            "STATIONER_EDGE__UPLINK_URL": self.url,
            "STATIONER_EDGE__UPLINK_TOKEN": self.edge_token,
        }

    def command(self, *words: str | Path) -> str:
        """What `stationer WORDS` prints, with this portal's settings. Raises CalledProcessError."""
        ran = subprocess.run(
            [sys.executable, "-m", "stationer", *map(str, words)],
            env={**os.environ, **self.environment},
            cwd=self.home,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,  # tables are made one by one, and a busy disk takes its time
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout

    def bring_in(self, company: str) -> None:
        """Import a company file (its text) without publishing."""
        path = self.home / "company.yaml"
        path.write_text(company)
        self.command("company", "import", path)

    def is_ready(self) -> bool:
        """Whether `/readyz` says 200."""
        with suppress(OSError), urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
            return bool(answer.status == 200)
        return False

    def browser(self, person: Person) -> Browser:
        """A browser without scripts, in which `person` is signed in; the account is made as an owner's."""
        words = [
            "--email",
            person.address,
            "--password",
            f"{person.password} of the portal",
            "--role",
            "owner",
        ]
        self.command("admin", "create-account", *words)
        browser = Browser(self.url)
        answer = browser.submit(
            "/accounts/login/", login=person.address, password=f"{person.password} of the portal"
        )
        assert answer.status_code == 302, answer.text
        return browser

    def stop(self) -> None:
        """Stop this portal and no other."""
        self.running.stop()


class Browser:
    """Pages and forms, as a browser without scripts has them: cookies, and the form's own hidden token."""

    def __init__(self, url: str) -> None:
        self.client = httpx.Client(base_url=url, timeout=30, headers={"Origin": url})

    def page(self, path: str) -> str:
        """A page's HTML. Raises AssertionError unless it is there."""
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == 200, f"{path}: {answer.status_code}"
        return answer.text

    def submit(self, path: str, to: str = "", **fields: str) -> httpx.Response:
        """Open `path`, fill its form and send it (to `to` where that is another address)."""
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.page(path))
        assert found, f"{path} holds no form"
        return self.client.post(to or path, data={"csrfmiddlewaretoken": found[1], **fields})
