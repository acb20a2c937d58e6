"""An office manager who has never been here: from signing up to a banner on the next mail, on real servers."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import Browser, Page, expect

from trials.browser.hands import Hands
from trials.servers.agent import Agent, Ports
from trials.servers.dovecot import Dovecot
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.running import free_port
from trials.servers.workshop import Workshop
from trials.stamping.mails import text_mail

MOST = 25
COLLEAGUES = """email,name,title,phone
tom@acme.test,Tom Teague,Dentist,01632 960 142
morwenna@acme.test,Morwenna Rowe,Receptionist,01632 960 155
ngozi@acme.test,Dr Ngozi Okafor,Dentist,01632 960 143
"""


@pytest.fixture(scope="module")
def installation(workshop: Workshop, postfix: Postfix) -> Iterator[Portal]:
    """A portal as it is installed: nobody in it, anybody may begin; its codes go out by a real mail server."""
    more = {
        "STATIONER_PORTAL__SIGN_UP": "open",
        "STATIONER_PORTAL__RELAY__HOST": "127.0.0.1",
        "STATIONER_PORTAL__RELAY__PORT": str(postfix.port),
        "STATIONER_PORTAL__RELAY__TLS": "none",
        "STATIONER_PORTAL__RELAY__USER": DAVE.address,
        "STATIONER_PORTAL__RELAY__PASSWORD": DAVE.password,
        "STATIONER_PORTAL__RELAY__SENDER": DAVE.address,
    }
    portal = Portal(workshop("open-portal"), free_port(), "", more=more)
    worker = portal.worker()
    yield portal
    worker.stop()
    portal.stop()


def code_in(mail: bytes) -> str:
    """The code that a mail brings."""
    found = re.search(rb"^ {4}([0-9A-Z-]{6,9})\r?$", mail, re.MULTILINE)
    assert found, mail
    return found[1].decode()


def app_code(page: Page) -> str:
    """What an authenticator app would show now."""
    secret = page.get_by_label("Authenticator secret").input_value()
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30)))


def sign_up(hands: Hands, url: str, person: Person, inbox: Mailbox) -> None:
    page, before = hands.page, inbox.count()
    page.goto(f"{url}/accounts/signup/")
    hands.fill(page.get_by_label("What is your company called?"), f"Acme of {person.name}")
    hands.fill(page.get_by_label("Your address there"), person.address)
    hands.press(page.get_by_role("button", name="Send me the code"))
    hands.fill(page.locator("#id_code"), code_in(inbox.wait_for(before + 1)[-1]))
    hands.press(page.locator("main form button[type=submit]").first)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")


def bring_in_three(hands: Hands) -> None:
    page = hands.page
    hands.press(page.locator("main").get_by_role("link", name="Bring in your colleagues"))
    hands.fill(page.get_by_label("or paste the rows here"), COLLEAGUES)
    hands.press(page.get_by_role("button", name="Look at it"))
    expect(page.get_by_text("Nothing has changed yet.")).to_be_visible()
    hands.press(page.get_by_role("button", name="Do it"))
    expect(page.get_by_text("Morwenna Rowe")).to_be_visible()


def write_a_banner(hands: Hands) -> None:
    page = hands.page
    hands.press(page.get_by_role("link", name="Stationer").first)
    hands.press(page.get_by_role("link", name="Begin one"))
    hands.fill(page.get_by_label("What is it about?"), "Open evening")
    hands.press(page.get_by_role("button", name="Go on to its message"))
    hands.fill(page.get_by_label("Where it leads"), "https://acme.test/evening")
    expect(page.locator("#found")).to_contain_text("It can be published as it stands")
    hands.press(page.get_by_role("link", name="On to who sees it"))


def say_who_sees_it(hands: Hands) -> None:
    page = hands.page
    hands.press(page.get_by_role("link", name="anyone outside"))
    hands.fill(page.get_by_role("textbox", name="At these companies", exact=True), "other.test")
    hands.press(page.get_by_role("button", name="Fill in"))
    expect(page.locator(".sentence").first).to_contain_text("other.test")


def publish(hands: Hands) -> None:
    """For the first time: the company asks for a second factor, which is set up on the way."""
    page = hands.page
    hands.press(page.get_by_role("button", name="Ready: review and publish"))
    hands.press(page.get_by_role("button", name="Publish 3 changes").first)
    hands.press(page.get_by_role("link", name="Set up an app"))
    hands.fill(page.locator("#id_code"), app_code(page))
    hands.press(page.get_by_role("button", name="Activate"))
    hands.press(page.get_by_role("link", name="Go on with that"))
    hands.press(page.get_by_role("button", name="Go on with it"))
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()


@pytest.mark.parametrize(
    ("way", "person", "size"),
    [("keyboard", ALICE, (1440, 900)), ("pointer", BOB, (390, 844))],
    ids=["keyboard", "pointer"],
)
def test_from_nothing_to_a_banner_on_the_next_mail(
    browser: Browser,
    workshop: Workshop,
    installation: Portal,
    mailbox: Callable[[Person], Mailbox],
    dovecot: Dovecot,
    postfix: Postfix,
    way: str,
    person: Person,
    size: tuple[int, int],
) -> None:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]})
    hands, began = Hands(context.new_page(), keyboard=way == "keyboard"), time.monotonic()
    sign_up(hands, installation.url, person, mailbox(person))
    bring_in_three(hands)
    write_a_banner(hands)
    say_who_sees_it(hands)
    publish(hands)
    took = time.monotonic() - began
    context.close()
    print(
        f"\n{way}: {hands.interactions} interactions, {hands.steps} steps of Tab, {took:.1f} s of machine time"
    )
    print("\n".join(hands.log))
    assert hands.interactions <= MOST, hands.log
    next_mail_carries_it(workshop, installation, mailbox, Ports(dovecot.imap_port, postfix.port, 0), person)


def named(person: Person) -> str:
    """As it stands in a header."""
    return f"{person.name} <{person.address}>"


def next_mail_carries_it(
    workshop: Workshop,
    installation: Portal,
    mailbox: Callable[[Person], Mailbox],
    ports: Ports,
    person: Person,
) -> None:
    """With an agent at that person's desk: their next mail to somebody whom the rule names."""
    words = ["--address", person.address, "--name", "desk", "--pen", f"Acme of {person.name}"]
    token = json.loads(installation.command("admin", "enrol-device", *words))["token"]
    edge = Edge(installation, workshop("new-companys-edge"), port=free_port())
    agent = Agent(
        workshop("new-companys-agent"), {person: ports._replace(edge=edge.port)}, {person.address: token}
    )
    try:
        before = mailbox(CAROL).count()
        mailbox(person).put(text_mail("The next mail", sender=named(person), to=named(CAROL), cc=""))
        arrived = mailbox(CAROL).wait_for(before + 1)[-1]
        assert b"You are invited: our open evening" in arrived
    finally:
        agent.stop()
        edge.stop()
