"""A small letter is a small amount of work, whatever it says: openings are counted, never time."""

from __future__ import annotations

import pytest

from stationer.portal.people.scope import pen_scope
from stationer.portal.reading import letter_words
from stationer.portal.reading.letter_words import Letter
from stationer.portal.vault import keeping
from stationer.portal.vault.opening import Content

pytestmark = pytest.mark.django_db
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
TOP = """From: alice@acme.example
To: carol@sommer.example
Subject: Many
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=m

"""


@pytest.fixture
def openings(monkeypatch):
    """The numbers of the segments that were opened."""
    numbers = []
    opened = Content._opened

    def counted(self, number):
        numbers.append(number)
        return opened(self, number)

    monkeypatch.setattr(Content, "_opened", counted)
    return numbers


def letter(acme, *parts):
    mail = TOP + "".join(f"--m\n{part}\n" for part in parts) + "--m--\n"
    with pen_scope(acme):
        row = keeping.keep(
            mail.replace("\n", "\r\n").encode(),
            author="alice@acme.example",
            recipients=["carol@sommer.example"],
        )
        assert row.state == "ready", row.sentence
        return Letter(row)


def html(said):
    return f"Content-Type: text/html; charset=utf-8\n\n{said}"


def text(said):
    return f"Content-Type: text/plain; charset=utf-8\n\n{said}"


def picture(cid):
    return f"Content-Type: image/png\nContent-ID: <{cid}>\nContent-Transfer-Encoding: base64\n\n{PNG}"


def test_a_picture_that_is_shown_five_thousand_times_is_opened_once(in_acme, acme, openings):
    filling = (
        "Content-Type: application/octet-stream\n\n" + ("x" * 70 + "\n") * 60_000
    )  # the picture is a segment on
    found = letter(acme, html('<img src="cid:p">' * 5_000), filling, picture("p"))
    words = found.words()
    assert words.html.count("data:image/png") == letter_words.MOST_SHOWN
    assert openings == [0, 1]


def test_of_many_pictures_some_are_opened(in_acme, acme, monkeypatch):
    monkeypatch.setattr(letter_words, "MOST_OPENED", 3)
    names = [f"p{number}" for number in range(6)]
    found = letter(acme, html("".join(f'<img src="cid:{name}">' for name in names)), *map(picture, names))
    words = found.words()
    assert words.inside == {"p0", "p1", "p2"}
    assert [entry.cid for entry in found.files(words)] == ["p3", "p4", "p5"]


def test_many_parts_open_their_segment_once_and_some_of_them_are_words(in_acme, acme, openings):
    found = letter(acme, *(text(f"word {number};") for number in range(300)))
    words = found.words()
    assert "word 49;" in words.html and "word 50;" not in words.html
    assert openings == [0]
    assert len(found.files(words)) == 250


def test_all_words_of_a_letter_have_one_budget(in_acme, acme, monkeypatch):
    monkeypatch.setattr(letter_words, "MOST_WORDS", 100)
    found = letter(acme, text("a" * 60), html("b" * 60), text("c" * 30))
    words = found.words()
    assert "a" * 60 in words.html and "c" * 30 in words.html and "bbb" not in words.html
    assert [entry.type for entry in found.files(words)] == ["text/html"]
