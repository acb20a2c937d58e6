"""What seldom happens to a body part: the place that is not sure, the encoding that cannot hold, the record that asks
for what is not there."""

from __future__ import annotations

import base64

import pytest

from stationer import mime
from stationer.mime import joined
from stationer.stamp import Block, Order, Stamped, Unstamped, Untouched, stamp, unstamp
from stationer.stamp.boundary import MOST_PIECES, bodies_of
from stationer.stamp.dress import short
from stationer.stamp.hints import Pieces, pieces_may_quote
from stationer.stamp.insertion import is_crowded
from stationer.stamp.marker import Placed, placed
from stationer.stamp.ours import without
from stationer.stamp.page import Page
from stationer.stamp.recode import encoded_by
from stationer.stamp.removal import spans_of, taken_out
from stationer.stamp.tags import tokens
from stationer.stamp.whole import whole
from tests.stamp.laws import PLAIN, RICH, check_laws

SMILING = Order(
    "smiling-4",
    (Block("signature", "<p>\N{SMILING FACE WITH OPEN MOUTH}</p>", "\N{SMILING FACE WITH OPEN MOUTH}"),),
)
HEAD = b"From: a@b.example\r\nTo: c@d.example\r\nSubject: V\r\nMIME-Version: 1.0\r\n"


def text_mail(charset: str, encoding: str, body: bytes) -> bytes:
    head = HEAD + b"Content-Type: text/plain; charset=%s\r\n" % charset.encode()
    return head + b"Content-Transfer-Encoding: %s\r\n\r\n" % encoding.encode() + body


@pytest.mark.parametrize(
    ("charset", "body"),
    [
        ("shift_jis", "あ".encode("shift_jis") + b"\xff\r\n"),  # octets that are no character
        ("euc-jisx0213", b"\x8f\xcd\xf7 words\r\n"),  # a character that Python reads and does not write
    ],
)
def test_a_text_that_would_not_come_back_from_utf_8_is_left(charset: str, body: bytes) -> None:
    mail = text_mail(charset, "8bit", body)
    assert stamp(mail, SMILING) == Untouched("unparseable")
    check_laws(mail, SMILING, PLAIN)


ESCAPED = [
    ("iso-2022-jp", b"words\x1b"),
    ("iso-2022-jp", b"words\x1b$"),
    ("iso-2022-jp", b"words \x1b$B\x34\x41"),  # never taken back
    ("iso-2022-jp-2", b"words\x1bN"),
    ("iso-2022-kr", b"\x1b$)Cwords\x0e\x30\x21"),
    ("shift_jis", b"words\x81"),
    ("big5", b"words\xa4"),
    ("gb18030", b"words\x81"),
    ("johab", b"words\x88"),
    ("hz", b"words ~{VPND"),
    ("utf-7", b"words +ZeVnLA"),
    ("utf-8", b"words \xe2\x80"),
    ("raw-unicode-escape", b"words \\u004"),
]


@pytest.mark.parametrize(("charset", "above"), ESCAPED)
@pytest.mark.parametrize("kind", [b"text/plain", b"text/html"])
def test_what_stands_behind_a_torn_escape_or_character_is_read_as_meant_or_not_put_in(
    charset: str, above: bytes, kind: bytes
) -> None:
    for behind in (b"", b"\n", b"\n> quoted\n", b"</p>\n", b"\x1b(B\n"):
        mail = text_mail(charset, "8bit", above + behind).replace(b"text/plain", kind)
        for order, other in ((PLAIN, RICH), (RICH, PLAIN), (SMILING, PLAIN)):
            check_laws(mail, order, other)


@pytest.mark.parametrize(("charset", "above"), ESCAPED[:3])
def test_a_text_whose_escape_takes_what_follows_along_is_left(charset: str, above: bytes) -> None:
    assert stamp(text_mail(charset, "8bit", above), PLAIN) == Untouched("unparseable")
    whole = above.removesuffix(b"\x1b").removesuffix(b"\x1b$") + b"\x1b(B"
    for body in (
        whole,
        whole + b"\n",
        whole + b"\n> quoted\n",
        b"\x1b(B" + whole + b"\n\x1b(B> quoted\x1b(B\n",
    ):
        mail = text_mail(charset, "8bit", body)
        assert isinstance(stamp(mail, PLAIN), Stamped)
        check_laws(mail, PLAIN, RICH)


