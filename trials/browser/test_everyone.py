"""For everyone: axe finds nothing, 320 px is wide enough, the keyboard reaches all, reading needs no script."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from trials.browser.conftest import Complaints
from trials.browser.portal import Running
from trials.shots import OUTSIDE, pages

RUN = (
    "async () => (await axe.run(document, {iframes: false})).violations.map(v => ({id: v.id, "
    "nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' -- ' + (n.failureSummary || ''))}))"
)


def _all(there: Running) -> dict[str, str]:
    return pages(there) | OUTSIDE


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_any_page(
    browser: Browser, furnished: Running, state: Any, axe: str, theme: str
) -> None:
    context = browser.new_context(
        storage_state=state, color_scheme=theme, viewport={"width": 1024, "height": 768}
    )  # type: ignore[arg-type]
    page = context.new_page()
    found: dict[str, Any] = {}
    complaints = Complaints()
    complaints.watch(page)
    for name, address in pages(furnished).items():
        page.goto(furnished.url + address, wait_until="load")
        page.evaluate(axe)
        if wrong := page.evaluate(RUN):
            found[name] = wrong
    context.close()
    assert not found, found
    assert [line for line in complaints if "404" not in line] == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_before_signing_in(
    browser: Browser, furnished: Running, axe: str, theme: str
) -> None:
    context = browser.new_context(color_scheme=theme, viewport={"width": 390, "height": 844})  # type: ignore[arg-type]
    page = context.new_page()
    found: dict[str, Any] = {}
    for name, address in OUTSIDE.items():
        page.goto(furnished.url + address, wait_until="load")
        page.evaluate(axe)
        if wrong := page.evaluate(RUN):
            found[name] = wrong
    context.close()
    assert not found, found


@pytest.mark.parametrize(
    ("language", "direction"), [("en-gb", "ltr"), ("de", "ltr"), ("en-gb", "rtl")], ids=["en", "de", "rtl"]
)
def test_a_page_320_pixels_wide_never_scrolls_sideways(
    browser: Browser, furnished: Running, state: Any, language: str, direction: str
) -> None:
    context = browser.new_context(storage_state=state, viewport={"width": 320, "height": 640})
    context.add_cookies([{"name": "django_language", "value": language, "url": furnished.url}])
    page = context.new_page()
    wide = {}
    for name, address in _all(furnished).items():
        page.goto(furnished.url + address, wait_until="load")
        width = page.evaluate(
            "way => { document.documentElement.dir = way; return document.documentElement.scrollWidth }",
            direction,
        )
        if width > 320:
            wide[name] = width
    context.close()
    assert not wide, wide


FOCUSED = """() => {
  const one = document.activeElement; const style = getComputedStyle(one);
  const label = one.closest('label');
  const ring = label ? getComputedStyle(label) : style;
  return { tag: one.tagName, words: (one.innerText || one.value || one.name || '').slice(0, 40), where: one.id,
    seen: ring.outlineStyle !== 'none' || style.outlineStyle !== 'none' }; }"""


def _walk(page: Page, most: int = 120) -> list[dict[str, Any]]:
    """Tab through the page until the focus leaves it."""
    seen = []
    for _ in range(most):
        page.keyboard.press("Tab")
        one = page.evaluate(FOCUSED)
        if one["tag"] in ("BODY", "HTML"):
            break
        seen.append(one)
    return seen


@pytest.mark.parametrize("name", ["campaign", "message", "publish", "people"])
def test_the_keyboard_reaches_everything_and_its_place_is_seen(
    browser: Browser, furnished: Running, state: Any, name: str
) -> None:
    context = browser.new_context(storage_state=state, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    page.goto(furnished.url + pages(furnished)[name], wait_until="load")
    stops = _walk(page)
    unseen = [stop for stop in stops if not stop["seen"] and stop["tag"] != "IFRAME"]
    actions = page.evaluate(
        "[...document.querySelectorAll('main a[href], main button:not([disabled]), main select, main textarea,"
        " main input:not([type=hidden]):not([type=radio])')].filter(e => e.checkVisibility()).length"
    )
    context.close()
    assert stops[0]["words"] == "Skip to content"
    assert not unseen, unseen
    assert len([stop for stop in stops if stop["tag"] != "IFRAME"]) >= actions


def test_everything_can_be_read_without_javascript(browser: Browser, furnished: Running, state: Any) -> None:
    context = browser.new_context(storage_state=state, java_script_enabled=False)
    page = context.new_page()
    for name, address in pages(furnished).items():
        page.goto(furnished.url + address, wait_until="load")
        assert page.locator("h1").count() == 1, name
        assert page.locator("h1").is_visible(), name
    context.close()
