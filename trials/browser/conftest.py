"""A browser and a furnished portal for the tests in this folder; left out, with the reason, without Chromium."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from trials.browser import chromium
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running

AXE = Path("node_modules/axe-core/axe.min.js")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.timeout(600))


def _left_out(reason: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def axe() -> str:
    """The accessibility checker's script."""
    if not AXE.is_file():
        _left_out("axe-core is missing: `make assets` fetches it from npm.")
    return AXE.read_text()


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Harbour Dental, for tests that only look."""
    with running(tmp_path_factory.mktemp("furnished"), "harbour.furnish_with_everything()") as there:
        yield there


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[Running]:
    """A company with nothing in it but its owner, for tests that work."""
    with running(tmp_path, "harbour.unfurnished()") as there:
        yield there


@pytest.fixture(scope="session")
def state(browser: Browser, furnished: Running) -> object:
    """Cookies of the signed-in owner of Harbour Dental."""
    context = browser.new_context()
    page = context.new_page()
    chromium.sign_in(page, furnished.url, STAFF[0][0], PASSWORD)
    kept = context.storage_state()
    context.close()
    return kept


class Complaints(list[str]):
    """What the browser's console complained of: faults of scripts, and everything the page's policy stopped."""

    def watch(self, page: Page) -> None:
        page.on("console", lambda line: self.append(line.text) if line.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: self.append(str(error)))
