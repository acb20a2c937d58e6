"""Alice writes to Bob, Bob follows a link in his browser: the portal says who it was within 2 s, her mailbox within 10 s.

And a scanner that opens the same links before him is shown as what it is, and raises no alert.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy

import pytest
from playwright.sync_api import Browser

from trials.links.journey import AGENT, Company, company, sweep
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, DAVE, Person
from trials.servers.postfix import Postfix
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop
from trials.stamping.mails import html_mail

pytestmark = pytest.mark.timeout(300)
#: What is measured is printed; what is asserted leaves room for a machine that has other things to do.
PATIENCE_S = 30.0
#: A person needs so long to open the mail and to press (s after its pick).
READ_S = 16.0
READING = {"user_agent": AGENT, "locale": "en-GB"}


@pytest.fixture(scope="module")
def acme(workshop: Workshop, postfix: Postfix) -> Iterator[Company]:
    """The company of these trials."""
    with company(workshop, postfix) as made:
        yield made


@pytest.fixture
def boxes(acme: Company, mailbox: Callable[[Person], Mailbox]) -> Callable[[Person], Mailbox]:
    """Everybody's mailbox, emptied."""
    return mailbox


def written(acme: Company, boxes: Callable[[Person], Mailbox], to: Person) -> list[str]:
    """A mail of Alice's to this person, through agent and Postfix: its links, as they arrived."""
    said = "Dear customer, which of them do you like?"
    mail = html_mail("Anvils", f"<p>{said}</p>", said, to=f"{to.name} <{to.address}>", cc="")
    boxes(ALICE).put(mail)
    (arrived,) = boxes(to).wait_for(1)
    links = acme.links_in(arrived)
    assert len(links) == 3
    return links


def alerts(inbox: Mailbox, who: Person) -> list[bytes]:
    """The alerts that name this reader."""
    found = inbox.messages()
    return [
        raw for raw in found if who.address in str(message_from_bytes(raw, policy=policy.default)["Subject"])
    ]


def follow(browser: Browser, link: str, leads_to: str) -> float:
    """Press the link. Returns when the edge was asked (Unix s)."""
    reading = browser.new_context(**READING)  # type: ignore[arg-type]
    try:
        page = reading.new_page()
        began = time.time()
        page.goto(link)
        assert page.url == leads_to
    finally:
        reading.close()
    return began


def shown(acme: Company, who: Person, query: str = "") -> bool:
    """Whether the page of visitors names this reader."""
    return who.address in re.sub(r"<form.*?</form>", "", acme.alice.page(f"/visitors/{query}"), flags=re.S)


def told(
    acme: Company, boxes: Callable[[Person], Mailbox], who: Person, pressed: float
) -> tuple[float, float]:
    """Seconds from the click to the page of visitors, and to the mailbox."""
    wait_until("the visitor to be shown", lambda: shown(acme, who), PATIENCE_S, every=0.05)
    page = time.time() - pressed
    wait_until("the alert", lambda: alerts(boxes(ALICE), who), PATIENCE_S, every=0.05)
    mail = time.time() - pressed
    print(f"\nfrom the click of {who.address} to the page {page:.2f} s, to the mailbox {mail:.2f} s")
    return page, mail


def test_the_right_address_is_shown_and_told(
    acme: Company, boxes: Callable[[Person], Mailbox], browser: Browser
) -> None:
    picked = time.time()
    links = written(acme, boxes, BOB)
    time.sleep(max(0.0, picked + READ_S - time.time()))
    pressed = follow(browser, links[0], f"{acme.site.url}/heavy")
    told(acme, boxes, BOB, pressed)
    time.sleep(3)
    (mail,) = alerts(boxes(ALICE), BOB)
    assert b"How heavy?" in mail and b"auto-generated" in mail


def test_a_scanner_that_opens_the_same_links_first_is_said_to_be_one_and_raises_no_alert(
    acme: Company, boxes: Callable[[Person], Mailbox], browser: Browser
) -> None:
    picked = time.time()
    links = written(acme, boxes, DAVE)
    took = sweep(links)
    assert took < 3
    wait_until("the sweep to be shown", lambda: shown(acme, DAVE, "?machines=1"), PATIENCE_S, every=0.1)
    time.sleep(max(0.0, picked + READ_S - time.time()))
    page = acme.alice.page("/visitors/?machines=1&q=" + DAVE.address)
    assert page.count("badge is-machine") == 6 and "links of this mail" in page
    assert not shown(acme, DAVE) and not alerts(boxes(ALICE), DAVE)
    print(f"\nswept in {took:.2f} s: six hits of a program, no alert after {time.time() - picked:.0f} s")
    pressed = follow(browser, links[1], f"{acme.site.url}/light")
    told(acme, boxes, DAVE, pressed)
    assert len(alerts(boxes(ALICE), DAVE)) == 1
