"""A star is pressed in a mail that went through Postfix: the answer page, a comment, and the portal's figures; and the
same links swept by a scanner: no vote."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser

from trials.links.journey import AGENT, COMPANY, Company, company, sweep
from trials.links.test_journey import PATIENCE_S, READ_S
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, DAVE, Person
from trials.servers.postfix import Postfix
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop
from trials.stamping.mails import html_mail

pytestmark = pytest.mark.timeout(600)
ASKING = (
    COMPANY[: COMPANY.index("          shape: survey")]
    + """          shape: form
          elements:
            - kind: rating
              question: How heavy is your anvil?
              scale: stars
              low: Too light
              high: Just right
"""
)
VOTES = "SELECT value, comment FROM surveys_vote ORDER BY at"


@pytest.fixture(scope="module")
def acme(workshop: Workshop, postfix: Postfix) -> Iterator[Company]:
    """The company, whose campaign asks for stars."""
    with company(workshop, postfix, said=ASKING) as made:
        yield made


def asked(acme: Company, mailbox: Callable[[Person], Mailbox], to: Person) -> list[str]:
    """A mail of Alice's to this person, as it arrived: the links of its five stars."""
    mail = html_mail("Anvils", "<p>Thank you.</p>", "Thank you.", to=f"{to.name} <{to.address}>", cc="")
    mailbox(ALICE).put(mail)
    (arrived,) = mailbox(to).wait_for(1)
    links = acme.links_in(arrived)
    assert len(links) == 5
    return links


def judged(acme: Company, hits: int) -> bool:
    """Whether so many hits have settled."""
    ((count,),) = acme.rows("SELECT count(*) FROM statistics_hit WHERE settled_at IS NOT NULL")
    return bool(count >= hits)


def test_a_star_is_pressed_and_a_scanner_before_and_after_it_presses_none(
    acme: Company, dovecot: object, mailbox: Callable[[Person], Mailbox], browser: Browser
) -> None:
    picked = time.time()
    links = asked(acme, mailbox, BOB)
    swept = sweep(links)
    for link in links:  # and it looks at the pages behind them
        page = httpx.get(link, follow_redirects=True, headers={"User-Agent": AGENT})
        assert page.status_code == 200 and "Thank you" in page.text
    wait_until("the scanner's hits to be judged", lambda: judged(acme, 15), PATIENCE_S, 0.1)
    assert acme.rows(VOTES) == []
    time.sleep(max(0.0, picked + READ_S - time.time()))

    reading = browser.new_context(
        user_agent=AGENT, locale="de-DE", java_script_enabled=False, viewport={"width": 390, "height": 844}
    )
    page = reading.new_page()
    began = time.time()
    answer = page.goto(links[3])
    assert answer is not None
    opened = time.time() - began
    assert page.url.startswith(f"{acme.portal.url}/vote/") and answer.status == 200
    said = page.content()
    assert "4 von 5 Sternen" in said and "How heavy is your anvil?" in said and BOB.address not in said
    wait_until("the vote", lambda: acme.rows(VOTES) == [(4, "")], PATIENCE_S, 0.1)
    print(f"\nswept in {swept:.2f} s; page after {opened:.2f} s, vote after {time.time() - began:.2f} s")
    page.get_by_label("Möchten Sie mehr sagen?").fill("Schwer, aber gut.\nDanke!")
    page.get_by_role("radio", name=re.compile("5 von 5")).check()
    page.get_by_role("button", name="Senden").click()
    assert "Das ist notiert" in page.content() and "Schwer" not in page.content()
    assert acme.rows(VOTES) == [(5, "Schwer, aber gut.\nDanke!")]
    reading.close()
    time.sleep(1)
    sweep(links[:2])
    wait_until("all to be judged", lambda: judged(acme, 20), PATIENCE_S, 0.1)
    assert acme.rows(VOTES) == [(5, "Schwer, aber gut.\nDanke!")]

    listed = acme.alice.page("/figures/surveys/")
    (address,) = set(re.findall(r'href="(/figures/surveys/msg_[^"?]*)', listed))
    shown = acme.alice.page(address)
    for words in (
        "How heavy is your anvil?",
        BOB.address,
        "5 of 5 stars",
        "Schwer, aber gut.",
        "were answered",
    ):
        assert words in shown, words


def test_a_mail_that_only_a_scanner_reads_has_no_answer(
    acme: Company, dovecot: object, mailbox: Callable[[Person], Mailbox]
) -> None:
    before, ((hits,),) = acme.rows(VOTES), acme.rows("SELECT count(*) FROM statistics_hit")
    sweep(asked(acme, mailbox, DAVE))
    wait_until("its hits to be judged", lambda: judged(acme, hits + 10), PATIENCE_S, 0.1)
    assert acme.rows(VOTES) == before
