"""Nobody's words are lost in the editor: the session ends while somebody types, and two people write in one template."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from trials.browser import chromium
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running


@pytest.fixture
def context(browser: Browser, furnished: Running) -> Iterator[BrowserContext]:
    """Signed in by itself: the session that others share is not ended."""
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    chromium.sign_in(context.new_page(), furnished.url, STAFF[0][0], PASSWORD)
    yield context
    context.close()


def _editor(context: BrowserContext, furnished: Running) -> Page:
    page = context.new_page()
    page.goto(f"{furnished.url}/messages/{furnished.ids['message']}/")
    return page


def test_words_typed_after_the_session_ended_are_kept_and_saved_after_signing_in_again(
    context: BrowserContext, furnished: Running, axe: str
) -> None:
    page = _editor(context, furnished)
    page.get_by_label("Headline").fill("Before")
    expect(page.locator("#saved")).to_contain_text("Saved by itself")
    context.clear_cookies(name="stationer")
    page.get_by_label("Headline").fill("Typed while signed out")
    expect(page.get_by_text("You are signed out, and this is not saved.")).to_be_visible()
    expect(page.locator("#saved")).to_have_text("Not saved")
    page.evaluate(axe)
    wrong = page.evaluate("async () => (await axe.run()).violations.map(one => one.id)")
    assert wrong == []
    page.get_by_role("button", name="Save", exact=True).last.click()  # it goes nowhere, and nothing is lost
    expect(page.get_by_label("Headline")).to_have_value("Typed while signed out")
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    there = opened.value
    there.fill("#id_login", STAFF[0][0])
    there.fill("#id_password", PASSWORD)
    there.click("main form button[type=submit]")
    there.wait_for_url(f"{furnished.url}/")
    there.close()
    page.bring_to_front()
    page.evaluate("dispatchEvent(new Event('focus'))")
    expect(page.locator("#saved")).to_contain_text("Saved by itself")
    expect(page.get_by_text("You are signed out, and this is not saved.")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Headline")).to_have_value("Typed while signed out")


def test_a_save_pressed_after_the_session_ended_gives_the_words_back(
    context: BrowserContext, furnished: Running, axe: str
) -> None:
    page = _editor(context, furnished)
    context.clear_cookies(name="stationer")
    page.evaluate(
        "() => { document.querySelector('#id_v_headline').value = 'Pressed too late';"
        " document.querySelector('#words').submit(); }"
    )
    expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    expect(page.get_by_label("headline")).to_have_value("Pressed too late")
    page.evaluate(axe)
    assert page.evaluate("async () => (await axe.run()).violations.map(one => one.id)") == []
    with context.expect_page() as opened:
        page.get_by_role("link", name="Sign in in a new tab").click()
    there = opened.value
    there.fill("#id_login", STAFF[0][0])
    there.fill("#id_password", PASSWORD)
    there.click("main form button[type=submit]")
    there.wait_for_url(f"{furnished.url}/")
    page.bring_to_front()
    page.get_by_role("button", name="Send it once more").click()
    expect(page.get_by_label("Headline")).to_have_value("Pressed too late")


def test_two_people_write_in_two_parts_of_one_template_at_once_and_in_one_part_they_are_asked(
    browser: Browser, furnished: Running, state: Any
) -> None:
    contexts = [browser.new_context(storage_state=state) for _ in range(2)]
    one, two = (context.new_page() for context in contexts)
    base = f"{furnished.url}/templates/{furnished.ids['template']}"
    one.goto(f"{base}/signature/")
    two.goto(f"{base}/short-signature/")
    for turn in range(5):
        for page in (one, two):
            page.locator("#id_twin").evaluate(
                "(field, words) => { field.value = words; field.dispatchEvent(new Event('input', {bubbles: true})); }",
                f"Turn {turn}",
            )
        for page in (one, two):
            expect(page.locator("#saved")).to_contain_text("Saved by itself")
            page.wait_for_timeout(800)
            expect(page.locator("#overtaken")).to_be_hidden()
        for part in ("signature", "short-signature"):
            look = contexts[0].new_page()
            look.goto(f"{base}/{part}/")
            assert look.locator("#id_twin").input_value() == f"Turn {turn}"
            look.close()
    two.goto(f"{base}/signature/")
    two.get_by_role("button", name="Save", exact=True).last.click()
    one.locator("#id_twin").evaluate(
        "field => { field.value = 'Later'; field.dispatchEvent(new Event('input', {bubbles: true})); }"
    )
    expect(one.locator("#overtaken")).to_be_hidden()  # the other one saved, and changed nothing
    for context in contexts:
        context.close()
