"""A campaign that each recipient is to see once is in the first mail and not in the second: agent, edge, real servers."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import httpx
import msgspec
import pytest

from stationer.wire.definition import Caps
from stationer.wire.pick import Answer, Question
from trials.servers.agents import Agents
from trials.servers.company import CAMPAIGN_WORDS, TEMPLATE_WORDS, Company
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, Person
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop
from trials.stamping.compare import parts
from trials.stamping.mails import new_html_mail


@pytest.fixture
def capped(workshop: Workshop) -> Company:
    """A company whose campaign each recipient sees once."""
    company = Company(workshop("capped-company"))
    [campaign] = company.definition.campaigns
    once = msgspec.structs.replace(campaign, caps=Caps(ever=1))
    company.definition = msgspec.structs.replace(company.definition, campaigns=(once,))
    company.publish()
    return company


@pytest.fixture
def capped_edge(capped: Company, workshop: Workshop) -> Iterator[Edge]:
    """An edge of that company, with two workers."""
    server = Edge(capped, workshop("capped-edge"), workers=2)
    yield server
    server.stop()


def shows(edge: Edge, token: str, person: Person) -> bool:
    """Whether the campaign would stand in a mail to this person."""
    asked = msgspec.json.encode(Question(ALICE.address, [person.address], []))
    bearer = {"Authorization": f"Bearer {token}"}
    answer = httpx.post(f"{edge.url}/v1/pick", content=asked, headers=bearer)
    return bool(msgspec.json.decode(answer.content, type=Answer).copies[0].new.banner)


def test_what_a_recipient_was_sent_is_reported_and_not_sent_again(
    agent: Agents, mailbox: Callable[[Person], Mailbox], capped: Company, capped_edge: Edge
) -> None:
    token = capped.tokens[ALICE.address]
    assert shows(capped_edge, token, BOB) and shows(capped_edge, token, CAROL)
    agent(served_by=capped_edge)
    mailbox(ALICE).put(new_html_mail())
    [first] = mailbox(BOB).wait_for(1)
    assert all(CAMPAIGN_WORDS in text for text in parts(first).values())
    for person in (BOB, CAROL):
        wait_until("the report", lambda: not any(shows(capped_edge, token, person) for _ in range(6)), 20)  # noqa: B023
    mailbox(ALICE).put(new_html_mail())
    second = mailbox(BOB).wait_for(2)[-1]
    for text in parts(second).values():
        assert TEMPLATE_WORDS in text and CAMPAIGN_WORDS not in text
