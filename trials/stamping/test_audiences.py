"""A mail to two audiences leaves in two copies, each with its own message; Sent holds one mail, that of the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import pytest

from stationer.wire.rules import Recipients, Rule
from trials.servers.agents import Agents
from trials.servers.company import CAMPAIGN_WORDS, TEMPLATE_WORDS, Company
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.servers.workshop import Workshop
from trials.stamping.compare import parts, without, without_trace
from trials.stamping.mails import AUTHOR, new_html_mail


@pytest.fixture
def divided_edge(workshop: Workshop) -> Iterator[Edge]:
    """An edge of a company whose campaign is for outsiders, and whose mails leave in one copy for each audience."""
    company = Company(workshop("divided-company"))
    [campaign] = company.definition.campaigns
    company.definition = msgspec.structs.replace(
        company.definition,
        campaigns=(msgspec.structs.replace(campaign, rule=Rule(to=Recipients(side="outside"))),),
        management=msgspec.structs.replace(company.definition.management, mixed="copies"),
    )
    company.publish()
    server = Edge(company, workshop("divided-edge"))
    yield server
    server.stop()


def test_two_audiences_get_a_copy_each_and_sent_holds_one(
    agent: Agents, mailbox: Callable[[Person], Mailbox], divided_edge: Edge
) -> None:
    agent(served_by=divided_edge)
    written = new_html_mail(more=[f"Bcc: Dave <{DAVE.address}>"])
    mailbox(ALICE).put(written)
    arrived = {person: mailbox(person).wait_for(1) for person in (BOB, CAROL, DAVE)}
    mailbox(ALICE).wait_empty()
    assert all(len(mails) == 1 for mails in arrived.values())
    for person, [mail] in arrived.items():
        for text in parts(mail).values():
            assert text.index(AUTHOR) < text.index(TEMPLATE_WORDS)
            assert (CAMPAIGN_WORDS in text) == (person is not BOB)
    assert without_trace(arrived[CAROL][0]) == without_trace(arrived[DAVE][0])
    [sent] = mailbox(ALICE).wait_for(1, "Sent")
    assert without(sent, (b"bcc",)) == without_trace(arrived[CAROL][0])
    assert mailbox(ALICE).count("Sent") == 1


def test_both_copies_are_one_mail_to_everybody_who_reads_it(
    agent: Agents, mailbox: Callable[[Person], Mailbox], divided_edge: Edge
) -> None:
    agent(served_by=divided_edge)
    mailbox(ALICE).put(new_html_mail())
    [inside], [outside] = mailbox(BOB).wait_for(1), mailbox(CAROL).wait_for(1)

    def names(mail: bytes) -> list[bytes]:
        head = without(without_trace(mail), (b"stationer-stamp",)).partition(b"\r\n\r\n")[0]
        return [line for line in head.split(b"\r\n") if not line.lower().startswith(b"content-")]

    assert names(inside) == names(outside)
    assert [b for b in names(inside) if b.lower().startswith((b"to:", b"cc:", b"message-id:"))]
