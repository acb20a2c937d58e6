"""The block form in a browser: moved by the keyboard with the focus kept, details put in, the mail shown beside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from trials.browser.conftest import Complaints
from trials.browser.portal import Running


@pytest.fixture
def page(browser: Browser, furnished: Running, state: Any) -> Iterator[Page]:
    context = browser.new_context(storage_state=state, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page)
    page.goto(f"{furnished.url}/messages/{furnished.ids['form']}/?choose=1")
    page.get_by_label("Invite to something").check()
    page.get_by_role("button", name="Go on with this").click()
    expect(page.locator("#elements")).to_be_visible()
    yield page
    context.close()
    assert complaints == []


def kinds(page: Page) -> list[str]:
    return page.locator(".element summary b").all_inner_texts()


def test_an_element_is_moved_by_the_keyboard_and_keeps_the_focus(page: Page) -> None:
    page.get_by_role("button", name="Move up: 3. Button").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move up: 2. Button")).to_be_focused()
    assert kinds(page) == ["Heading", "Button", "Text"]
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Move down: 1. Button")).to_be_focused()
    assert kinds(page) == ["Button", "Heading", "Text"]
    expect(page.locator("#elements [role=status]")).to_contain_text("Button is now number 1 of 3")


def test_what_is_open_stays_open_and_what_is_typed_stays_typed(page: Page) -> None:
    page.locator("#element-0 summary").first.click()  # the heading is closed now
    page.locator("#elements").get_by_label("Text").fill("Typed just now")
    page.get_by_role("button", name="Once more: 2. Text").click()
    expect(page.locator(".element")).to_have_count(4)
    assert not page.locator("#element-0 details").first.evaluate("one => one.open")
    assert page.locator("#element-2").get_by_label("Text").input_value() == "Typed just now"
    page.get_by_role("button", name="Take out: 4. Button").click()
    expect(page.locator(".element")).to_have_count(3)


def test_something_is_added_and_written_at_once(page: Page) -> None:
    page.get_by_text("Add something").click()
    page.get_by_role("button", name="Disclaimer").click()
    expect(page.locator("#element-3").get_by_label("Words")).to_be_focused()
    page.keyboard.type("Small print.")
    expect(page.frame_locator(".view-new iframe").get_by_text("Small print.")).to_be_visible()


def test_a_detail_is_put_where_the_cursor_was(page: Page) -> None:
    field = page.locator("#elements").get_by_label("Heading")
    field.fill("Evening with ")
    page.get_by_text("Details of the sender").click()
    page.get_by_role("button", name="Insert Name").click()
    expect(field).to_have_value("Evening with {{name}}")
    expect(page.frame_locator(".view-new iframe").get_by_text("Evening with Alice Penrose")).to_be_visible()
    page.get_by_label("Few details").check()
    expect(page.frame_locator(".view-bare iframe").get_by_text("Evening with Alice Penrose")).to_be_visible()


def test_the_twin_is_taken_over_and_given_back(page: Page) -> None:
    page.get_by_text("Write it yourself").click()
    page.get_by_role("button", name="Begin with what it says now").click()
    expect(page.get_by_text("Written by hand")).to_be_visible()
    expect(page.get_by_role("textbox", name="Plain text")).not_to_have_value("")
    page.get_by_role("button", name="Throw it away").click()
    expect(page.get_by_text("Written by hand")).to_be_hidden()


def test_a_mistake_in_mjml_stands_at_its_line(browser: Browser, furnished: Running, state: Any) -> None:
    context = browser.new_context(storage_state=state)
    page = context.new_page()
    page.goto(f"{furnished.url}/messages/{furnished.ids['mjml']}/")
    wrong = page.locator(".listing .is-bad")
    expect(wrong).to_have_count(4)
    wrong.filter(has_text="closes nothing").get_by_role("link").click()
    chosen = "one => one.value.slice(one.selectionStart, one.selectionEnd).trim()"
    assert page.locator("textarea.is-code").evaluate(chosen) == "</mj-colum>"
    context.close()
