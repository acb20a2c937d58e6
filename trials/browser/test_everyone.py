"""For everyone: axe finds nothing, 320 px is wide enough, the keyboard reaches all, reading needs no script."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from trials.browser import opened, read, tried
from trials.browser.chromium import sign_in
from trials.browser.conftest import Complaints
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running
from trials.moments import BEHIND, HAVING, MEMBERS, WITHOUT_SCRIPT
from trials.pages import CROWDED, OUTSIDE, pages

RUN = (
    "async () => (await axe.run(document, {iframes: false})).violations.map(v => ({id: v.id, "
    "nodes: v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + ' -- ' + (n.failureSummary || ''))}))"
)
#: What has a transition takes its new colour with the next frame; a colour that is on its way has no contrast of its own.
PAINTED = """async () => {
  await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done())));
  await Promise.allSettled(document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished));
}"""


def _all(there: Running) -> dict[str, str]:
    return pages(there) | OUTSIDE


def _wrong(page: Page, axe: str) -> dict[str, Any]:
    """What axe finds on the page as it stands, in light and in dark."""
    page.evaluate(axe)
    found = {}
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
        page.evaluate(PAINTED)
        if wrong := page.evaluate(RUN):
            found[theme] = wrong
    return found


def _wrong_of(page: Page, there: Running, addresses: dict[str, str], axe: str) -> dict[str, Any]:
    found = {}
    for name, address in addresses.items():
        page.goto(there.url + address, wait_until="load")
        if wrong := _wrong(page, axe):
            found[name] = wrong
    return found


def test_axe_finds_nothing_on_any_page(browser: Browser, furnished: Running, state: Any, axe: str) -> None:
    context = browser.new_context(storage_state=state, viewport={"width": 1024, "height": 768})
    page = context.new_page()
    complaints = Complaints()
    complaints.watch(page)
    found = _wrong_of(page, furnished, pages(furnished), axe)
    context.close()
    assert not found, found
    assert [line for line in complaints if "404" not in line] == []


def test_axe_finds_nothing_before_signing_in(browser: Browser, furnished: Running, axe: str) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    found = _wrong_of(context.new_page(), furnished, OUTSIDE, axe)
    context.close()
    assert not found, found


def test_axe_finds_nothing_where_a_thousand_changes_wait(browser: Browser, tmp_path: Path, axe: str) -> None:
    with running(tmp_path, "harbour.furnish(campaigns=1000, published=False)") as there:
        page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
        sign_in(page, there.url, STAFF[0][0], PASSWORD)
        found = _wrong_of(page, there, CROWDED, axe)
        page.goto(f"{there.url}/publish/")
        assert "1,00" in page.inner_text("main")  # it is the crowded one
        page.context.close()
    assert not found, found


def _with_script(page: Page, browser: Browser, there: Running) -> Page:
    """The same page in a window that runs scripts, with the styles that its own policy allowed it."""
    shown = page.content()
    page.context.close()
    again = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True).new_page()
    again.goto(f"{there.url}/accounts/login/")
    again.set_content(shown, wait_until="load")
    return again


@pytest.mark.timeout(480)  # each walk opens a browser's window of its own, and there are many
@pytest.mark.parametrize(
    "moments",
    [MEMBERS, tried.WALKS, read.WALKS, opened.OPENED, BEHIND],
    ids=["members", "trial", "reading", "letters", "second-factor"],
)
def test_axe_finds_nothing_on_pages_that_are_met_on_the_way(
    browser: Browser, tmp_path: Path, axe: str, moments: dict[str, Any]
) -> None:
    found: dict[str, Any] = {}
    made = f"harbour.furnish_with_changes(second_factor={moments is BEHIND})"
    with running(tmp_path, made, "localhost") as there:
        for name, walk in moments.items():
            page = walk(browser, there)
            if name in WITHOUT_SCRIPT:
                page = _with_script(page, browser, there)
            if wrong := _wrong(page, axe):
                found[name] = wrong
            if name == "behind-the-factor":
                found |= _wrong_of(page, there, HAVING, axe)
            page.context.close()
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
