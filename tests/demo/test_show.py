"""What the demo shows of its first mail."""

from __future__ import annotations

from datetime import UTC, datetime

from stationer.demo import letter, show
from stationer.demo.letter import Journey
from stationer.demo.people import BOB, CAROL

LEFT = letter.write(datetime(2026, 11, 20, 9, 14, tzinfo=UTC)).as_bytes()


def journey() -> Journey:
    """As if a signature had been put in, by hand."""
    stamped = LEFT.replace(b"Alice\r\n", b"Alice\r\n\r\nAlice Penrose\r\nPractice manager\r\n", 1)
    stamped = stamped.replace(b"<br>Alice</p>", b"<br>Alice</p><p>&lt;Penrose&gt;</p>")
    arrived = (
        b"Received: from localhost\r\nReturn-Path: <a@b.example>\r\nStationer-Stamp: v=1; id=x\r\n" + stamped
    )
    return Journey(LEFT, {CAROL.address: arrived, BOB.address: arrived}, 0.25)


def test_the_mail_is_one_that_a_mail_program_writes() -> None:
    mail = show.parsed(LEFT)
    assert mail.get_content_type() == "multipart/alternative"
    assert (mail["To"], mail["Cc"]) == (f"{CAROL.name} <{CAROL.address}>", f"{BOB.name} <{BOB.address}>")
    assert LEFT.count(b"\n") == LEFT.count(b"\r\n")


def test_only_what_was_put_in_is_marked() -> None:
    shown = show.in_terminal(journey(), colour=False).splitlines()
    assert [line for line in shown if line.startswith("  + ")] == [
        "  + Alice Penrose",
        "  + Practice manager",
    ]
    assert "    Kind regards" in shown


def test_the_servers_trace_is_not_ours() -> None:
    assert show.fields_put_in(journey()) == ["Stationer-Stamp: v=1; id=x"]


def test_the_page_holds_both_mails_and_runs_nothing() -> None:
    page = show.as_page(journey())
    assert page.count("<iframe sandbox ") == 2
    assert "<script" not in page
    assert "&lt;p&gt;&amp;lt;Penrose&amp;gt;&lt;/p&gt;" in page
