"""A company's own sign-in in a real browser, with an OpenID provider that nobody here wrote (oidc-provider-mock): an
owner connects it, tries it, requires it, and somebody comes in by it."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from oidc_provider_mock import User, run_server_in_thread
from playwright.sync_api import Browser, Page, expect

from trials.browser import chromium
from trials.browser.entered import DOMAIN, FURNISH
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running
from trials.browser.test_everyone import RUN

ALICE = STAFF[0][0]
NEW = f"nora.new@{DOMAIN}"
#: Where pictures of every step go, where somebody wants to look at them.
SHOTS = os.environ.get("SIGN_IN_SHOTS", "")
WIDTHS = (390, 1024, 1440)


@contextmanager
def provider() -> Iterator[str]:
    """Its issuer. It asks for a nonce, as ours must send one."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    people = (
        User(
            sub="alice-1",
            claims={"email": ALICE, "email_verified": True, "name": "Alice From There", "amr": ["mfa"]},
        ),
        User(
            sub="nora-1",
            claims={
                "email": NEW,
                "email_verified": True,
                "name": "Nora New",
                "phone_number": "+441632960961",
            },
        ),
        User(sub="eve-1", claims={"email": "eve@elsewhere.example", "email_verified": True, "name": "Eve"}),
    )
    with run_server_in_thread(require_nonce=True, user_claims=people) as server:
        yield f"http://127.0.0.1:{server.server_port}"


class Walk:
    """One page after the other: each is looked at by axe, and kept as pictures where that is wanted."""

    def __init__(self, page: Page, axe: str) -> None:
        self.page, self.axe, self.found = page, axe, dict[str, Any]()

    def look(self, name: str) -> None:
        self.page.evaluate(self.axe)
        if wrong := self.page.evaluate(RUN):
            self.found[name] = wrong
        if not SHOTS:
            return
        Path(SHOTS).mkdir(parents=True, exist_ok=True)
        for theme in ("light", "dark"):
            self.page.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
            for width in WIDTHS:
                self.page.set_viewport_size({"width": width, "height": 900})
                self.page.screenshot(path=f"{SHOTS}/{name}-{width}-{theme}.png", full_page=True)
        self.page.emulate_media(color_scheme="light")
        self.page.set_viewport_size({"width": 1024, "height": 768})


def sign_in_there(page: Page, sub: str) -> None:
    """The provider's own page."""
    page.wait_for_url(re.compile(r"/oauth2/authorize"))
    page.locator("input[name=sub]").first.fill(sub)
    page.get_by_role("button", name=re.compile("authorize", re.I)).first.click()


def connect(page: Page, there: Running, issuer: str, walk: Walk) -> None:
    """Add it; the page with our addresses comes."""
    page.goto(f"{there.url}/settings/sign-in/")
    walk.look("1-empty")
    page.get_by_role("link", name="Add OpenID Connect").click()
    page.get_by_label("What do your people call it?").fill("Harbour ID")
    page.get_by_label("Issuer").fill("https://127.0.0.1:1")
    page.get_by_label("Client ID").fill("stationer")
    page.get_by_label("Client secret").fill("not a secret")
    page.get_by_role("button", name="Ask it, and keep it").click()
    expect(page.get_by_text("It cannot be used")).to_be_visible()
    walk.look("2-does-not-answer")
    page.get_by_label("Issuer").fill(issuer)
    page.get_by_label("Client secret").fill("not a secret")
    page.get_by_role("button", name="Ask it, and keep it").click()
    expect(page.get_by_text("It answers.")).to_be_visible()


def use(page: Page, way: str) -> None:
    page.get_by_label(DOMAIN).check()
    page.get_by_label(re.compile(way)).check()
    page.get_by_label("everybody it knows").check()
    page.get_by_role("button", name="Save").click()


def come(page: Page, there: Running, address: str, sub: str, walk: Walk, name: str) -> None:
    """From the sign-in page, by the button, to the provider and back."""
    page.goto(f"{there.url}/accounts/login/")
    walk.look(f"{name}-sign-in")
    page.get_by_role("link", name="Sign in with your company").click()
    walk.look(f"{name}-address")
    page.get_by_label("Your address there").fill(address)
    page.get_by_role("button", name="Go on").click()
    sign_in_there(page, sub)


