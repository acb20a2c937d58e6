"""A second code by telephone: the gateway of docs/phone.md as it stands there, a real portal and worker, a browser."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from trials.reading.readers import browser_of, found_company, inside, portal_of, read, url
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import CAROL, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.running import Running, free_port, greets, wait_until
from trials.servers.workshop import Workshop

NUMBER = "+493012345647"
DOCUMENT = Path(__file__).parents[2] / "docs" / "phone.md"
#: A letter of level 2 of Bob's, Carol's number, and a gateway at the port; prints the locator and the gateway's secret.
FURNISH = """
import django; django.setup()
import sys
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import gateway, phone_codes
from stationer.portal.reading.models import Gateway
from stationer.portal.vault.keeping import Options, keep
to, number, url = sys.argv[1:]
with pen_scope(Pen.objects.get(name="Acme")):
    bob = find_member("bob@acme.test")
    mail = (f"From: Bob Baker <bob@acme.test>\\r\\nTo: {to}\\r\\nSubject: Your treatment plan\\r\\n"
        "Date: Sun, 22 Nov 2026 10:32:00 +0000\\r\\nMessage-ID: <plan@acme.test>\\r\\n\\r\\nquincunx\\r\\n").encode()
    letter = keep(mail, author="bob@acme.test", recipients=[to], options=Options(level=2), member=bob)
    phone_codes.give(to, number, bob)
    row = Gateway(url=url)
    secret = gateway.exchange(row)
    row.save()
    print(letter.locator, secret)
"""


@pytest.fixture
def portal(workshop: Workshop, postfix: Postfix, dovecot: Dovecot) -> Iterator[Portal]:
    """A portal with Acme in it, and its worker; gateways may be on this machine."""
    found = portal_of(workshop, postfix, dovecot, HOOKS_INSIDE="true")
    found_company(found)
    worker = found.worker()
    yield found
    worker.stop()
    found.stop()


def gateway_of(home: Path, port: int, secret: str) -> tuple[Running, Path]:
    """The gateway of the document, running; and the file that its telephones write to."""
    program, send, inbox = home / "gateway.py", home / "send", home / "telephones"
    (text,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    program.write_text(text)
    send.write_text(f'#!/bin/sh\nprintf "%s|%s\\n" "$1" "$2" >> {inbox}\n')
    send.chmod(0o700)
    environment = {"SECRET": secret, "SEND": str(send), "PORT": str(port)}
    running = Running(
        "gateway",
        [sys.executable, program],
        home / "gateway.log",
        lambda: greets(port),
        environment=environment,
    )
    return running, inbox


@pytest.mark.timeout(180)
def test_a_letter_of_level_two_opens_by_the_code_that_a_real_gateway_sent(
    browser: Browser, portal: Portal, workshop: Workshop, mailbox: Callable[[Person], Mailbox]
) -> None:
    port = free_port()
    locator, secret = inside(portal, FURNISH, CAROL.address, NUMBER, f"http://127.0.0.1:{port}/codes")[-2:]
    page = browser_of(browser).new_page()
    read(page, f"{url(portal)}/m/{locator}", mailbox(CAROL), subject="One more step")
    assert NUMBER not in page.content()
    page.get_by_role("button", name="Send the code to my telephone").click()
    expect(page.locator("h1")).to_have_text("One more step")  # nobody waits: the gateway is not even up yet
    reference = page.locator(".reference").inner_text()
    gateway, telephones = gateway_of(workshop("gateway"), port, secret)
    wait_until("an SMS", lambda: telephones.exists() and telephones.read_text(), 60)
    number, _bar, text = telephones.read_text().strip().partition("|")
    assert number == NUMBER and reference in text and "Acme" in text
    found = re.match(r"(\d{4}) (\d{4}) ", text)
    assert found, text
    page.locator("#code").fill(found[1] + found[2])
    page.locator("form[action$='phone/enter'] button").click()
    expect(page.locator("h1")).to_contain_text("Your treatment plan")
    assert telephones.read_text().count("\n") == 1
    gateway.stop()
