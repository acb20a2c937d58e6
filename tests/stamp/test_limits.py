"""What nobody writes is left as it is, whole; what is just below the limits is stamped."""

from __future__ import annotations

import pytest

from stationer.stamp import (
    Block,
    Order,
    Stamped,
    Unstamped,
    Untouched,
    boundary,
    marks_of_ours,
    stamp,
    unstamp,
)
from stationer.stamp.boundary import ALWAYS_FEW, MOST_OCTETS, MOST_PIECES, MOST_WIDE
from stationer.stamp.lines import lines_of_text
from stationer.stamp.phrases import separator
from stationer.stamp.walk import MOST_MARKS
from tests.stamp.laws import PLAIN

HEAD = b"From: a@b.example\nTo: c@d.example\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
TEXT = HEAD + b"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
MANY = {
    "tags": HTML + b"<b>" * (MOST_PIECES // 4 + 1),
    "lines": TEXT + b"\n" * (MOST_PIECES + 1),
    "octets": TEXT + b"w" * (MOST_OCTETS + 1),
    "wide characters": TEXT + "😀".encode() + b"w" * MOST_WIDE,
}
TWINS = (
    HEAD + b'Content-Type: multipart/alternative; boundary="x"\n\n--x\n\nwords\n--x\nContent-Type: text/html\n\n'
    + b"<b>" * (MOST_PIECES // 4 + 1) + b"\n--x--\n"
)  # fmt: skip


@pytest.mark.parametrize("mail", MANY.values(), ids=MANY)
def test_a_body_that_nobody_writes_is_left_alone(mail):
    assert stamp(mail, PLAIN) == Untouched("unparseable")
    assert unstamp(mail) == Untouched("no-body")
    assert boundary(mail).parts == ()
    assert marks_of_ours(mail) == frozenset()


def test_its_twin_does_not_get_the_blocks_alone():
    assert stamp(TWINS, PLAIN) == Untouched("unparseable")


@pytest.mark.parametrize(
    "mail",
    [TEXT + b"word\n" * (MOST_PIECES - 60), TEXT + b"w" * (MOST_WIDE + 1), TEXT + "😀".encode() * 20_000],
    ids=["lines", "octets", "wide characters"],
)
def test_a_body_below_the_limits_is_stamped(mail):
    answer = stamp(mail, PLAIN)
    assert isinstance(answer, Stamped)
    taken = unstamp(answer.bytes())
    assert isinstance(taken, Unstamped) and taken.bytes() == mail


def test_more_marks_than_are_looked_at_are_as_good_as_none():
    marks = b'<div class="gmail_quote">\n' * (MOST_MARKS + 1)
    mail = HTML + b"<p>words</p>\n" + marks + b"<blockquote>q</blockquote>"
    answer = stamp(mail, PLAIN)
    assert isinstance(answer, Stamped)
    taken = unstamp(answer.bytes())
    assert isinstance(taken, Unstamped) and taken.bytes() == mail


def test_what_would_be_too_rich_with_the_block_is_left_as_it_is():
    mail = b"From: a@b.example\nContent-Type: text/html\n\n" + b"<i>" * (MOST_PIECES // 4 - 20) + b"words"
    assert isinstance(stamp(mail, PLAIN), Stamped)
    rich = Order("rich", (Block("signature", "<p>a</p>" * 20, ""),))
    assert stamp(mail, rich) == Untouched("unparseable")


def test_only_the_side_that_goes_in_counts_towards_what_would_be_too_rich():
    text = Order("long", (Block("signature", "<p>a</p>" * 400, "a"),))
    room = len(text.blocks[0].html) // 2
    body = b"w\n" * ((ALWAYS_FEW - room) // 2)
    mail = b"From: a@b.example\nContent-Type: text/plain\n\n" + body
    assert isinstance(stamp(mail, text), Stamped)


RUNS = {
    "a tag without an attribute": (b"html", b"8bit", b"<p>Hello</p><div %s>x</div>", b";"),
    "spaces above a quotation": (b"plain", b"8bit", b"Hello\r\n%sx\r\n> quoted\r\n", b" "),
    "escapes that are none": (b"html", b"quoted-printable", b"<p>Hello</p>%s", b"a="),
    "a name without a value": (b"html", b"8bit", b"<p>Hello</p><p style='%s'>x</p>", b"a-"),
    "a border that is not solid": (b"html", b"8bit", b"<p>Hello</p><p style='%s'>x</p>", b"border-top:"),
    "a margin that indents nothing": (
        b"html", b"8bit", b"<blockquote style='border:none;padding:0;%s'>x</blockquote>", b"margin:",
    ),
    "a mark of ours that is none": (b"html", b"8bit", b"<p>Hello</p><p id='%s stationer-x'>x</p>", b"_"),
    "a label without a word": (b"plain", b"8bit", b"Hello\r\nFrom: a\r\n%s" + b"x" * 40 + b":\r\nTo: b\r\n", b" "),
}  # fmt: skip


@pytest.mark.parametrize("name", RUNS)
def test_a_run_of_one_sign_is_read_in_a_few_goes(name: str) -> None:
    """Read again from each of its signs it would take hours: the run's own limit of time ends that."""
    kind, encoding, frame, unit = RUNS[name]
    head = (
        b"From: a@b.example\r\nContent-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: %s\r\n\r\n"
    )
    mail = head % (kind, encoding) + frame % (unit * 300_000)
    answer = stamp(mail, PLAIN)
    assert isinstance(answer, Untouched) or unstamp(answer.bytes()).bytes() == mail


def test_a_run_behind_the_tag_of_a_subject_is_read_in_a_few_goes() -> None:
    mail = b"Subject: re" + b" " * 500_000 + b"x:\n\nwords\n"
    assert boundary(mail).kind == "new"


def test_so_is_a_line_of_dashes_that_parts_nothing() -> None:
    assert separator(lines_of_text("*" * 300_000 + "x:\nwords"), 0) == ""
