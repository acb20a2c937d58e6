"""An office manager puts a banner on all outgoing mail: with a pointer on a telephone, and without any script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from trials.browser.chromium import sign_in
from trials.browser.conftest import Complaints
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running


def _domains(page: Page, url: str) -> None:
    page.goto(f"{url}/settings/")
    page.get_by_label("Your domains").fill("harbourdental.example")
    page.get_by_role("button", name="Save").first.click()
    expect(page.get_by_text("Saved. Mail follows")).to_be_visible()


def _template(page: Page, url: str) -> None:
    page.goto(f"{url}/templates/")
    page.get_by_role("link", name="Begin with a signature").click()
    page.get_by_label("What do you call it?").fill("Letterhead")
    page.get_by_role("button", name="Go on to the signature").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Signature")


def _campaign(page: Page, url: str) -> None:
    page.goto(f"{url}/campaigns/")
    page.get_by_role("link", name="Begin with an example").click()
    page.get_by_label("What is it about?").fill("Open evening")
    page.get_by_role("button", name="Go on to its message").click()


def _words(page: Page) -> None:
    said = page.locator("#elements")
    said.get_by_label("Heading").fill("Straighter teeth, without the wires")
    said.get_by_label("Text").fill("Thursday 3 December, 18:00.")
    said.get_by_label("Words on the button").fill("Book a place")
    said.get_by_label("Where it leads").fill("https://harbourdental.example/open-evening")


def _publish(page: Page) -> None:
    page.get_by_role("link", name="On to who sees it").click()
    page.get_by_role("button", name="Ready: review and publish").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Publish")
    page.get_by_role("button", name="Publish").first.click()  # docked on a narrow page
    expect(page.get_by_text("Version 1 is in force")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Nothing to publish")


def test_a_banner_is_published_on_a_telephone(browser: Browser, fresh: Running) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page)
    sign_in(page, fresh.url, STAFF[0][0], PASSWORD)
    _domains(page, fresh.url)
    _template(page, fresh.url)
    _campaign(page, fresh.url)
    expect(page.locator("#found")).to_contain_text("to mend")
    _words(page)
    expect(page.locator("#saved")).to_contain_text("Saved by itself")
    expect(page.locator("#found")).to_contain_text("Nothing to mend")
    expect(
        page.frame_locator(".view-new iframe").get_by_text("Straighter teeth, without the wires")
    ).to_be_visible()
    _publish(page)
    context.close()
    assert complaints == []


def test_a_banner_is_published_without_javascript(browser: Browser, fresh: Running) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, fresh.url, STAFF[0][0], PASSWORD)
    _domains(page, fresh.url)
    _template(page, fresh.url)
    _campaign(page, fresh.url)
    _words(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator("#found")).to_contain_text("Nothing to mend")
    _publish(page)
    context.close()


def test_a_rule_is_changed_by_pressing_its_blank(browser: Browser, furnished: Running, state: Any) -> None:
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{furnished.url}/campaigns/")
    page.get_by_role("link", name="How was your visit?").click()
    page.get_by_role("link", name="anyone in Dentistry").click()
    page.get_by_role("group", name="Groups", exact=True).get_by_label("Hygienists").check()
    page.get_by_role("button", name="Fill in").click()
    expect(page.locator(".sentence").first).to_contain_text("anyone in Dentistry or Hygienists")
    expect(page.locator(".masthead")).to_contain_text("Changed, not published")
    context.close()


def test_what_is_typed_is_kept_when_the_server_does_not_answer(
    browser: Browser, furnished: Running, state: Any
) -> None:
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{furnished.url}/messages/{furnished.ids['message']}/")
    page.route(
        "**/messages/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_()
    )
    page.get_by_label("Headline").fill("Words that must not be lost")
    expect(page.get_by_text("This could not be saved.")).to_be_visible()
    expect(page.get_by_label("Headline")).to_have_value("Words that must not be lost")
    page.unroute("**/messages/**")
    page.get_by_label("Headline").fill("Words that were not lost")
    expect(page.locator("#saved")).to_contain_text("Saved by itself")
    expect(page.get_by_text("This could not be saved.")).to_be_hidden()
    page.reload()
    expect(page.get_by_label("Headline")).to_have_value("Words that were not lost")
    context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_chosen_theme_is_in_the_page_the_server_sends(
    browser: Browser, furnished: Running, state: Any, theme: str
) -> None:
    context = browser.new_context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{furnished.url}/myself/")
    page.get_by_label(f"always {theme}").check()
    page.get_by_role("button", name="Keep").click()
    expect(page.locator("html")).to_have_attribute("data-theme", theme)
    context.close()
