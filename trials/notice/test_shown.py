"""A notification in Chromium: on a phone and a desk, by day and night, from right to left; pictures in var/shots."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from trials.browser.conftest import axe as axe  # the checker's script, as a fixture
from trials.browser.test_everyone import RUN
from trials.notice.letters import PENS, announced, page_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OUT = Path("var/shots")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("name", PENS)
def test_it_fits_asks_for_nothing_and_axe_finds_nothing(
    browser: Browser, axe: str, name: str, theme: str
) -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(color_scheme=theme)  # type: ignore[arg-type]
    page = context.new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for width in (320, 390, 600, 1024):
        page.set_viewport_size({"width": width, "height": 760})
        page.set_content(page_of(announced(PENS[name])))
        wide = page.evaluate("() => document.documentElement.scrollWidth")
        assert wide <= width, f"{wide} px of page on {width} px"
        page.screenshot(path=OUT / f"notification-{name}-{width}-{theme}.png", full_page=True)
    page.evaluate(axe)
    assert page.evaluate(RUN) == []
    assert [url for url in asked if not url.startswith("data:")] == []
    context.close()
