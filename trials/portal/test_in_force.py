"""What is decided in the portal is in force at the edge within 2 s: Publish, a new device, a revoked one."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import msgspec
import pytest

from stationer.wire.pick import Answer, Choice, Question
from trials.servers.agents import Agents
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import OUTBOX, Mailbox
from trials.servers.people import ALICE, BOB, CAROL, Person
from trials.servers.portal import Browser, Portal
from trials.servers.postfix import Postfix
from trials.servers.running import Running, free_port, wait_until
from trials.servers.workshop import Workshop
from trials.stamping.compare import without_trace
from trials.stamping.mails import text_mail

IN_FORCE_S = 2.0
COMPANY = (Path(__file__).parent / "company.yaml").read_text()
FIRST, SECOND = "The first slogan of Acme Anvils.", "The second slogan of Acme Anvils."


@pytest.fixture(scope="module")
def portal(workshop: Workshop) -> Iterator[Portal]:
    """A portal with Acme Anvils in it, not published yet; its first start is a real one."""
    server = Portal(workshop("portal"), free_port(), COMPANY.replace("SLOGAN", FIRST), first=True)
    yield server
    server.stop()


@pytest.fixture(scope="module")
def its_edge(workshop: Workshop, portal: Portal) -> Iterator[Edge]:
    """The edge below that portal, started before there is anything to serve."""
    server = Edge(portal, workshop("portals-edge"), port=portal.edge_port, ready="/livez")
    yield server
    server.stop()


@pytest.fixture(scope="module")
def alice(portal: Portal) -> Browser:
    """Alice, the owner, is signed in."""
    return portal.browser(ALICE)


def ask(edge: Edge, token: str) -> httpx.Response:
    question = msgspec.json.encode(Question(ALICE.address, [BOB.address], [CAROL.address]))
    return httpx.post(f"{edge.url}/v1/pick", content=question, headers={"Authorization": f"Bearer {token}"})


def footer(edge: Edge, token: str) -> str:
    """The text of the footer that a mail of Alice's would carry now, or nothing."""
    answered = ask(edge, token)
    if answered.status_code != 200:
        return ""
    choice: Choice = msgspec.json.decode(answered.content, type=Answer).copies[0].new
    name = choice.footer[0].block
    block = httpx.get(f"{edge.url}/v1/blocks/{name}", headers={"Authorization": f"Bearer {token}"})
    return "".join(part for part in block.json()["text"] if isinstance(part, str))


def test_publish_is_in_force_within_two_seconds(portal: Portal, its_edge: Edge, alice: Browser) -> None:
    enrolled = json.loads(portal.command("admin", "enrol-device", "--address", ALICE.address, "--name", "x"))
    token = enrolled["token"]
    wait_until("the device to be known", lambda: ask(its_edge, token).status_code == 503, IN_FORCE_S)
    assert alice.submit("/publish/", about="first").status_code == 302
    wait_until("the first version", lambda: FIRST in footer(its_edge, token), IN_FORCE_S)
    portal.bring_in(COMPANY.replace("SLOGAN", SECOND))
    time.sleep(IN_FORCE_S)
    assert FIRST in footer(its_edge, token), "a draft is not in force, however long one waits"
    assert alice.submit("/publish/", about="second").status_code == 302
    wait_until("the second version", lambda: SECOND in footer(its_edge, token), IN_FORCE_S)


def enrolling(portal: Portal, folder: Path, dovecot: Dovecot, postfix: Postfix) -> list[str]:
    """`stationer agent enrol` as Alice would type it."""
    password = folder / "password"
    password.write_text(ALICE.password)
    words = ["agent", "enrol", "--portal", portal.url, "--address", ALICE.address, "--no-keyring"]
    words += ["--password-file", str(password), "--folder", str(folder)]
    words += ["--imap", f"127.0.0.1:{dovecot.imap_port}", "--imap-security", "plain"]
    words += ["--smtp", f"127.0.0.1:{postfix.port}", "--smtp-security", "plain"]
    return [sys.executable, "-m", "stationer", *words]


def test_a_device_is_enrolled_in_the_browser_stamps_and_is_revoked(
    workshop: Workshop,
    agents: Agents,
    mailbox: Callable[[Person], Mailbox],
    dovecot: Dovecot,
    postfix: Postfix,
    portal: Portal,
    its_edge: Edge,
    alice: Browser,
) -> None:
    agents.stop_kept()
    alice.submit("/publish/", about="for this test")
    folder = workshop("enrolled-agent")
    command = enrolling(portal, folder, dovecot, postfix)
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True) as process:
        agree(alice, process)
        assert process.wait(60) == 0
    running = Running(
        "agent",
        [sys.executable, "-m", "stationer", "agent", "run", "--folder", folder],
        folder / "agent.log",
        lambda: (folder / "status.json").exists() and b"watching" in (folder / "status.json").read_bytes(),
    )
    try:
        mailbox(ALICE).put(text_mail("Enrolled"))
        (arrived,) = mailbox(BOB).wait_for(1)
        assert b"slogan of Acme Anvils." in arrived
        revoke(alice)
        wait_until(
            "the device to be unknown", lambda: ask(its_edge, token(folder)).status_code == 401, IN_FORCE_S
        )
        written = text_mail("Revoked")
        mailbox(ALICE).put(written)
        assert without_trace(mailbox(BOB).wait_for(2)[-1]) == written
        mailbox(ALICE).wait_empty(OUTBOX)
    finally:
        running.stop()


def agree(browser: Browser, process: subprocess.Popen[str]) -> None:
    """Read the address that the command prints, open it, and agree."""
    assert process.stdout is not None
    address = next(line.strip() for line in process.stdout if line.strip().startswith("http"))
    code = next(line.strip() for line in process.stdout if re.fullmatch(r"[A-Z0-9-]{6,}", line.strip()))
    asked = browser.submit(address, "/o/device/", user_code=code)
    assert asked.status_code == 302, asked.text
    agreed = browser.submit(asked.headers["Location"], action="accept")
    assert agreed.status_code == 302, agreed.text


def revoke(browser: Browser) -> None:
    """Revoke the newest device on Alice's own page."""
    found = re.findall(r'action="(/devices/[^/"]+/revoke/)"', browser.page("/myself/"))
    for address in found:
        assert browser.submit("/myself/", address).status_code == 302


def token(folder: Path) -> str:
    """The device's token, as the agent keeps it."""
    (secrets,) = json.loads((folder / "secrets.json").read_text()).values()
    return str(json.loads(secrets)["token"])


def test_the_edge_answers_on_without_portal_and_database(workshop: Workshop) -> None:
    home = workshop("killed-portal")
    portal = Portal(home, free_port(), COMPANY.replace("SLOGAN", FIRST))
    edge = Edge(portal, workshop("edge-on-its-own"), port=portal.edge_port, ready="/livez", workers=2)
    try:
        enrolled = json.loads(
            portal.command("admin", "enrol-device", "--address", ALICE.address, "--name", "x")
        )
        portal.command("admin", "publish")
        wait_until("the first version", lambda: FIRST in footer(edge, enrolled["token"]), IN_FORCE_S * 2)
        portal.running.process.kill()
        portal.running.process.wait()
        (home / "data" / "portal").rename(home / "data" / "gone")  # its database, its blobs
        time.sleep(1)
        for _ in range(20):
            assert FIRST in footer(edge, enrolled["token"])
    finally:
        edge.stop()
        portal.stop()
