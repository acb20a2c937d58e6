"""What the trials of reading share: a portal that sends by real Postfix, letters in it, a reader's hands."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy

from playwright.sync_api import Browser, BrowserContext, Page, expect

from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import DAVE
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.running import free_port
from trials.servers.workshop import Workshop

#: Milliseconds between two strokes: five characters a second.
STROKE_MS = 200
SUBJECT = "Your treatment plan"
#: Run in the portal's own settings: letters are kept and announced; prints their locators.
KEEP = """
import django; django.setup()
import sys, time
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault.keeping import keep
to, many = sys.argv[1], int(sys.argv[2])
with pen_scope(Pen.objects.get(name="Acme")):
    for n in range(many):
        mail = (f"From: Bob Baker <bob@acme.test>\\r\\nTo: {to}\\r\\nSubject: Your treatment plan {n}\\r\\n"
            f"Date: Sun, 22 Nov 2026 10:32:00 +0000\\r\\nMessage-ID: <plan-{n}@acme.test>\\r\\n\\r\\n"
            "Dear Carol,\\r\\n\\r\\nthe plan: quincunx.\\r\\n").encode()
        row = keep(mail, author="bob@acme.test", recipients=[to])
        until = time.monotonic() + 60
        while row.state == "checking" and time.monotonic() < until:  # the worker was there first
            time.sleep(0.1)
            row.refresh_from_db()
        assert row.state == "ready", (row.state, row.reason, row.sentence)
        print(row.locator)
"""
COUNT = """
import django; django.setup()
from stationer.portal.people.scope import outside_scope
from stationer.portal.vault.models import Event
import stationer.portal.people.scope as scope
with outside_scope(reason="a trial counts"):
    print(Event.objects.filter(what="opened").count())
"""


def portal_of(workshop: Workshop, postfix: Postfix, dovecot: Dovecot, **further: str) -> Portal:
    """A portal as it is installed, with the company Acme in it; what it sends goes by Postfix to Dovecot. It is reached
    as localhost, for a passkey wants a host name. `further`: more settings of it."""
    port = free_port()
    more = {
        "PUBLIC_URL": f"http://localhost:{port}",
        "HOSTS": "127.0.0.1",
        "RELAY__HOST": postfix.host,
        "RELAY__PORT": str(postfix.port),
        "RELAY__TLS": "none",
        "RELAY__USER": DAVE.address,
        "RELAY__PASSWORD": DAVE.password,
        "RELAY__SENDER": DAVE.address,
        **further,
    }
    settings = {f"STATIONER_PORTAL__{name}": value for name, value in more.items()}
    return Portal(workshop("read-portal"), free_port(), "", port=port, more=settings)


def found_company(portal: Portal) -> None:
    """Acme, with Bob in it."""
    inside(portal, """
import django; django.setup()
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.members import add_member
pen = create_pen("Acme", ("acme.test",))
with pen_scope(pen):
    add_member("bob@acme.test", attributes={"name": "Bob Baker"})
""")  # fmt: skip


def inside(portal: Portal, program: str, *words: str) -> list[str]:
    """Run Python with the portal's settings; the lines that it prints."""
    import os
    import subprocess
    import sys

    environment = (
        os.environ | portal.environment | {"DJANGO_SETTINGS_MODULE": "stationer.portal.site.settings"}
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
        text=True,
    )
    return done.stdout.split()


def letters(portal: Portal, to: str, many: int) -> list[str]:
    """The links of so many new letters."""
    return [f"{url(portal)}/m/{one}" for one in inside(portal, KEEP, to, str(many))]


def url(portal: Portal) -> str:
    """The portal as its links have it."""
    return f"http://localhost:{portal.port}"


def opened(portal: Portal) -> int:
    """How many events say that a letter was opened."""
    return int(inside(portal, COUNT)[-1])


def code_of(mails: list[bytes], reference: str) -> str:
    """The code of the mail with this reference, as a reader looks for it."""
    for raw in reversed(mails):
        body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))  # type: ignore[attr-defined]
        text = str(body.get_content()).replace("\r\n", "\n")
        if f"    {reference}\n" in text:
            found = re.search(r"^ {4}(\d{4}) (\d{4})$", text, re.MULTILINE)
            assert found, text
            return found[1] + found[2]
    return ""


@dataclass
class Walk:
    """What it took to get to the open letter."""

    seconds: float
    clicks: int
    fields: int


def wait_for_code(inbox: Mailbox, reference: str, patience_s: float = 70) -> str:
    """The code, as soon as the mail is in the mailbox."""
    until = time.monotonic() + patience_s
    while time.monotonic() < until:
        if code := code_of(inbox.messages()[-60:], reference):
            return code
        time.sleep(0.1)
    raise AssertionError(f"no mail with the reference {reference}")


def read(page: Page, link: str, inbox: Mailbox, *, keys: bool = False, subject: str = SUBJECT) -> Walk:
    """From the click on the link to the open letter, with the code of the real mailbox, typed by hand."""
    began = time.monotonic()
    page.goto(link)
    press(page, page.locator("button[name=to]").first, keys)
    reference = page.locator(".reference").inner_text()
    code = wait_for_code(inbox, reference)
    field = page.locator("#code")
    if keys:
        expect(field).to_be_focused()  # the page is there to type into: nobody looks for the field
        page.keyboard.type(code, delay=STROKE_MS)
        page.keyboard.press("Enter")
    else:
        field.press_sequentially(code, delay=STROKE_MS)
        page.locator("form[action$=enter] button").click()
    expect(page.locator("h1")).to_contain_text(subject)
    return Walk(time.monotonic() - began, 3, 1)


def press(page: Page, button: object, keys: bool) -> None:
    """By a click, or by Tab until it has the focus, and Enter."""
    if not keys:
        button.click()  # type: ignore[attr-defined]
        return
    for _ in range(40):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):  # type: ignore[attr-defined]
            page.keyboard.press("Enter")
            return
    raise AssertionError("the keyboard does not reach the button")


def browser_of(browser: Browser, **how: object) -> BrowserContext:
    """A reader's own browser."""
    return browser.new_context(**({"locale": "en-GB"} | how))  # type: ignore[arg-type]


Open = Callable[..., Mailbox]
