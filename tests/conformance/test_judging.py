"""Every law is kept by a right inserter and catches the one that breaks it."""

from __future__ import annotations

import pytest

from stationer import conformance
from stationer.conformance import BLOCK_HTML, BLOCK_TEXT, Block, Inserter, Verdict
from stationer.conformance.laws import BY_KEY
from tests.conformance.saboteurs import SINS, done, right

BY_NAME = {case.name: case for case in conformance.cases()}
SINNERS = [f"{law}-{case}-{number}" for number, (law, case, _) in enumerate(SINS)]


def judged(name: str, insert: Inserter, block: Block | None = None) -> Verdict:
    """The verdict on one case."""
    case = BY_NAME[name]
    return conformance.judge(case, conformance.mail_of(case), insert, block or Block())


def broken(verdict: Verdict) -> dict[str, str]:
    """The laws that did not hold, and what was said."""
    return {mark.law: mark.said for mark in verdict.marks if not mark.held}


@pytest.mark.parametrize(("law", "name", "sinner"), SINS, ids=SINNERS)
def test_a_law_that_is_broken_is_named_and_kept_by_the_right_inserter(
    law: str, name: str, sinner: Inserter
) -> None:
    assert law in {mark.law for mark in judged(name, right).marks}
    assert broken(judged(name, right)) == {}
    found = broken(judged(name, sinner))
    assert law in found, found
    assert found[law].strip()


def test_every_law_has_a_sinner() -> None:
    assert {law for law, _, _ in SINS} == set(BY_KEY)


@pytest.mark.parametrize("name", BY_NAME)
def test_our_own_inserter_keeps_every_law_in_every_mail(name: str) -> None:
    assert broken(judged(name, right)) == {}


def test_a_mail_that_is_refused_counts_as_kept_only_where_it_is_no_mail() -> None:
    assert broken(judged("garbage-noise", lambda mail: done(b"", code=65))) == {}
    assert "answers" in broken(judged("smime-clear", lambda mail: done(b"", code=65)))
    assert broken(judged("smime-clear", lambda mail: done(b"", code=3))) == {}


def test_a_header_field_may_be_added_to_a_signed_mail() -> None:
    assert broken(judged("smime-clear", lambda mail: done(b"X-Seen: yes\r\n" + mail))) == {}


def test_a_block_with_tokens_of_its_own_is_found() -> None:
    own = Block("Winter & Partner GmbH", "Winter & Partner\nGmbH", "")

    def insert(mail: bytes) -> conformance.Run:
        text = right(mail).output.replace(b"STATIONER-CONFORMANCE<br>", b"Winter &amp; <b>Partner</b> GmbH")
        return done(text.replace(b"STATIONER-CONFORMANCE", b"Winter &  Partner GmbH"))

    assert broken(judged("transfer-7bit", insert, own)) == {}


def test_images_of_the_block_may_come_in_a_related_round_the_html() -> None:
    def insert(mail: bytes) -> conformance.Run:
        html = b"Content-Type: text/html; charset=us-ascii\r\n"
        picture = b"--r\r\nContent-Type: image/png\r\nContent-ID: <x@y>\r\n\r\nPNG\r\n--r--\r\n"
        output = right(mail).output
        start = output.index(html)
        end = output.index(b"\r\n--=_0_alternative--", start)
        wrapped = (
            b'Content-Type: multipart/related; boundary="r"\r\n\r\n--r\r\n'
            + output[start:end]
            + b"\r\n"
            + picture
        )
        return done(output[:start] + wrapped + output[end:])

    assert broken(judged("transfer-7bit", insert)) == {}


def test_the_block_to_configure_holds_what_the_judge_looks_for() -> None:
    block = Block()
    assert block.html_token in BLOCK_HTML and block.characters in BLOCK_HTML
    assert block.text_token in BLOCK_TEXT and block.characters in BLOCK_TEXT
