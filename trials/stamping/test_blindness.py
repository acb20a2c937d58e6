"""Law 3: of a mail nothing but sender, To and Cc leaves for the edge, whatever dress it might wear."""

from __future__ import annotations

import email.header
import json
import re
from collections.abc import Callable
from typing import Any

from stationer import stamp
from trials.servers.agents import Agents
from trials.servers.edge import Edge
from trials.servers.mailbox import Mailbox
from trials.servers.people import ALICE, BOB, CAROL, DAVE, Person
from trials.servers.proxy import Proxy
from trials.servers.running import wait_until
from trials.stamping.canary import leaks
from trials.stamping.compare import parts
from trials.stamping.mails import REPLIES, headers, html_mail, mail, new_html_mail

#: One made-up word for every place in a mail.
CANARIES = [
    "Quizzaciously",  # subject
    "Wamblecropt",  # body, text
    "Gobemouche",  # body, HTML
    "Limerence",  # attachment: name
    "Ultracrepidarian",  # attachment: content
    "Snollygoster",  # display name of the sender
    "Bumfuzzle",  # display name of a recipient
    "Collywobbles",  # a header of one's own
    "Kakorrhaphiophobia",  # Message-ID
    "Taradiddle",  # In-Reply-To
    "Widdershins",  # References
    "Pauciloquent",  # User-Agent
    "Erinaceous",  # Bcc, display name
    "Xertz",  # encoded word
    "Nudiustertian",  # comment in an address field
    "Brouhaha",  # quoted text
    "Yarborough",  # Reply-To
]


def canary_mail() -> bytes:
    """A reply that carries every canary, and a Bcc."""
    encoded = email.header.Header("Xertz é", "utf-8").encode()
    lines = headers(
        f"Quizzaciously {encoded}",
        sender=f"Snollygoster <{ALICE.address}>",
        to=f"Bumfuzzle (Nudiustertian) <{BOB.address}>",
        more=[
            f"Bcc: Erinaceous <{DAVE.address}>",
            "Reply-To: Yarborough <yarborough@acme.test>",
            "X-Collywobbles: Collywobbles",
            "In-Reply-To: <Taradiddle@acme.test>",
            "References: <Widdershins@acme.test> <Taradiddle@acme.test>",
            "User-Agent: Pauciloquent/1.0",
        ],
    )
    lines = [re.sub(r"^Message-ID: <", "Message-ID: <Kakorrhaphiophobia.", line) for line in lines]
    body = (
        "--=_m\nContent-Type: multipart/alternative; boundary==_a\n\n"
        "--=_a\nContent-Type: text/plain\n\nWamblecropt\n\nOn Friday, Bob wrote:\n> Brouhaha\n"
        "--=_a\nContent-Type: text/html\n\n<p>Gobemouche</p><blockquote type=cite>Brouhaha</blockquote>\n"
        "--=_a--\n"
        '--=_m\nContent-Type: text/csv; name="Limerence.csv"\n'
        'Content-Disposition: attachment; filename="Limerence.csv"\n\nUltracrepidarian\n--=_m--\n'
    )
    return mail([*lines, "Content-Type: multipart/mixed; boundary==_m"], body)


def test_the_edge_is_told_sender_to_and_cc_and_nothing_else(
    agent: Agents,
    mailbox: Callable[[Person], Mailbox],
    edge: Edge,
    proxy: Callable[..., Proxy],
) -> None:
    wire = proxy(edge.port)
    agent(edge=wire.port)
    mailbox(ALICE).put(canary_mail())
    (arrived,) = mailbox(DAVE).wait_for(1)
    assert b"Stationer-Stamp:" in arrived  # the edge was asked, and the mail carried every canary
    assert all(word.encode() in arrived for word in CANARIES if word not in ("Erinaceous", "Xertz"))
    mailbox(ALICE).wait_empty()
    assert leaks([*CANARIES, DAVE.address], wire.sent) == []
    for address in (ALICE.address, BOB.address, CAROL.address):
        assert address.encode() in wire.sent


