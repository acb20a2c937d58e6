"""A farm of scanners goes over the links first: by GET, by HEAD, and by a browser that clicks everything and submits
every form. Nothing is opened by it, and each letter still opens for its reader as quickly as ever."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import httpx
import pytest
from playwright.sync_api import Browser, Error, Page, expect

from trials.reading.readers import browser_of, found_company, letters, opened, portal_of, read
from trials.servers.dovecot import Dovecot
from trials.servers.mailbox import Mailbox
from trials.servers.people import CAROL, Person
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.workshop import Workshop

WITHIN_S = 15.0
MANY = [
    pytest.param(8, marks=pytest.mark.timeout(360)),
    pytest.param(200, marks=[pytest.mark.long, pytest.mark.timeout(3600)]),
]
#: Readers of the farm's letters who have no sitting yet: the others open theirs by one click.
FRESH = 3


@pytest.fixture(scope="module")
def installation(workshop: Workshop, postfix: Postfix, dovecot: Dovecot) -> Iterator[Portal]:
    """A portal with Acme in it, and its worker."""
    portal = portal_of(workshop, postfix, dovecot)
    found_company(portal)
    worker = portal.worker()
    yield portal
    worker.stop()
    portal.stop()


def fetched(link: str) -> None:
    """As a gateway looks: HEAD and GET of the link and of every address on the page, with and without a prefetch."""
    with httpx.Client(follow_redirects=True, trust_env=False, timeout=30) as client:
        for headers in ({}, {"Sec-Purpose": "prefetch"}):
            client.head(link, headers=headers)
            page = client.get(link, headers=headers)
            assert page.status_code == 200 and "quincunx" not in page.text
        for what in ("code", "enter", "ways", "body", "print", "parts/1", "leave"):
            assert "quincunx" not in client.get(f"{link}/{what}").text


def clicked(browser: Browser, link: str) -> None:
    """As a detonating browser looks: every link and button, and every form sent, filled with what fits."""
    context = browser.new_context()
    page = context.new_page()
    page.set_default_timeout(5_000)
    door = f"{link}?other"  # with a code on its way the link itself leads to the page of the code
    to(page, link)
    to(page, door)
    for n in range(page.locator("a, button, summary").count()):
        one = page.locator("a, button, summary").nth(n)
        if not one.is_visible():
            continue
        with suppress(Error):
            one.click(timeout=2_000)
        page.wait_for_timeout(50)
        if page.url != door:
            to(page, door)
    for where in (door, f"{link}/code"):
        to(page, where)
        for n in range(page.locator("form").count()):
            with suppress(Error), page.expect_navigation(timeout=5_000):
                submit(page, n)
            to(page, where)
    to(page, link)
    expect(page.locator("body")).not_to_contain_text("quincunx")
    context.close()


def to(page: Page, where: str) -> None:
    """Go there, whatever the page is about to do by itself."""
    for _ in range(5):
        with suppress(Error):
            page.goto(where, timeout=30_000)
            return
        page.wait_for_timeout(200)
    page.goto(where, timeout=30_000)


def submit(page: Page, n: int) -> None:
    """Every field of the form is filled and it is sent, whatever its buttons say."""
    page.locator("form").nth(n).evaluate("""form => {
        for (const one of form.elements) {
            if (one.type === "checkbox") one.checked = true;
            else if (one.type !== "hidden" && "value" in one && one.type !== "submit")
                one.value = one.name === "code" ? "12345678" : "scanner@gateway.example";
        }
        const press = form.querySelector("button[type=submit]");
        if (press && !form.dataset.passkey) press.click(); else form.submit();
    }""")


@pytest.mark.parametrize("many", MANY)
def test_scanners_open_nothing_and_burn_nothing(
    many: int, browser: Browser, installation: Portal, mailbox: Callable[[Person], Mailbox]
) -> None:
    links, before = letters(installation, CAROL.address, many), opened(installation)
    with ThreadPoolExecutor(2 if (os.cpu_count() or 1) < 4 else 4) as farm:
        list(farm.map(fetched, links))
    for link in links:
        clicked(browser, link)
    assert opened(installation) == before
    inbox, took = mailbox(CAROL), []
    for link in links[:FRESH]:  # readers who come to it by a browser of their own
        context = browser_of(browser)
        took.append(read(context.new_page(), link, inbox).seconds)
        context.close()
    context = browser_of(browser)
    page = context.new_page()
    took.append(read(page, links[FRESH], inbox).seconds)
    for link in links:  # and each of them opens
        page.goto(link)
        expect(page.locator("h1")).to_contain_text("Your treatment plan")
    context.close()
    print(
        f"\nafter scanners at {many} links: {', '.join(f'{one:.1f}' for one in took)} s; every letter opened"
    )
    assert max(took) < WITHIN_S
    assert opened(installation) >= before + many
