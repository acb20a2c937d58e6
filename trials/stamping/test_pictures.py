"""A letterhead's picture travels inside the mail; where it cannot be had the mail leaves at once, and links it."""

from __future__ import annotations

import email
import email.policy
import re
import time
from collections.abc import Callable, Iterator
from email.message import EmailMessage

import pytest
from tests.portal.pictures import png

from stationer.compose import digest_of
from stationer.stamp import Unstamped, unstamp
from stationer.wire.source import Picture
from trials.servers.agents import Agents
from trials.servers.company import CAMPAIGN_WORDS, SHORT_HOLD_MS, TEMPLATE_WORDS, Company
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, Person
from trials.servers.postfix import Postfix
from trials.servers.running import free_port
from trials.servers.workshop import Workshop
from trials.stamping.compare import parts, without_trace
from trials.stamping.mails import AUTHOR, REPLIES, new_html_mail, text_mail

Mailboxes = Callable[[Person], Mailbox]
Serve = Callable[..., Edge]
LOGO = png(180, 54)
ADDRESS = "https://portal.invalid/a/logo.png"
#: As an agent that would wait its whole hold limit for a picture would be found out.
HOLD_MS = 120_000


@pytest.fixture
def serve(workshop: Workshop) -> Iterator[Serve]:
    """`serve(octets)`: an edge of a company whose letterhead has a picture, with its octets or (None) without."""
    made: list[Edge] = []

    def start(octets: bytes | None, hold_limit_ms: int = HOLD_MS) -> Edge:
        company = Company(workshop("illustrated"), hold_limit_ms=hold_limit_ms)
        company.show(Picture(ADDRESS, 180, 54, digest_of(LOGO), "image/png", len(LOGO)), octets)
        made.append(Edge(company, workshop("edge")))
        return made[-1]

    yield start
    for edge in made:
        edge.stop()


def read(mail: bytes) -> EmailMessage:
    return email.message_from_bytes(mail, policy=email.policy.default)  # type: ignore[return-value]


def assert_inside(mail: bytes) -> None:
    """The picture is a part beside the HTML alone, called by its Content-ID, and nothing is linked."""
    (around,) = [part for part in read(mail).walk() if part.get_content_type() == "multipart/related"]
    html, picture = around.iter_parts()
    assert (html.get_content_type(), picture.get_content_type()) == ("text/html", "image/png")
    assert picture.get_content() == LOGO
    assert picture.get_content_disposition() == "inline"
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in html.get_content()
    assert ADDRESS not in html.get_content()


def assert_linked(mail: bytes) -> None:
    types = [part.get_content_type() for part in read(mail).walk()]
    assert "multipart/related" not in types and "image/png" not in types
    assert f'src="{ADDRESS}"' in parts(mail)["text/html"] and "cid:" not in parts(mail)["text/html"]


def assert_undone(sent: bytes, written: bytes) -> None:
    undone = unstamp(sent)
    assert isinstance(undone, Unstamped) and undone.exact and undone.bytes() == written


def test_a_mail_arrives_with_its_picture_inside_and_is_undone_exactly(
    agent: Agents, mailbox: Mailboxes, serve: Serve
) -> None:
    agent(served_by=serve(LOGO))
    written = new_html_mail()
    mailbox(ALICE).put(written)
    for person in (BOB, CAROL):
        (arrived,) = mailbox(person).wait_for(1)
        assert_inside(arrived)
        for text in parts(arrived).values():
            assert text.index(AUTHOR) < text.index(TEMPLATE_WORDS) < text.index(CAMPAIGN_WORDS)
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert sent == without_trace(arrived)
    assert_undone(sent, written)


def test_a_mail_of_text_alone_takes_no_picture(agent: Agents, mailbox: Mailboxes, serve: Serve) -> None:
    agent(served_by=serve(LOGO))
    mailbox(ALICE).put(text_mail())
    (arrived,) = mailbox(BOB).wait_for(1)
    assert TEMPLATE_WORDS in parts(arrived)["text/plain"] and b"image/png" not in arrived


@pytest.mark.parametrize("reply", [one for one in REPLIES if one.html_quote], ids=lambda one: one.client)
def test_a_reply_of_each_client_takes_it_in_and_gives_it_back(
    agent: Agents, mailbox: Mailboxes, serve: Serve, reply: object
) -> None:
    agent(served_by=serve(LOGO))
    written = reply.mail()  # type: ignore[attr-defined]
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert_inside(arrived)
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert_undone(sent, written)


def test_where_the_picture_is_missing_and_the_portal_is_dead_the_mail_leaves_at_once_and_links_it(
    agent: Agents, mailbox: Mailboxes, serve: Serve
) -> None:
    """No portal runs in this trial at all; the edge answers from its files, and has not got the octets."""
    agent(served_by=serve(None), hold_limit_ms=HOLD_MS)
    written, began = new_html_mail(), time.monotonic()
    mailbox(ALICE).put(written)
    (arrived,) = mailbox(BOB).wait_for(1)
    assert time.monotonic() - began < HOLD_MS / 1_000 / 2
    assert_linked(arrived)
    assert TEMPLATE_WORDS in parts(arrived)["text/html"]
    (sent,) = mailbox(ALICE).wait_for(1, "Sent")
    assert_undone(sent, written)


def test_what_was_fetched_once_goes_along_also_when_the_edge_is_gone(
    agent: Agents, mailbox: Mailboxes, serve: Serve
) -> None:
    edge = serve(LOGO, SHORT_HOLD_MS)
    made = agent(served_by=edge)
    mailbox(ALICE).put(new_html_mail())
    mailbox(BOB).wait_for(1)
    mailbox(ALICE).wait_empty()
    assert (made.folder / "blocks" / "pictures" / digest_of(LOGO)).read_bytes() == LOGO
    edge.stop()
    mailbox(ALICE).put(
        re.sub(rb"(?im)^Message-ID:.*\r\n", b"Message-ID: <second@acme.test>\r\n", new_html_mail())
    )
    _, second = mailbox(BOB).wait_for(2)
    assert_inside(second)


def test_a_server_that_takes_no_larger_mail_gets_the_link(
    agent: Agents, mailbox: Mailboxes, serve: Serve, small_postfix: Postfix, workshop: Workshop
) -> None:
    company = Company(workshop("large-picture"))
    large = LOGO[:-12] + b"\0\0\0\0" + bytes(range(256)) * 900 + LOGO[-12:]
    company.show(Picture(ADDRESS, 180, 54, digest_of(large), "image/png", len(large)), large)
    edge = Edge(company, workshop("edge"), port=free_port())
    try:
        agent(served_by=edge, smtp=small_postfix.port)
        mailbox(ALICE).put(new_html_mail())
        (arrived,) = mailbox(BOB).wait_for(1)
        assert_linked(arrived)
    finally:
        edge.stop()