def test_a_large_text_whose_base64_nobody_would_write_again_is_left_where_it_must_be_recoded() -> None:
    letters = base64.b64encode("words, größere\r\n".encode("latin-1") * 2_000)
    odd = b"".join(letters[at : at + 40] + b"\r\n" for at in range(0, len(letters), 40))
    assert stamp(text_mail("iso-8859-1", "base64", odd), RICH) == Untouched("unparseable")
    assert isinstance(stamp(text_mail("iso-8859-1", "base64", odd[:8_200]), RICH), Stamped)


def test_a_quoted_attribute_is_never_broken() -> None:
    long = '<p title="' + "word href= " * 200 + '" class="a">words</p>'
    assert short(long, "\n").replace("\n", " ").count("word href= ") == 200
    assert all('"' not in line or line.count('"') % 2 == 0 for line in short(long, "\n").split("\n"))


def test_outlooks_empty_element_above_a_quote_stays_with_it_and_among_words_a_place_is_where_it_is() -> None:
    html = '<p>words</p><div id="x_appendonsend"></div><blockquote>quoted</blockquote>'
    page = Page(html)
    assert page.above(html.index("<blockquote")) == html.index("<div")
    assert page.above(html.index("quoted</") + 3) == html.index("quoted</") + 3


def test_a_tag_whose_value_never_ends_never_ends_itself() -> None:
    html = 'words<a title="' + ">" * 30 + "<b>more</b>"
    assert [(token.start, token.end) for token in tokens(html)] == [(0, 5), (5, len(html))]


def test_a_silent_element_that_is_no_raw_text_may_lack_its_end() -> None:
    assert whole("<p>a<noscript>b") == "<p>ab" or "noscript" not in whole("<p>a<noscript>b")
    assert whole("<noscript><b>x</noscript>").count("<b>") == whole("<noscript><b>x</noscript>").count("</b>")


def test_base64_without_lines_is_empty() -> None:
    assert encoded_by(b"", "base64", b"\r\n") == b""


@pytest.mark.parametrize(
    "body", [b"<p>Am Montag schrieb Bob&colon;</p>", b"<p>it&apos;s a&#58; b</p>", b"<p>&mdash;&mdash;</p>"]
)
def test_html_that_writes_the_marks_of_a_quote_as_references_is_read(body: bytes) -> None:
    assert pieces_may_quote(Pieces(body))


def test_an_empty_text_whose_delimiter_follows_at_once_is_left_where_it_would_have_to_be_recoded() -> None:
    part = (
        b"--b\r\nContent-Type: text/plain; charset=us-ascii\r\nContent-Transfer-Encoding: 7bit\r\n\r\n--b\r\n"
    )
    html = b"Content-Type: text/html\r\n\r\n<p>words</p>\r\n--b--\r\n"
    mail = HEAD + b"Content-Type: multipart/alternative; boundary=b\r\n\r\n" + part + html
    assert stamp(mail, SMILING) == Untouched("unparseable")
    assert isinstance(stamp(mail, PLAIN), Stamped)
    check_laws(mail, SMILING, PLAIN)


def test_more_blocks_that_never_end_than_anybody_writes_are_not_all_looked_at() -> None:
    done = stamp(HEAD + b"Content-Type: text/html\r\n\r\n<p>words</p>\r\n", PLAIN)
    assert isinstance(done, Stamped)
    html = joined(done.segments).partition(b"\r\n\r\n")[2].decode()
    element = html[html.index("<div") : html.index("</div")]
    held = placed(Page(element * 700))
    assert 0 < len(held) < 700 and not held[-1].intact


def test_blocks_that_stand_in_one_another_are_left_out_once() -> None:
    blocks = [Placed(3, 9, "", "", "", True), Placed(5, 7, "", "", "", True)]
    assert without("abcdefghijkl", blocks) == "abc      jkl"


@pytest.mark.parametrize("spans", [[(0, 4), (2, 6)], [(1, 1), (1, 5), (4, 5)]])
def test_stretches_that_overlap_are_not_taken_out(spans: list[tuple[int, int]]) -> None:
    (body,) = bodies_of(mime.read(text_mail("utf-8", "8bit", b"some words\r\n")))
    assert taken_out(body, spans, b"\r\n") is None


def test_a_stretch_whose_ends_cannot_be_told_is_not_taken_out() -> None:
    (body,) = bodies_of(mime.read(text_mail("utf-8", "quoted-printable", b"=a=\r\n")))
    assert taken_out(body, [(1, 2)], b"\r\n") is None


def test_a_record_of_a_text_without_length_finds_nothing() -> None:
    assert spans_of("words\n", [(b"", 0)], 6) is None