def test_every_byte_to_the_edge_is_accounted_for(
    agent: Agents,
    mailbox: Callable[[Person], Mailbox],
    edge: Edge,
    proxy: Callable[..., Proxy],
) -> None:
    wire = proxy(edge.port)
    agent(edge=wire.port)
    mailbox(ALICE).put(canary_mail())
    mailbox(ALICE).wait_for(1, "Sent")
    wait_until("the report", lambda: b"POST /v1/sent" in wire.sent)
    mailbox(ALICE).wait_empty()
    everything = requests(wire.sent)
    asked = [one for one in everything if not one[0].startswith("POST /v1/sent")]
    assert {"from": ALICE.address, "to": [BOB.address], "cc": [CAROL.address]} in [
        body for _, _, body in asked
    ]
    for line, names, body in asked:
        assert re.fullmatch(r"POST /v1/pick HTTP/1\.1|GET /v1/blocks/[a-z2-7.]+ HTTP/1\.1", line), line
        assert names <= HEADERS, names - HEADERS
        assert body is None or sorted(body) == ["cc", "from", "to"]
    for line, names, reports in everything:  # afterwards: which pick, which copy, which messages
        if line.startswith("POST /v1/sent"):
            assert line == "POST /v1/sent HTTP/1.1" and names <= HEADERS
            for report in reports:
                assert sorted(report) == ["copy", "outcome", "pick"] and isinstance(report["copy"], int)
                assert re.fullmatch(r"pk_[a-z2-7]{26}", report["pick"])
                assert sorted(report["outcome"]) == ["used"]
                assert all(re.fullmatch(r"[a-z2-7]{8}", mark) for mark in report["outcome"]["used"])


def test_the_edge_is_asked_the_same_for_a_new_mail_a_reply_and_a_reply_to_our_own(
    agent: Agents,
    mailbox: Callable[[Person], Mailbox],
    edge: Edge,
    proxy: Callable[..., Proxy],
) -> None:
    seen, arrived = [], b""
    for written in (new_html_mail(), REPLIES[0].mail(), None):
        wire = proxy(edge.port)
        agent(edge=wire.port)  # each with a folder of its own: nothing is cached
        mailbox(ALICE).put(written or answering(arrived))
        arrived = mailbox(BOB).wait_for(1)[0]
        mailbox(ALICE).wait_empty()
        agent.stop_special()
        mailbox(BOB).empty()
        asked = [(line, body) for line, _, body in requests(wire.sent)]
        seen.append(
            [one for one in asked if not one[0].startswith("POST /v1/sent")]
        )  # what is told afterwards
        arrived = arrived if b"Stationer-Stamp:" in arrived else b""
    assert seen[0] == seen[1] == seen[2]
    assert len(seen[0]) > 1, "blocks were fetched"


def answering(mail: bytes) -> bytes:
    """A reply whose quote holds all of a mail's HTML, our blocks and their marks included."""
    quoted = parts(mail)["text/html"]
    html = f'<html><body><p>Yes.</p><blockquote type="cite">{quoted}</blockquote></body></html>'
    reply = html_mail("Re: Meeting", html, "Yes.\n", more=["In-Reply-To: <x@acme.test>"])
    assert stamp.variant(reply) == "reply" and stamp.marks_in_quote(reply)
    return reply


#: All that a request may say about itself: none of these can depend on the mail, except the body's length.
HEADERS = {"host", "accept", "accept-encoding", "connection", "user-agent", "authorization"}
HEADERS |= {"content-type", "content-length"}


def requests(sent: bytes) -> list[tuple[str, set[str], Any]]:
    """The requests on a wire: request line, names of the header fields, and the JSON body."""
    found = []
    while sent:
        head, _, sent = sent.partition(b"\r\n\r\n")
        line, *fields = head.decode("ascii").split("\r\n")
        named = {name.lower(): value.strip() for name, _, value in (field.partition(":") for field in fields)}
        length = int(named.get("content-length", 0))
        body, sent = sent[:length], sent[length:]
        found.append((line, set(named), json.loads(body) if body else None))
    return found
