"""`make shots`: the main pages of a furnished portal, as pictures, into var/shots.

Widths 390, 1024, 1440; light and dark; `python -m trials.shots NAME…` renders some only. Look at them.
"""

from __future__ import annotations

import sys
import tempfile
from itertools import product
from pathlib import Path

from playwright.sync_api import Page

from trials.browser.chromium import browser, sign_in
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running
from trials.moments import BEHIND, MOMENTS
from trials.pages import ANYTHING, CROWDED, OUTSIDE, pages

WIDTHS = {390: 844, 1024: 768, 1440: 900}
THEMES = ("light", "dark")
OUT = Path("var/shots")


def german(page: Page, url: str, wanted: bool) -> None:
    """Let the page speak German, by the cookie that the language button sets."""
    page.context.add_cookies([{"name": "django_language", "value": "de" if wanted else "en-gb", "url": url}])


def unfold(page: Page) -> None:
    """Frames far down load and are painted only when they are in sight: make the window as high as the page."""
    size = page.viewport_size
    if size and page.locator("#preview").count():
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.wait_for_timeout(500)


def shoot(there: Running, wanted: set[str], outside: dict[str, str], owned: dict[str, str]) -> int:
    """Render the pages for a stranger and those for an owner; returns how many pictures were made."""
    OUT.mkdir(parents=True, exist_ok=True)
    count = 0
    with browser() as chromium:
        state = None
        for inside, names in ((False, outside), (True, owned)):
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    context = chromium.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme=theme,  # type: ignore[arg-type]
                        locale="en-GB",
                        storage_state=state if inside else None,
                    )
                    page = context.new_page()
                    if inside and state is None:
                        sign_in(page, there.url, STAFF[0][0], PASSWORD)
                        state = context.storage_state()
                    for name, address in names.items():
                        if wanted and name not in wanted:
                            continue
                        page.set_viewport_size({"width": width, "height": height})
                        german(page, there.url, name.endswith("-de"))
                        page.goto(there.url + address, wait_until="networkidle")
                        unfold(page)
                        whole = not name.startswith("seen-")
                        page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=whole)
                        count += 1
                    context.close()
    return count


def shoot_moments(wanted: set[str]) -> int:
    """Render what is met on the way; returns how many pictures were made."""
    OUT.mkdir(parents=True, exist_ok=True)
    count = 0
    for made, moments in (
        ("harbour.furnish_with_changes()", MOMENTS),
        ("harbour.furnish_with_changes(second_factor=True)", BEHIND),
    ):
        names = [name for name in moments if not wanted or name in wanted]
        if not names:
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            running(Path(folder), made, "localhost") as there,
            browser() as chromium,
        ):
            for name in names:
                page = moments[name](chromium, there)
                for (width, height), theme in product(WIDTHS.items(), THEMES):
                    page.set_viewport_size({"width": width, "height": height})
                    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
                    page.wait_for_timeout(
                        1_000 if len(page.frames) > 1 else 0
                    )  # a frame is laid out after its page
                    page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=True)
                    count += 1
                page.context.close()
    return count


def main(arguments: list[str]) -> int:
    """Start a portal of its own, render, stop it."""
    wanted = set(arguments)
    count = shoot_moments(wanted)
    for made, outside, inside in (
        ("harbour.furnish_with_everything()", OUTSIDE, pages),
        ("harbour.furnish(campaigns=60, published=False)", {}, lambda _there: CROWDED),
    ):
        if wanted and not wanted & {*outside, *inside(ANYTHING)}:
            continue
        with tempfile.TemporaryDirectory() as folder, running(Path(folder), made) as there:
            count += shoot(there, wanted, outside, inside(there))
    print(f"{count} pictures in {OUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
