"""The trial on real servers: from the form in Chromium to the stamped mail in Dovecot, by its link to a company that
publishes; and by mail, where nobody but a proven sender is answered."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from playwright.sync_api import Browser, expect

from trials.browser.test_three_minutes import code_in
from trials.browser.tried import LOGO
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.running import free_port, wait_until
from trials.servers.workshop import Workshop

#: Whose results are believed; the trial writes them as a border server does, above what somebody sent.
SERVER = "mx.other.test"
INSIDE_A_MINUTE_S = 60.0


@pytest.fixture(scope="module")
def installation(workshop: Workshop, postfix: Postfix, dovecot: Dovecot) -> Iterator[Portal]:
    """A portal as it is installed, which offers the trial, on pages and at Carol's mailbox; Dave's is its own address."""
    more = {
        "SIGN_UP": "open",
        "TRIAL": "true",
        "RELAY__HOST": postfix.host,
        "RELAY__PORT": str(postfix.port),
        "RELAY__TLS": "none",
        "RELAY__USER": DAVE.address,
        "RELAY__PASSWORD": DAVE.password,
        "RELAY__SENDER": DAVE.address,
        "TRIAL_MAILBOX__HOST": dovecot.host,
        "TRIAL_MAILBOX__PORT": str(dovecot.imap_port),
        "TRIAL_MAILBOX__SECURITY": "plain",
        "TRIAL_MAILBOX__USER": CAROL.address,
        "TRIAL_MAILBOX__PASSWORD": CAROL.password,
        "TRIAL_MAILBOX__ADDRESS": CAROL.address,
        "TRIAL_MAILBOX__AUTHSERV_ID": SERVER,
    }
    settings = {f"STATIONER_PORTAL__{name}": value for name, value in more.items()}
    portal = Portal(workshop("tried-portal"), free_port(), "", more=settings)
    worker = portal.worker()
    yield portal
    worker.stop()
    portal.stop()


def read(mail: bytes) -> EmailMessage:
    """The mail, parsed."""
    found = message_from_bytes(mail, policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def said(mail: EmailMessage, kind: str) -> str:
    """Its text or HTML."""
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content())


def link_in(mail: EmailMessage) -> str:
    """The link that keeps a trial."""
    found = re.search(r"http\S+/trial/keep/[^\s)]+/", said(mail, "plain"))
    assert found, mail
    return found[0]


def test_from_the_form_to_the_mail_and_to_a_company_that_publishes(
    browser: Browser, installation: Portal, mailbox: Callable[[Person], Mailbox]
) -> None:
    inbox, context = mailbox(ALICE), browser.new_context(locale="en-GB")
    page, before, began = context.new_page(), inbox.count(), time.monotonic()
    page.goto(f"{installation.url}/trial/")
    page.get_by_label("Your address at work").fill(ALICE.address)
    page.get_by_label("What is your company called?").fill("Acme Anvils")
    page.get_by_label("In your own words").fill("Ask us about anvils")
    page.get_by_label("Logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": LOGO})
    page.get_by_role("button", name="Send me the code").click()
    code = inbox.wait_for(before + 1)[-1]
    assert b"Acme" not in code and b"anvils" not in code
    coded = time.monotonic() - began
    page.locator("#id_code").fill(code_in(code))
    page.get_by_role("button", name="Send me the mail").click()
    mail = read(inbox.wait_for(before + 2)[-1])
    took = time.monotonic() - began
    print(
        f"\nform to code {coded:.1f} s, form to the stamped mail in the inbox {took:.1f} s (the machine's part)"
    )
    assert "Ask us about anvils" in said(mail, "html") and "Alice" in said(mail, "plain")
    assert any(part.get_content_maintype() == "image" for part in mail.walk())
    expect(page.get_by_role("heading", level=1)).to_have_text("Look in your inbox", timeout=15_000)
    page.goto(link_in(mail))
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    context.close()
    sign_in_again_and_publish(browser, installation, inbox)


def sign_in_again_and_publish(browser: Browser, installation: Portal, inbox: Mailbox) -> None:
    """By a code, in another browser; what was tried waits for Publish, and is what the next mail wears."""
    installation.command("admin", "second_factor", "off")  # it has trials of its own (trials/browser)
    context, before = browser.new_context(locale="en-GB"), inbox.count()
    page = context.new_page()
    page.goto(f"{installation.url}/accounts/login/code/")
    page.locator("main form input[type=email], main form input[name=email]").first.fill(ALICE.address)
    page.locator("main form button[type=submit]").first.click()
    page.locator("#id_code").fill(code_in(inbox.wait_for(before + 1)[-1]))
    page.locator("main form button[type=submit]").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Hello")
    page.goto(f"{installation.url}/publish/")
    page.get_by_role("button", name="Publish").first.click()
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()
    page.goto(f"{installation.url}/try/?sender={ALICE.address}&to={CAROL.address}&variant=new&source=force")
    expect(page.locator("main")).to_contain_text("Ask us about anvils")
    context.close()


def written(sender: Person, results: str, subject: str = "Tuesday", **more: str) -> bytes:
    """A mail to the mailbox as a border server puts it down."""
    mail = EmailMessage(policy=policy.SMTP)
    head = {
        "Return-Path": f"<{sender.address}>",
        "Authentication-Results": results,
        "Received": f"from mail.test by {SERVER} with ESMTPS; Sun, 22 Nov 2026 10:00:00 +0000",
        "From": f"{sender.name} <{sender.address}>",
        "To": CAROL.address,
        "Subject": subject,
        "Message-ID": f"<{subject.replace(' ', '-')}@{sender.address.partition('@')[2]}>",
    }
    for name, value in (head | {name.replace("_", "-"): value for name, value in more.items()}).items():
        mail[name] = value
    mail.set_content("Dear Carol,\n\nTuesday at ten suits us well.\n\nKind regards\n")
    return mail.as_bytes()


def proven(sender: Person) -> str:
    """What the border server says of a sender that it has proven."""
    domain = sender.address.partition("@")[2]
    return f"{SERVER}; dmarc=pass header.from={domain}; spf=pass smtp.mailfrom={domain}"


def test_ones_own_mail_comes_back_stamped_and_a_forged_one_does_not(
    installation: Portal, mailbox: Callable[[Person], Mailbox], postfix: Postfix
) -> None:
    box, inbox, others = mailbox(CAROL), mailbox(BOB), mailbox(DAVE)
    before, theirs = inbox.count(), others.count()
    for n in range(20):
        box.put(written(BOB, f"{SERVER}; dmarc=fail header.from=acme.test", f"Forged {n}"), "INBOX")
        box.put(written(BOB, proven(BOB), f"Away {n}", Auto_Submitted="auto-replied"), "INBOX")
    began = time.monotonic()
    box.put(written(BOB, proven(BOB)), "INBOX")
    mail = read(inbox.wait_for(before + 1, seconds=INSIDE_A_MINUTE_S)[-1])
    print(f"\nby mail: back in {time.monotonic() - began:.1f} s, behind forty that are not answered")
    box.wait_empty("INBOX", INSIDE_A_MINUTE_S)
    wait_until("everything to have left", postfix.queue_is_empty, 30)
    assert mail["Subject"] == "Tuesday" and mail["To"] == BOB.address
    text = said(mail, "plain")
    assert "Tuesday at ten suits us well." in text and "Bob Baker" in text and "/trial/keep/" in text
    assert (inbox.count(), others.count()) == (before + 1, theirs)
    # and round again: what left here is put back into the mailbox by somebody's rule, and nothing comes of it
    box.put(mail.as_bytes(), "INBOX")
    box.wait_empty("INBOX", INSIDE_A_MINUTE_S)
    wait_until("everything to have left", postfix.queue_is_empty, 30)
    assert inbox.count() == before + 1
