"""The quick look never says no where reading would find a quote."""

from __future__ import annotations

import pytest

from stationer import mime
from stationer.mime.charset import codec, text_of
from stationer.mime.coding import decoded
from stationer.stamp import containers, words
from stationer.stamp.body import body_parts
from stationer.stamp.hints import Pieces, pieces_may_quote, text_may_quote
from stationer.stamp.lines import lines_of_text
from stationer.stamp.page import Page
from stationer.stamp.phrases import first_found
from stationer.stamp.reading import judged_mark
from tests.stamp.laws import CORPORA, MAILS

PATHS = sorted(MAILS.glob("*.eml")) + (sorted(CORPORA.glob("*/*.eml")) if CORPORA.is_dir() else [])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_quote_is_overlooked(path):
    for part in body_parts(mime.read(path.read_bytes()).root):
        plain, name = decoded(part.encoded, part.encoding), codec(part.charset)
        if plain is None or name is None:
            continue
        text = text_of(plain, name)
        if part.type == "text/plain":
            assert text_may_quote(text) or first_found(lines_of_text(text)) is None
        elif not pieces_may_quote(Pieces(text.encode("utf-8", "replace"))):
            page = Page(text)
            assert first_found(page.walk.lines) is None
            assert not any(judged_mark(page, mark) for mark in page.walk.marks)


@pytest.mark.parametrize(
    "container", containers.CONTAINERS, ids=lambda c: f"{c.client} {c.attribute} {c.word}"
)
def test_every_mark_has_its_hint(container):
    word = container.word.replace(r"(?:_\w+)?", "").replace(r"\d+", "1").replace("(?:n1|nylas)", "nylas")
    assert pieces_may_quote(
        Pieces(f'<p>words</p><DIV {container.attribute}="x_{word.upper()}">words</DIV>'.encode())
    )


@pytest.mark.parametrize("phrase", words.ORIGINAL + words.FORWARDED)
def test_every_phrase_has_its_hint(phrase):
    text = f"words\n\n---- {phrase} ----\nFrom: a\nDate: b\nTo: c\n"
    assert text_may_quote(text)
    assert pieces_may_quote(Pieces("<br>".join(text.split("\n")).encode()))