def test_a_line_is_too_long_with_what_is_put_into_it() -> None:
    assert is_crowded(b"x" * 990 + b"\n", 5, b"y" * 10)
    assert not is_crowded(b"x" * 980 + b"\n", 5, b"y" * 10)


def test_a_text_whose_end_a_reader_skips_is_left() -> None:
    assert stamp(text_mail("utf-8", "quoted-printable", b"=4=\ra=C3=A9"), PLAIN) == Untouched("unparseable")


def test_a_part_that_begins_with_a_mailbox_files_line_cannot_be_made_to_say_its_encoding() -> None:
    head = HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    mail = head + b"--b\r\nFrom a@b Sat Jan  3 01:05:34 1996\r\n\r\nwords\r\n--b--\r\n"
    assert stamp(mail, SMILING) == Untouched("unparseable")
    check_laws(mail, SMILING, PLAIN)


def test_a_type_that_could_not_be_made_to_say_utf_8_is_left() -> None:
    field = b'Content-Type: text/plain; x="; charset=latin1"; charset=latin1\r\n'
    mail = HEAD + field + b"\r\nwords\r\n"
    assert stamp(mail, SMILING) == Untouched("unparseable")
    check_laws(mail, SMILING, PLAIN)


def test_a_body_near_the_limit_takes_what_is_short_enough_for_it() -> None:
    wide = Order("wide-5", (Block("signature", "<p>" + "x" * 5_000 + "</p>", "Alice"),))
    body = b"words and words\r\n" * (MOST_PIECES // 17)
    body = body[: MOST_PIECES - 2_000]
    assert isinstance(stamp(text_mail("utf-8", "8bit", body), wide), Stamped)


@pytest.mark.parametrize(
    ("text", "goes_in"),
    [
        ("words", True),
        ("> words", True),
        ("\n\n words", False),  # its first line end would close the header
        (" words", False),  # would continue the field
        ("Offer: words", False),  # would be a field
    ],
)
@pytest.mark.parametrize("coding", [b"7bit", b"base64"])
def test_a_header_that_ends_in_a_line_of_white_space_ends_there_with_a_block_behind_it(
    text: str, goes_in: bool, coding: bytes
) -> None:
    mail = b'Content-Transfer-Encoding: %s\nX: "\n \n' % coding + (b"T\n" if coding == b"7bit" else b"VA==\n")
    order = Order(None, (Block("top", "<p>words</p>", text),))
    answer = check_laws(mail, order)
    assert isinstance(answer, Stamped) is (goes_in or coding == b"base64")


def test_a_header_that_ends_in_a_line_of_white_space_may_be_given_another_coding() -> None:
    mail = b"Content-Type: text/plain; charset=us-ascii\n \nT\n"
    order = Order(None, (Block("top", "<p>Grüße</p>", "Grüße"),))
    assert isinstance(check_laws(mail, order), Stamped)
    assert check_laws(mail, Order(None, (Block("top", "<p>Ü</p>", "Ü: x"),))) == Untouched("unparseable")


@pytest.mark.parametrize("text", ["Grüße", "x" * 1100])
def test_and_is_told_to_end_there_when_lines_have_become_one(text: str) -> None:
    """The other coding writes the author's line ends as escapes: the colon of their second line is in the first one."""
    order = Order(None, (Block("signature", "", text),))
    assert check_laws(b"X: y\r\n \n> \n:", order) == Untouched("unparseable")
    assert isinstance(check_laws(b"X: y\r\n \n> \n", order), Stamped)


def test_of_the_same_words_twice_a_record_that_is_not_proven_takes_those_it_tells_of() -> None:
    mail = (
        b"X: y\n\n> quoted\n\nHello?\n\nFrom: Alice <a@w.example>\r\nTo: c@s.example\r\nSubject: B\r\nDonnerstag.\r\n\r\n"
        b"a\r\nb\r\nDatum: 02.11.26 17:15 (GMT+01:00)\r\n"
    )
    once = stamp(mail, Order(None, (Block("banner", "a", "a\rb"),)), key=b"k")
    assert isinstance(once, Stamped)
    taken = unstamp(once.bytes(), key=b"other")
    assert isinstance(taken, Unstamped) and taken.bytes() == mail


@pytest.mark.parametrize("words", [b"VA==", b"VFQ="])
def test_two_places_of_one_group_of_base64_are_cut_together(words: bytes) -> None:
    mail = b"Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" + words + b"\n"
    order = Order(None, (Block("top", "<p>above</p>", "above"), Block("footer", "<p>below</p>", "below")))
    answer = check_laws(mail, order)
    assert isinstance(answer, Stamped)
    assert mime.read(answer.bytes()).root.encoding == "base64"
