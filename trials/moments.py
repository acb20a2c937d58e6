"""Pages that are met only on the way: after a session has ended, beside a colleague, behind the second factor.

Each is a walk that ends on its page; `make shots` takes its pictures in every width and theme where it stands.
"""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext, Page, expect

from trials.browser import opened, read, tried
from trials.browser.chromium import sign_in
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running
from trials.browser.test_second_factor import authenticator


def _signed_in(browser: Browser, there: Running, script: bool = True) -> tuple[BrowserContext, Page]:
    context = browser.new_context(locale="en-GB", java_script_enabled=script)
    page = context.new_page()
    sign_in(page, there.url, STAFF[0][0], PASSWORD)
    return context, page


def signed_out(browser: Browser, there: Running) -> Page:
    """A form is sent when the session is over."""
    context, page = _signed_in(browser, there, script=False)
    page.goto(f"{there.url}/messages/{there.ids['message']}/")
    context.clear_cookies(name="stationer")
    page.locator("#words button.button", has_text="Save").click()
    return page


def overtaken(browser: Browser, there: Running) -> Page:
    """Two have a message open, and the second one writes when the first one has."""
    context, page = _signed_in(browser, there)
    address = f"{there.url}/messages/{there.ids['message']}/"
    page.goto(address)
    other = context.new_page()
    other.goto(address)
    name = f"Straighter teeth {page.evaluate('Date.now()')}"
    with other.expect_response(address):
        other.locator("#id_name").fill(name)
    page.locator("#id_name").fill("Straight teeth")
    expect(page.locator("#overtaken")).to_be_visible()
    return page


def before_the_factor(browser: Browser, there: Running) -> Page:
    """Publish is pressed by somebody who has no second factor yet."""
    _, page = _signed_in(browser, there)
    page.goto(f"{there.url}/publish/")
    page.get_by_role("button", name="Publish").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("One thing before you publish")
    return page


def factor_kept(browser: Browser, there: Running) -> Page:
    """The second factor is set up on the way: what was about to be done is told again."""
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    authenticator(context, page)
    sign_in(page, there.url, STAFF[0][0], PASSWORD)
    page.goto(f"{there.url}/publish/")
    page.get_by_label("What is this about?").fill("Spring")
    page.get_by_role("button", name="Publish").click()
    page.get_by_role("link", name="Set up a passkey").click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("Name").fill("Front desk")
    page.locator("#mfa_webauthn_add").click()
    expect(page.get_by_text("You were about to publish.")).to_be_visible()
    return page


def behind_the_factor(browser: Browser, there: Running) -> Page:
    """The form that waited for the second factor, which is asked for once more."""
    page = factor_kept(browser, there)
    page.get_by_role("link", name="Go on with that").click()
    expect(page.get_by_text("“Spring”")).to_be_visible()
    return page


def code_asked(browser: Browser, there: Running) -> Page:
    """A code to sign in with has gone out by mail, and is asked for."""
    return _mailed(browser, f"{there.url}/accounts/login/code/", "#id_email")


def password_asked(browser: Browser, there: Running) -> Page:
    """A code for a new password has gone out by mail, and is asked for."""
    return _mailed(browser, f"{there.url}/accounts/password/reset/", "#id_email")


def _mailed(browser: Browser, address: str, box: str) -> Page:
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(address)
    page.fill(box, STAFF[1][0])
    page.click("main form button[type=submit]")
    expect(page.locator("#id_code")).to_be_visible()
    return page


def digest_mail(browser: Browser, there: Running) -> Page:
    """The digest of alerts, as a reader that shows HTML shows it."""
    page = browser.new_context(locale="en-GB").new_page()
    page.set_content(there.ids["digest"])
    return page


Walks = dict[str, Callable[[Browser, Running], Page]]
#: By the name of the pictures, of a furnished company: of its members first.
MEMBERS: Walks = {
    "signed-out": signed_out,
    "overtaken": overtaken,
    "code-asked": code_asked,
    "password-asked-code": password_asked,
    "digest-mail": digest_mail,
}
MOMENTS: Walks = {**MEMBERS, **tried.WALKS, **read.WALKS, **opened.OPENED}
#: Those whose windows run no script, which axe is.
WITHOUT_SCRIPT = frozenset(("letter-de", "letter-print", "secure-door-de", "signed-out", "trial-keep-de"))
#: Of one that demands a second factor of those who publish. The last one has it.
BEHIND: Walks = {
    "before-the-factor": before_the_factor,
    "behind-the-factor": behind_the_factor,
}
#: What is there for somebody who has a second factor: where to go on to from the last of those.
HAVING = {
    "own-passkeys": "/accounts/2fa/webauthn/",
    "passkey-name": "/accounts/2fa/webauthn/keys/1/edit/",
    "passkey-away": "/accounts/2fa/webauthn/keys/1/remove/",
    "recovery-codes-new": "/accounts/2fa/recovery-codes/generate/",
    "recovery-codes": "/accounts/2fa/recovery-codes/",
}
