"""Tags whose quotation marks are not in order, by a parser that reads what browsers read: a block is an element of its
own, and the author's words stay what was shown; or the mail stays as it is."""

from __future__ import annotations

import html5lib
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from stationer.stamp import Stamped, stamp
from stationer.stamp.hints import Pieces
from stationer.stamp.tags import is_unhidden, stands_free, tokens
from stationer.stamp.whole import whole
from tests.stamp.laws import PLAIN, RICH, check_laws, decoded_texts


def mail_of(html: str) -> bytes:
    return f"From: a@b.example\nSubject: V\nContent-Type: text/html; charset=utf-8\n\n{html}".encode()


def put_in(html: str) -> str | None:
    """The HTML with the block; None where the mail is left."""
    answer = stamp(mail_of(html), PLAIN)
    return decoded_texts(answer.bytes(), "text/html")[0] if isinstance(answer, Stamped) else None


def seen(html: str) -> tuple[str, list[str]]:
    """The words that a browser shows, and the ids of our elements."""
    page = html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False)
    ids = [found.get("id", "") for found in page.iter("div") if "stationer-" in found.get("id", "")]
    return " ".join(" ".join(page.itertext()).split()), ids


#: Each tag, and whether the mail ends where a browser shows something.
TORN = {
    '<p title=">': False,
    '<p title="> words': False,
    "<p title='>words": False,
    '<p>One</p><a href="x>y</p>': False,
    '<a b=""c=">': False,
    '<p title = ">': False,
    '<p title=">"': False,
    '<p ">words': True,
    '<p a"b>words': True,
    "<p a=it's>words": True,
    '<p a=b">words': True,
    '<p =">words': True,
    '<p a/="x>words': True,
    '<p a== ">words': True,
    '<p x="1"">words': True,
    "<p 'x\">words": True,
    '<p>One</p><a href="x>y</p><b title="z">words</b>': True,
    '<p a" b=">two">words': True,
    "<p title='>'>words": True,
    "<p<b>words": True,
    "<p a=>words": True,
    '<!-- " -->words': True,
    '</p ">words': True,
}
#: Comments that end at once, or in another way than most; what begins one without looking so.
COMMENTS = {
    "<!-->words": True,
    "<!--->words": True,
    "<!-->": True,
    "<p>One</p><!-- two --!>words": True,
    "<!-- one <!--> words": True,
    "<!-- one <style> -->words": True,
    "<style><!-- b{} </style>words": True,
    "<style/>b{}</style>words": True,
    "<style>b{}</styles>c{}</style>words": True,
    "<!--[if !mso]><!--><p>words</p><!--<![endif]-->": True,
    "</ b>words": True,
    "</>words": True,
    "words</3 <b>": True,
    "words<!--": False,
    "words<!-- --": False,
    "words<!-- --!": False,
    "<style>b{}</styles>words": False,
    "words</": False,
    "words</ ": False,
    "words<!": False,
    "words<?": False,
}


@pytest.mark.parametrize(("html", "shows"), [*TORN.items(), *COMMENTS.items()])
def test_a_block_is_an_element_where_browsers_show_one_and_else_the_mail_is_left(html, shows):
    stamped = put_in(html)
    assert (stamped is not None) is shows
    if stamped is not None:
        words, ids = seen(stamped)
        assert ids and words.split() == [*seen(html)[0].split(), "Alice", "Winter"]
    check_laws(mail_of(html), PLAIN, RICH)


PIECES = st.sampled_from(
    [
        '"', "'", "=", " ", "/", ">", "<p ", "<a href=", '<a href="', "<b>", "</b>", "</p", 'title="x"', "words ", "it's ",
        "<p>", "\n",
    ]
)  # fmt: skip


HIDDEN = st.sampled_from(
    [
        "<!--", "-->", "--!>", "<!-->", "<!--->", "<!", "<?x", "</ ", "</>", "<style>", "</style>", "</styles", "<style/>",
        "<title>", "</title>", "<textarea>", "</textarea >", "words ", "it's ", "<p>", "</p>", ">", "-", "!", "<b>",
        "<p title='<!--'>", "<!--[if !mso]>", "<![endif]-->",
    ]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join) | st.lists(HIDDEN, max_size=8).map("".join))
def test_however_marks_and_brackets_follow_one_another_no_word_of_the_author_s_is_shown_or_hidden_by_a_block(
    html,
):
    stamped = put_in(html)
    if stamped is not None:
        words, ids = seen(stamped)
        assert ids
        assert words.replace("Alice Winter", "", 1).split() == seen(html)[0].split()


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_html_that_looks_sound_has_tags_that_end_at_their_first_bracket(html):
    if Pieces(html.encode()).sound:
        tags = [token for token in tokens(html) if token.name]
        assert all(html.find(">", tag.start) + 1 == tag.end for tag in tags)


@pytest.mark.parametrize(
    ("html", "free"),
    [
        ("<p>One|</p>", True),
        ("|<style>b{}</style>", True),
        ("<p|>", False),
        ("<p title='>|'>", False),
        ("<!-- | -->", False),
        ("<!-- -->|<!-- -->", True),
        ("<style>b{}|</style>", False),
        ("<style>b{}</style>|", True),
        ("<style>b{}|", False),
        ("</ |>", False),
    ],
)
def test_a_place_stands_free_outside_of_all_that_hides(html, free):
    offset = html.index("|")
    html = html.replace("|", "")
    assert stands_free(tokens(html), offset) is free
    if Pieces(html.encode()).sound and not free and html[1] in "!s":
        assert is_unhidden(html, offset) is False


@pytest.mark.parametrize("html", ["<!-- words", "<p>One</p><!-- a --><style>b{} <!-- ", "<title>t</titles>"])
def test_what_nothing_ends_hides_all_that_follows(html):
    assert not is_unhidden(html, len(html))


@pytest.mark.parametrize(
    ("html", "held"),
    [
        ('<p>One <a href="x>two</a></p>', "<p>One two</p>"),
        ("<p>One <a href='x>two</a> <b title=\"y>three</b></p>", "<p>One two three</p>"),
        ('<p>One</p><a href="x', "<p>One</p>"),
        ('<p>One</p><a href="x">two</a>', '<p>One</p><a href="x">two</a>'),
    ],
)
def test_a_tag_of_a_block_that_never_ends_is_left_out_and_its_words_stay(html, held):
    assert whole(html) == held
