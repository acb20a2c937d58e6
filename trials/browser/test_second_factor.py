"""A passkey in a real browser: demanded before Publish, set up, and used again at the next sign-in."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, expect

from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import running


def authenticator(context: BrowserContext, page: Page) -> None:
    """A virtual one inside the device, that says yes by itself (WebDriver's WebAuthn, by CDP)."""
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def sign_in(page: Page, url: str) -> None:
    page.goto(f"{url}/accounts/login/")
    page.get_by_label("Email").fill(STAFF[0][0])
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()


def test_a_passkey_is_set_up_on_the_way_to_publish_and_asked_for_after_it(
    browser: Browser, tmp_path: Path
) -> None:
    with running(tmp_path, "harbour.furnish_with_changes(second_factor=True)", host="localhost") as there:
        context = browser.new_context()
        page = context.new_page()
        authenticator(context, page)
        sign_in(page, there.url)
        page.goto(f"{there.url}/publish/")
        page.get_by_label("What is this about?").fill("Spring")
        page.get_by_role("button", name="Publish").click()
        expect(page.get_by_role("heading", level=1)).to_have_text("One thing before you publish")
        page.get_by_role("link", name="Set up a passkey").click()
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Go on").click()
        page.get_by_label("Name").fill("Front desk")
        page.locator("#mfa_webauthn_add").click()
        expect(page.get_by_text("You were about to publish.")).to_be_visible()
        page.get_by_role("link", name="Go on with that").click()
        expect(page.get_by_text("“Spring”")).to_be_visible()
        page.get_by_role("button", name="Go on with it").click()
        expect(page.get_by_text("Version 2 is in force")).to_be_visible()
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{there.url}/accounts/logout/")
        context.clear_cookies()
        sign_in(page, there.url)
        expect(page).to_have_url(f"{there.url}/accounts/2fa/authenticate/")
        page.locator("#mfa_webauthn_authenticate").click()
        expect(page).to_have_url(f"{there.url}/")
        context.close()
