"""A mail goes with its pictures when they are there, and without them otherwise: it never waits for one."""

from __future__ import annotations

import email
import email.policy
import time
from pathlib import Path

import pytest

from stationer import stamp
from stationer.agent import edge as edge_room
from stationer.agent.edge import Edge
from stationer.compose import digest_of
from tests.agent.desk import ALICE, BOB, OUTBOX, Desk, mail, until
from tests.agent.edges import LINK, LOGO, TOKEN, FakeEdge

DIGEST = digest_of(LOGO)
HTML = mail("m1").replace(b"text/plain", b"text/html").replace(b"Dear Bob,\r\n\r\nfine.", b"<p>fine.</p>")


def test_octets_are_fetched_once_and_kept(edge: FakeEdge, tmp_path: Path) -> None:
    for _ in range(2):
        assert Edge(edge.url, TOKEN, tmp_path).pictures([DIGEST], 5_000) == {DIGEST: LOGO}
    assert edge.fetched() == [DIGEST]


@pytest.mark.parametrize("state", ["gone", "wrong", "endless"])
def test_what_does_not_come_is_left_out_and_left_alone_for_a_while(
    edge: FakeEdge, tmp_path: Path, state: str
) -> None:
    asked = Edge(edge.url, TOKEN, tmp_path)
    edge.pictures = state
    assert asked.pictures([DIGEST], 5_000) == {}
    edge.pictures = "up"
    assert asked.pictures([DIGEST], 5_000) == {} and edge.fetched() == [DIGEST]
    later = Edge(edge.url, TOKEN, tmp_path)
    assert later.pictures([DIGEST], 5_000) == {DIGEST: LOGO}


def test_one_that_is_refused_keeps_no_other_from_coming(edge: FakeEdge, tmp_path: Path) -> None:
    wanted = ["a" * 24, DIGEST, "not a digest"]
    assert Edge(edge.url, TOKEN, tmp_path).pictures(wanted, 5_000) == {DIGEST: LOGO}


def test_a_mail_waits_two_seconds_at_most_and_the_next_one_not_at_all(edge: FakeEdge, tmp_path: Path) -> None:
    asked = Edge(edge.url, TOKEN, tmp_path)
    edge.pictures = "frozen"
    began = time.monotonic()
    assert asked.pictures([DIGEST], 60_000) == {}
    assert time.monotonic() - began < 20, "far less than its patience"
    assert edge_room.PICTURES_MS == 2_000, "contract/http.md §2"
    assert asked.pictures([DIGEST], 60_000) == {} and len(edge.fetched()) == 1
    edge.thaw.set()
    until(lambda: asked.pictures([DIGEST], 60_000) == {DIGEST: LOGO})
    assert len(edge.fetched()) == 1, "it came in the background, and the next mail has it"


def arrived(desk: Desk, written: bytes) -> bytes:
    with desk.running():
        desk.put(written)
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    (sent,) = desk.mails(ALICE, "Sent")
    undone = stamp.unstamp(sent)
    assert isinstance(undone, stamp.Unstamped) and undone.bytes() == written
    return sent


def test_a_mail_leaves_with_its_picture_round_the_html_part_alone(desk: Desk, edge: FakeEdge) -> None:
    edge.illustrated = True
    both = HTML.replace(
        b"Content-Type: text/html; charset=utf-8\r\n\r\n<p>fine.</p>\r\n",
        b'Content-Type: multipart/alternative; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nfine.\r\n'
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>fine.</p>\r\n--b--\r\n",
    )
    parsed = email.message_from_bytes(arrived(desk, both), policy=email.policy.default)
    assert [part.get_content_type() for part in parsed.walk()] == [
        "multipart/alternative",
        "text/plain",
        "multipart/related",
        "text/html",
        "image/gif",
    ]
    *_, html, picture = parsed.walk()
    assert picture.get_content() == LOGO
    assert f'src="cid:{picture["Content-ID"][1:-1]}"' in html.get_content() and LINK not in html.get_content()


@pytest.mark.parametrize("state", ["gone", "frozen"])
def test_a_mail_leaves_linked_when_the_picture_does_not_come(desk: Desk, edge: FakeEdge, state: str) -> None:
    edge.illustrated, edge.pictures = True, state
    sent = arrived(desk, HTML)
    assert LINK.encode() in sent and b"multipart/related" not in sent and b"cid:" not in sent


def test_what_is_fetched_is_the_same_for_a_new_mail_and_a_reply(edge: FakeEdge, desk: Desk) -> None:
    """Law 3: pictures of every variant are asked for, whichever is taken."""
    edge.illustrated = True
    forward = HTML.replace(b"Subject: Hello", b"Subject: Fwd: Hello").replace(
        b"<p>fine.</p>",
        b"<p>fine.</p><div>---------- Forwarded message ---------<br>From: Carol &lt;c@x.example&gt;<br>"
        b"Date: Mon, 2 Nov 2026<br>Subject: Hello<br>To: Alice</div>",
    )
    assert stamp.variant(forward) == "forward"
    with desk.running():
        desk.put(forward)
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
    assert edge.fetched() == [DIGEST], "though a forward carries nothing here"
