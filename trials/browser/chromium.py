"""The system's Chromium under Playwright; where there is none, a sentence that says what to install."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome")


def program() -> str:
    """Path of Chromium, or an empty text."""
    return os.environ.get("CHROMIUM") or next((path for name in NAMES if (path := shutil.which(name))), "")


MISSING = "Chromium is missing: install it (Debian: apt install chromium fonts-inter fonts-liberation)."


#: Pages ask for `system-ui`; here it is Inter, as it would be a good sans on a desk.
FONTS = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>
<include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<match target="pattern"><edit name="family" mode="append" binding="strong"><string>Inter</string></edit></match>
<selectfont><rejectfont><pattern><patelt name="family"><string>DejaVu Sans</string></patelt></pattern></rejectfont>
</selectfont></fontconfig>"""


@contextmanager
def fonts() -> Iterator[str]:
    """A fontconfig file for this browser alone."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fonts.conf"
        path.write_text(FONTS)
        yield str(path)


@contextmanager
def browser() -> Iterator[Browser]:
    """A headless browser. Raises RuntimeError where there is none."""
    path = program()
    if not path:
        raise RuntimeError(MISSING)
    with fonts() as conf, sync_playwright() as play:
        env = {**os.environ, "FONTCONFIG_FILE": conf}
        found = play.chromium.launch(executable_path=path, args=["--no-sandbox"], env=env)
        try:
            yield found
        finally:
            found.close()


def sign_in(page: Page, url: str, address: str, password: str) -> None:
    """Through the front door."""
    page.goto(f"{url}/accounts/login/")
    page.fill("#id_login", address)
    page.fill("#id_password", password)
    page.click("main form button[type=submit]")
    page.wait_for_url(f"{url}/")
