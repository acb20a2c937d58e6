"""An outsider who never saw the product: from the mail's link to the open letter, with the code of a real mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, expect

from trials.reading.readers import SUBJECT, browser_of, found_company, letters, opened, portal_of, read, url
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import CAROL, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.workshop import Workshop

WITHIN_S = 15.0


@pytest.fixture(scope="module")
def installation(workshop: Workshop, postfix: Postfix, dovecot: Dovecot) -> Iterator[Portal]:
    """A portal with Acme in it, and its worker."""
    portal = portal_of(workshop, postfix, dovecot)
    found_company(portal)
    worker = portal.worker()
    yield portal
    worker.stop()
    portal.stop()


WAYS = {
    "at a desk": {},
    "at 390 px": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
    "by keyboard": {},
    "without JavaScript": {"java_script_enabled": False},
    "in German": {"locale": "de-DE"},
}


@pytest.mark.parametrize("way", WAYS)
def test_from_the_link_to_the_letter_and_the_second_by_one_click(
    way: str, browser: Browser, installation: Portal, mailbox: Callable[[Person], Mailbox]
) -> None:
    first, second = letters(installation, CAROL.address, 2)
    context = browser_of(browser, **WAYS[way])
    page = context.new_page()
    before = opened(installation)
    walk = read(page, first, mailbox(CAROL), keys=way == "by keyboard", subject=SUBJECT)
    print(f"\n{way}: {walk.seconds:.1f} s, {walk.clicks} clicks, {walk.fields} field")
    assert walk.seconds < WITHIN_S
    page.goto(second)  # the click on its link
    expect(page.locator("h1")).to_contain_text(SUBJECT)
    assert opened(installation) >= before + 1
    context.close()


def test_a_passkey_offered_after_the_first_read_opens_the_next_letter_in_another_browser(
    browser: Browser, installation: Portal, mailbox: Callable[[Person], Mailbox]
) -> None:
    first, second = letters(installation, CAROL.address, 2)
    context = browser_of(browser)
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True,
               "isUserVerified": True, "automaticPresenceSimulation": True}  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    read(page, first, mailbox(CAROL))
    page.goto(f"{first}/ways")
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.locator("[role=status], .note.is-good").first).to_contain_text("passkey")
    context.clear_cookies()  # the device is the same, the browser knows nothing any more
    page.goto(second)
    page.get_by_role("button", name="Open with my passkey").click()
    expect(page.locator("h1")).to_contain_text(SUBJECT)
    assert page.url == second and url(installation) in second
    context.close()
