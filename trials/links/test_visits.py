"""What a reader looks at next on the company's own site, in Chromium: nothing is sent or stored before they agree."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Browser, Page, Request

from trials.browser import chromium
from trials.links.journey import AGENT, Company, company
from trials.links.test_journey import PATIENCE_S, READ_S, written
from trials.servers.mailbox import Mailbox
from trials.servers.people import BOB, Person
from trials.servers.postfix import Postfix
from trials.servers.running import LOOPBACK, wait_until
from trials.servers.workshop import Workshop

pytestmark = pytest.mark.timeout(600)
HOST = "www.anvils.test"
VIEWS = "SELECT path, seconds FROM visits_view ORDER BY id"


@pytest.fixture(scope="module")
def acme(workshop: Workshop, postfix: Postfix) -> Iterator[Company]:
    """The company, whose links lead to a site of its own, which tells of visits."""
    with company(workshop, postfix, host=HOST) as made:
        said = {"on": "on", "hosts": HOST, "consent": "ask"}
        assert made.alice.submit("/settings/website/", **said).status_code == 302
        made.site.head = f'<script async src="{made.portal.url}/visits.js" data-consent="ask"></script>'
        yield made


@pytest.fixture(scope="module")
def reading(browser: Browser) -> Iterator[Browser]:
    """A Chromium that finds the site on this machine."""
    where = f"--host-resolver-rules=MAP {HOST} {LOOPBACK}"
    with closing(
        browser.browser_type.launch(executable_path=chromium.program(), args=["--no-sandbox", where])
    ) as found:
        yield found


@pytest.fixture(scope="module")
def link(acme: Company, dovecot: object) -> list[str]:
    """Where the link of a mail to Bob stands, once it was written."""
    return []


@pytest.fixture
def followed(
    acme: Company, reading: Browser, link: list[str], mailbox: Callable[[Person], Mailbox]
) -> Iterator[Callable[..., Visit]]:
    """`followed(**context)`: somebody who pressed the link of Bob's mail, and what their browser asked for since."""
    if not link:
        picked = time.time()
        link.append(written(acme, mailbox, BOB)[0])
        time.sleep(max(0.0, picked + READ_S - time.time()))
    opened = []

    def follow(script: str = "", **more: object) -> Visit:
        context = reading.new_context(user_agent=AGENT, locale="en-GB", **more)  # type: ignore[arg-type]
        opened.append(context)
        if script:
            context.add_init_script(script)
        visit = Visit(context.new_page())
        visit.page.goto(link[0])
        visit.page.wait_for_function("window.stationer")
        return visit

    yield follow
    for one in opened:
        one.close()


class Visit:
    """A page, and what it told the portal."""

    def __init__(self, page: Page) -> None:
        self.page, self.told = page, list[dict[str, object]]()
        page.on("request", self._note)

    def _note(self, request: Request) -> None:
        if "/api/v1/visits" in request.url:
            self.told.append(json.loads(request.post_data or "{}"))

    def stored(self) -> tuple[str, str]:
        """What the browser keeps for the site."""
        kept = "[JSON.stringify(localStorage) + JSON.stringify(sessionStorage), document.cookie]"
        storage, cookies = self.page.evaluate(kept)
        return storage, cookies


def views(acme: Company) -> list[tuple[str, int]]:
    """The rows of the portal."""
    return acme.rows(VIEWS)


def test_before_they_agree_nothing_is_sent_and_nothing_stored(
    acme: Company, followed: Callable[..., Visit]
) -> None:
    visit = followed()
    assert visit.page.url == f"{acme.site.url}/heavy"  # the token is out of the address bar
    assert any("stn=" in one for one in acme.site.asked)
    visit.page.goto(f"{acme.site.url}/pricing")
    visit.page.wait_for_function("window.stationer")
    visit.page.evaluate("stationer.consent('denied')")
    visit.page.goto(f"{acme.site.url}/contact")
    time.sleep(1)
    assert (visit.told, visit.stored(), views(acme)) == ([], ("{}{}", ""), [])


def test_who_agrees_is_seen_on_the_page_of_visitors(acme: Company, followed: Callable[..., Visit]) -> None:
    visit = followed()
    visit.page.evaluate("stationer.consent('granted')")
    began = time.monotonic()
    wait_until("the first page", lambda: [path for path, _ in views(acme)] == ["/heavy"], PATIENCE_S, 0.05)
    print(f"\nfrom the consent to the row {time.monotonic() - began:.2f} s")
    time.sleep(2)
    visit.page.goto(f"{acme.site.url}/pricing?who=bob#top")
    visit.page.wait_for_function("window.stationer")
    visit.page.evaluate("stationer.consent('granted')")
    wait_until("the second page", lambda: len(views(acme)) == 2, PATIENCE_S, 0.05)
    wait_until("the seconds of the first", lambda: views(acme)[0][1] >= 1, PATIENCE_S, 0.05)
    assert views(acme)[1][0] == "/pricing" and all("bob" not in str(one) for one in visit.told)
    shown = " ".join(acme.alice.page("/visitors/?machines=1").split())
    assert "then looked at" in shown and "/pricing" in shown
    storage, cookies = visit.stored()
    assert "stn" in storage and not cookies
    visit.page.evaluate("stationer.consent('denied')")
    assert visit.stored() == ("{}{}", "")
    told, rows = len(visit.told), len(views(acme))
    visit.page.goto(f"{acme.site.url}/contact")
    time.sleep(1)
    assert len(visit.told) == told and len(views(acme)) == rows


@pytest.mark.parametrize(
    "wish",
    [
        "Object.defineProperty(navigator, 'doNotTrack', {get: () => '1'})",
        "Object.defineProperty(navigator, 'globalPrivacyControl', {get: () => true})",
    ],
)
def test_whoever_asks_not_to_be_followed_is_not(
    acme: Company, followed: Callable[..., Visit], wish: str
) -> None:
    before = len(views(acme))
    visit = followed(wish)
    visit.page.evaluate("stationer.consent('granted')")
    time.sleep(1)
    assert (visit.told, visit.stored(), len(views(acme))) == ([], ("{}{}", ""), before)


def test_the_edge_hands_nothing_to_who_asks_not_to_be_followed(
    acme: Company, followed: Callable[..., Visit]
) -> None:
    acme.site.asked.clear()
    for header in ("DNT", "Sec-GPC"):
        followed(extra_http_headers={header: "1"})
    assert acme.site.asked and not any("stn=" in one for one in acme.site.asked)
