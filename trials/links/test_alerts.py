"""Somebody clicked: a mail is in Alice's mailbox within ten seconds, once, whatever is killed; a scanner raises none."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.running import Running, free_port, wait_until
from trials.servers.workshop import Workshop

COMPANY = (Path(__file__).parent / "company.yaml").read_text()
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def portal(workshop: Workshop, postfix: Postfix) -> Iterator[Portal]:
    """Acme Anvils, whose own mail goes out by Postfix; published."""
    relay = {"HOST": "127.0.0.1", "PORT": str(postfix.port), "TLS": "none", "SENDER": "stationer@acme.test"}
    relay |= {"USER": ALICE.address, "PASSWORD": ALICE.password}
    more = {f"STATIONER_PORTAL__RELAY__{name}": value for name, value in relay.items()}
    server = Portal(workshop("alerting-portal"), free_port(), COMPANY, more=more)
    browser = server.browser(ALICE)
    assert browser.submit("/publish/", about="the fair").status_code == 302
    yield server
    server.stop()


@pytest.fixture
def worker(portal: Portal) -> Iterator[Running]:
    """The portal's worker, in a process of its own."""
    running = portal.worker()
    yield running
    running.stop()


@pytest.fixture
def inbox(mailbox: Callable[[Person], Mailbox]) -> Mailbox:
    """Alice's mailbox, emptied."""
    found = mailbox(ALICE)
    found.empty()
    return found


def feed(portal: Portal, what: str, who: str) -> dict[str, Any]:
    """What trials.links.feeding says."""
    ran = subprocess.run(
        [sys.executable, "-m", "trials.links.feeding", what, who],
        env={**os.environ, **portal.environment, "DJANGO_SETTINGS_MODULE": "stationer.portal.site.settings"},
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return dict(json.loads(ran.stdout.strip().splitlines()[-1]))


def about(inbox: Mailbox, who: str) -> list[EmailMessage]:
    """The alerts in the mailbox that name this reader."""
    found = [message_from_bytes(raw, policy=policy.default) for raw in inbox.messages()]
    return [mail for mail in found if isinstance(mail, EmailMessage) and who in str(mail["Subject"])]


def test_an_alert_is_in_alices_mailbox_soon(portal: Portal, worker: Running, inbox: Mailbox) -> None:
    feed(portal, "human", "first@customer.test")  # by its alert the worker is known to be under way
    wait_until("the first alert", lambda: about(inbox, "first@customer.test"), 60, every=0.2)
    clicked = feed(portal, "human", "bob@customer.test")["at"]
    wait_until("the alert", lambda: about(inbox, "bob@customer.test"), 60, every=0.1)
    took = time.time() - clicked
    print(f"\nfrom the click to the mailbox: {took:.1f} s")
    (mail,) = about(inbox, "bob@customer.test")
    assert mail["Auto-Submitted"] == "auto-generated" and "How heavy?" in str(mail["Subject"])
    body = mail.get_body(("plain",))
    assert body is not None
    assert "certainly a person" in str(body.get_content()) and "anvils.test/heavy" in str(body.get_content())


def test_a_scanners_sweep_raises_none_and_says_why(portal: Portal, worker: Running, inbox: Mailbox) -> None:
    feed(portal, "sweep", "scanned@customer.test")

    def settled() -> bool:
        return bool(feed(portal, "hits", "scanned@customer.test")["programs"] == 6)

    wait_until("six hits thought a program's", settled, 60, every=0.5)
    told = feed(portal, "hits", "scanned@customer.test")
    assert told["people"] == 0 and {"head", "sweep"} <= set(told["rules"])
    feed(portal, "human", "after@customer.test")
    wait_until("the alert of a person after it", lambda: about(inbox, "after@customer.test"), 60, every=0.2)
    assert not about(inbox, "scanned@customer.test")


def test_killed_between_the_click_and_the_mail_the_worker_tells_it_once(
    portal: Portal, worker: Running, inbox: Mailbox
) -> None:
    chance = random.Random(6)
    rounds = 4
    for n in range(rounds):
        feed(portal, "human", f"reader{n}@customer.test")
        # judged after 4 s, told 1.5 s later: every stage is met by some round
        time.sleep(chance.uniform(0.5, 5.5))
        worker.kill()
        worker.start()
    for n in range(rounds):
        who = f"reader{n}@customer.test"
        wait_until(f"the alert of {who}", lambda who=who: about(inbox, who), 40, every=0.2)
    time.sleep(3)
    assert [len(about(inbox, f"reader{n}@customer.test")) for n in range(rounds)] == [1] * rounds