def test_a_company_connects_its_own_sign_in_and_its_people_come_in_by_it(
    browser: Browser, tmp_path: Path, axe: str
) -> None:
    with provider() as issuer, running(tmp_path, FURNISH) as there:
        context = browser.new_context(viewport={"width": 1024, "height": 768})
        page = context.new_page()
        walk = Walk(page, axe)
        chromium.sign_in(page, there.url, ALICE, PASSWORD)
        connect(page, there, issuer, walk)
        use(page, "people may sign in by it")
        walk.look("3-connected")
        page.get_by_role("button", name="Try it").click()
        sign_in_there(page, "alice-1")
        expect(page.get_by_text("this would let you in")).to_be_visible()
        walk.look("4-tried")
        page.get_by_role("link", name="What becomes of what it says").click()
        walk.look("5-claims")
        page.goto(f"{there.url}/settings/sign-in/codes/")
        page.get_by_role("button", name="Make eight codes").click()
        code = page.locator("code.secret").first.inner_text()
        walk.look("6-codes")
        page.goto(f"{there.url}/settings/sign-in/")
        walk.look("7-list")
        page.get_by_role("link", name="Harbour ID").click()
        use(page, "people of its domains sign in by it alone")
        expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")  # the owner as well
        come_in(browser, there, axe, walk, code)
        assert not walk.found, walk.found


def come_in(browser: Browser, there: Running, axe: str, walk: Walk, code: str) -> None:
    """Somebody new, somebody of elsewhere, and an owner with a code."""
    page = browser.new_context(viewport={"width": 1024, "height": 768}).new_page()
    new = Walk(page, axe)
    come(page, there, NEW, "nora-1", new, "8")
    page.wait_for_url(f"{there.url}/")
    page.goto(f"{there.url}/myself/")
    expect(page.get_by_text("Nora New").first).to_be_visible()
    expect(page.locator("main")).to_contain_text("+44 1632 960961")
    page.goto(f"{there.url}/accounts/password/set/")
    new.look("9-changed-elsewhere")
    go_out(page, there, new)

    page = browser.new_context(viewport={"width": 1024, "height": 768}).new_page()
    other = Walk(page, axe)
    come(page, there, f"eve@{DOMAIN}", "eve-1", other, "10")
    expect(page.get_by_role("heading", level=1)).to_have_text("You are not signed in")
    other.look("11-refused")
    page.goto(f"{there.url}/accounts/login/")
    page.fill("#id_login", ALICE)
    page.fill("#id_password", PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(re.compile(r"/oauth2/authorize"))  # her password was right, and is not enough
    page.goto(f"{there.url}/sign-in/emergency/")
    other.look("12-emergency")
    page.get_by_label("Your address there").fill(ALICE)
    page.get_by_label("Emergency code").fill(code)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"{there.url}/")
    page.goto(f"{there.url}/settings/sign-in/")
    page.get_by_role("link", name="Harbour ID").click()
    other.look("13-in-use")
    found = re.search(r"http\S+?/sign-in/sip_\w+/", page.content())
    assert found
    page.goto(found[0])  # as a bookmark or somebody's link does
    expect(page.get_by_text("A link from elsewhere led you here.")).to_be_visible()
    other.look("14-led-here")
    walk.found |= new.found | other.found


def go_out(page: Page, there: Running, walk: Walk) -> None:
    """Out here at once, and by a press at the provider, which gets its ID token back."""
    page.goto(f"{there.url}/accounts/logout/")
    page.locator("main").get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("You are signed out here")
    walk.look("9-signed-out-here")
    page.get_by_role("link", name="Sign out of Harbour ID, too").click()
    page.wait_for_url(re.compile(r"/oauth2/end_session\?client_id=stationer&id_token_hint=ey"))
    page.get_by_role("button", name="End session").click()
    expect(page.get_by_text("Session ended.")).to_be_visible()


def test_the_way_there_works_without_a_script(browser: Browser, tmp_path: Path, axe: str) -> None:
    with provider() as issuer, running(tmp_path, FURNISH) as there:
        page = browser.new_context().new_page()
        chromium.sign_in(page, there.url, ALICE, PASSWORD)
        connect(page, there, issuer, Walk(page, axe))
        use(page, "people may sign in by it")
        bare = browser.new_context(java_script_enabled=False).new_page()
        bare.goto(f"{there.url}/sign-in/")
        bare.get_by_label("Your address there").fill(NEW)
        bare.get_by_role("button", name="Go on").click()
        sign_in_there(bare, "nora-1")
        bare.wait_for_url(f"{there.url}/")
