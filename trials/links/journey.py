"""Everything between Alice's mail and the alert in her mailbox, on real servers: portal, worker, edge, agent, Postfix,
Dovecot; a site on loopback that the links lead to; and the programs that open links before people do.
"""

from __future__ import annotations

import json
import re
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from trials.portal.clicking import ask
from trials.servers.agent import Agent, Ports
from trials.servers.edge import Edge
from trials.servers.people import ALICE
from trials.servers.portal import Browser, Portal
from trials.servers.postfix import Postfix
from trials.servers.running import LOOPBACK, free_port, wait_until
from trials.servers.workshop import Workshop

COMPANY = (Path(__file__).parent / "company.yaml").read_text()
#: What a person's Chromium says of itself; a headless one says so, and counts as a program.
AGENT = (
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Safari/537.36"
)
#: Where the scanner asks from: another address of this machine than the readers'.
SCANNER = "127.0.0.2"


class Site(ThreadingHTTPServer):
    """The customer's own web site, called `host`. `head` stands in every page; `asked` is what it was asked for."""

    def __init__(self, host: str) -> None:
        super().__init__((LOOPBACK, 0), _Pages)
        self.host, self.head, self.asked = host, "", list[str]()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """Its address."""
        return f"http://{self.host}:{self.server_port}"

    def stop(self) -> None:
        """Close it."""
        self.shutdown()
        self.server_close()


class _Pages(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        """A page by its path."""
        self.server.asked.append(self.path)
        name = urlsplit(self.path).path
        body = f"<!doctype html><title>{name}</title>{self.server.head}<h1>{name}</h1>".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        """Silent."""


class Company:
    """Acme Anvils on real servers: published, Alice's agent at work, her alerts by `postfix`."""

    def __init__(self, workshop: Workshop, postfix: Postfix, host: str, said: str = COMPANY) -> None:
        self.site, self.postfix = Site(host), postfix
        relay = {"HOST": LOOPBACK, "PORT": str(postfix.port), "TLS": "none", "SENDER": "stationer@acme.test"}
        relay |= {"USER": ALICE.address, "PASSWORD": ALICE.password}
        more = {f"STATIONER_PORTAL__RELAY__{name}": value for name, value in relay.items()}
        company = said.replace("https://anvils.test", self.site.url)
        self.portal = Portal(workshop("journey-portal"), free_port(), company, more=more)
        self.alice: Browser = self.portal.browser(ALICE)
        assert self.alice.submit("/publish/", about="the fair").status_code == 302
        self.edge = Edge(self.portal, workshop("journey-edge"), port=self.portal.edge_port, ready="/livez")
        words = ("--address", ALICE.address, "--name", "trial")
        self.device = json.loads(self.portal.command("admin", "enrol-device", *words))["token"]
        wait_until("the edge to know the company", lambda: ask(self.edge, self.device).status_code == 200)
        ports = Ports(postfix.dovecot.imap_port, postfix.port, self.edge.port)
        self.agent = Agent(workshop("journey-agent"), {ALICE: ports}, {ALICE.address: self.device})
        self.worker = self.portal.worker()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """What the portal's database says."""
        path = self.portal.home / "data" / "portal" / "portal.sqlite3"
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=20)) as database:
            return database.execute(query).fetchall()

    def links_in(self, mail: bytes) -> list[str]:
        """The tracked links of a mail, in their order, each once."""
        parsed = message_from_bytes(mail, policy=policy.default)
        assert isinstance(parsed, EmailMessage)
        body = parsed.get_body(("html",))
        assert body is not None, "the mail wears no letterhead"
        found = re.findall(rf'href="({re.escape(self.edge.url)}/c/[\w-]{{52}})"', str(body.get_content()))
        return list(dict.fromkeys(found))

    def stop(self) -> None:
        """Stop all of it."""
        for one in (self.agent, self.worker, self.edge, self.portal, self.site):
            one.stop()


@contextmanager
def company(
    workshop: Workshop, postfix: Postfix, host: str = LOOPBACK, said: str = COMPANY
) -> Iterator[Company]:
    """It, until the trial is over; its site is called `host`, its company file is `said`."""
    made = Company(workshop, postfix, host, said)
    try:
        yield made
    finally:
        made.stop()


def sweep(links: list[str]) -> float:
    """As a scanner does: a HEAD and a GET of every link, from one address. Returns how long it took (s)."""
    began = time.monotonic()
    for method in ("HEAD", "GET"):
        for link in links:
            parts = urlsplit(link)
            connection = HTTPConnection(parts.hostname or "", parts.port, 10, source_address=(SCANNER, 0))
            connection.request(method, parts.path, headers={"User-Agent": AGENT, "Accept": "*/*"})
            assert connection.getresponse().status == 302
            connection.close()
    return time.monotonic() - began
