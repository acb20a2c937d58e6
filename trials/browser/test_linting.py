"""The linter in a browser: it speaks while one types; every mend takes one press, and what is mended is drawn right."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from trials.browser.conftest import Complaints
from trials.browser.portal import Running


@pytest.fixture(params=[True, False], ids=["with-script", "without-script"])
def page(request: pytest.FixtureRequest, browser: Browser, furnished: Running, state: Any) -> Iterator[Page]:
    context = browser.new_context(
        storage_state=state, viewport={"width": 1440, "height": 900}, java_script_enabled=request.param
    )
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page)
    page.goto(f"{furnished.url}/messages/{furnished.ids['faulty']}/")
    yield page
    context.close()
    assert complaints == []


def rules(page: Page) -> list[str]:
    return page.locator("#found li[data-rule]").evaluate_all("all => all.map(one => one.dataset.rule)")


def test_each_press_mends_one_thing_until_nothing_is_left_that_a_program_can_mend(page: Page) -> None:
    own = page.get_by_label("MJML")
    begun = own.input_value()
    seen = []
    while page.locator("#found button").count():
        before = rules(page)
        seen.append(before[0])
        with page.expect_navigation():  # between two pages there is no button at all
            page.locator("#found button").first.click()
        assert len(rules(page)) != len(before)
    assert len(seen) >= 8 and set(rules(page)) <= {"link-words", "alt-missing"}
    written = own.input_value()
    assert (
        "margin:0 0 8px 0" in written
        and "https://harbourdental.example/ten" in written
        and "quay!" in written
    )
    assert re.search(r'color="#[0-9a-f]{6}" font-family="Brandon Grotesque, Arial', written)
    own.fill(begun)
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("#found li[data-rule=exclaimed]")).to_be_visible()


@pytest.mark.parametrize("page", [True], ids=["with-script"], indirect=True)
def test_as_one_types_a_finding_goes_and_another_comes(page: Page) -> None:
    own = page.get_by_label("MJML")
    begun = own.input_value()
    own.fill(begun.replace("quay!!!", "quay.").replace("Click here", "COME ONE COME ALL COME EARLY"))
    expect(page.locator("#found li[data-rule=exclaimed]")).to_have_count(0)
    expect(page.locator("#found li[data-rule=shouted]")).to_be_visible()
    own.fill(begun)
    expect(page.locator("#found li[data-rule=exclaimed]")).to_be_visible()
