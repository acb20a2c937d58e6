"""Every marker value does something: each element's mark, label, verb, opening and phrase is hit by a case of its own."""

from __future__ import annotations

import re

import pytest

from stationer.stamp import words
from stationer.stamp.attribution import attribution
from stationer.stamp.containers import BARE, CITED, CONTAINERS, SIGNATURE_WORDS, WORD, is_signature
from stationer.stamp.headers import header_block, role_of
from stationer.stamp.lines import lines_of_text
from stationer.stamp.phrases import first_found
from stationer.stamp.reading import read_html, read_text
from tests.stamp.truth import HELD, MAILS

HEADERS = "<b>From:</b> Carol &lt;carol@sommer.example&gt;<br><b>Sent:</b> Monday<br><b>To:</b> A<br><b>Subject:</b> V"
ASKED = {
    "headers": HEADERS,
    "opening": HEADERS,
    "nothing": "Would Thursday be good?",
    "last": "Would Thursday be good?",
}
ROLES = {"from": "De", "date": "Sent", "to": "To", "subject": "Subject", "cc": "Cc"}


def sample(expression: str) -> str:
    """A word that a mark's expression matches."""
    word = re.sub(r"\(\?:_\\w\+\)\?", "_7", expression).replace(r"\d+", "7")
    return word.replace("(?:n1|nylas)", "n1")


@pytest.mark.parametrize("mark", CONTAINERS, ids=lambda mark: f"{mark.client} {mark.attribute}={mark.word}")
def test_a_mark_is_where_the_quote_begins_and_not_without_what_it_needs(mark):
    element = f'<div {mark.attribute}="m_42{sample(mark.word)}">'
    if mark.needs == "sharing":
        assert read_html(f"<p>Yes.</p>{element}<blockquote type=cite>page</blockquote></div>").found is None
        return
    html = f"<p>Yes.</p>{element}{ASKED[mark.needs]}</div>"
    found = read_html(html).found
    assert found is not None and found.offset == html.index(element)
    assert mark.client in found.rule
    bare = read_html(f"<p>Yes.</p>{element}Would Thursday be good?</div><p>Alice</p>").found
    assert (bare is None) == (mark.needs != "nothing")


def test_the_marks_without_a_word_of_their_own_are_known_too():
    for html, mark in (
        ("<p>Yes.</p><blockquote type=cite>Would Thursday be good?</blockquote>", CITED),
        ("<p>Yes.</p><blockquote>Would Thursday be good?</blockquote>", BARE),
        (f"<p>Yes.</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'>{HEADERS}</div>", WORD),
    ):
        found = read_html(html).found
        assert found is not None and (mark.client in found.rule or mark is BARE)


@pytest.mark.parametrize("word", SIGNATURE_WORDS)
def test_the_words_of_a_signature_are_no_answer(word):
    assert is_signature({"class": f"x_{word}"}) and is_signature({"id": word})
    html = f'<blockquote type=cite>Thursday?</blockquote><div class="x_{word}">Alice</div>'
    assert read_html(html).after == []


@pytest.mark.parametrize("label", words.LABELS)
def test_a_label_counts_in_a_header_block(label):
    role = words.LABELS[label]
    assert role_of(f"> *{label.capitalize()}*: value") in (role, words.LABELS.get(label.capitalize().lower()))
    if role != "other":
        others = {name: word for name, word in ROLES.items() if name != role and name != "cc"}
        block = [f"{label}: value"] + [f"{word}: value" for word in others.values()]
        if role != "from":
            block.sort(key=lambda line: not line.startswith("De:"))
        assert header_block(lines_of_text("\n".join(block)), 0)


@pytest.mark.parametrize("verb", words.VERBS)
def test_a_verb_makes_an_attribution(verb):
    for text in (
        f"2.11.2026 17:15 Carol Sommer <carol@sommer.example> {verb} x:\n",
        f"Carol Sommer {verb}:\n> Thursday?\n",
    ):
        assert attribution(lines_of_text(text), 0) == 1
    assert not attribution(lines_of_text("2.11.2026 17:15 Carol Sommer said nothing:\n"), 0)


@pytest.mark.parametrize("opening", words.OPENINGS)
def test_an_opening_makes_an_attribution_with_an_address_and_a_date(opening):
    text = f"{opening} 2.11.2026 17:15 Carol <carol@sommer.example> zqx:\n"
    assert attribution(lines_of_text(text), 0) == 1


@pytest.mark.parametrize("quoting", words.QUOTING)
def test_a_quoting_makes_an_attribution_without_a_date(quoting):
    assert attribution(lines_of_text(f"{quoting} Carol <carol@sommer.example>:\n"), 0) == 1


@pytest.mark.parametrize("phrase", words.ORIGINAL)
def test_a_phrase_between_dashes_separates_what_is_answered(phrase):
    found = first_found(lines_of_text(f"Yes.\n\n----- {phrase.title()} -----\nThursday?\n"))
    assert found is not None and (found.rule, found.kind, found.line) == ("separator", "reply", 2)


@pytest.mark.parametrize("phrase", words.FORWARDED)
def test_a_phrase_between_dashes_or_with_a_colon_separates_what_is_forwarded(phrase):
    for line in (
        f"-------- {phrase} --------",
        f"{phrase}:",
        f"----- {phrase} Carol <carol@sommer.example> -----",
    ):
        found = first_found(lines_of_text(f"See below.\n\n{line}\nThursday?\n"))
        assert found is not None and (found.rule, found.kind, found.line) == ("separator", "forward", 2)


@pytest.mark.parametrize("phrase", sorted(words.BARE))
def test_a_phrase_alone_separates_above_two_labels_only(phrase):
    headers = "From: Carol <carol@sommer.example>\nSent Time: Monday\n"
    found = first_found(lines_of_text(f"Yes.\n\n{phrase}\n{headers}\nThursday?\n"))
    assert found is not None and found.line == 2
    assert first_found(lines_of_text(f"Yes.\n\n{phrase}\n\nThursday?\n")) is None


def test_a_client_that_has_a_mark_has_a_mail_or_is_named_here():
    mails = "".join(
        path.read_text("utf-8", "replace") for folder in (MAILS, HELD) for path in [folder / "truth.tsv"]
    )
    clients = {re.sub(r" (on the web|mobile|for .*)$", "", mark.client) for mark in CONTAINERS}
    assert {client for client in clients if client not in mails} <= {
        "Mailspring", "Infomaniak", "Freshdesk", "Fernand", "Notion Mail", "Skiff", "Zendesk", "Titan",
    }  # fmt: skip


@pytest.mark.parametrize("word", words.FOOTERS)
def test_a_footer_below_the_whole_quote_is_no_answer(word):
    text = f"Yes.\n\nOn 2.11.2026 17:15, Carol wrote:\n> Thursday?\n\nPlease mind: {word}.\n"
    assert read_text(text).after == []
    assert read_text(text.replace("Yes.\n\n", "")).after != []
