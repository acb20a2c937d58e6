"""Where the author's words end: our own mails, and the rows that other projects state."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from stationer.stamp import boundary, variant
from stationer.stamp.boundary import first_line
from stationer.stamp.place import place_of
from stationer.stamp.reading import read_html, read_text
from tests.stamp.laws import CORPORA, MAILS, PLAIN, RICH, check_laws
from tests.stamp.truth import HELD, even, faults, is_held_back, truths

#: Rows in which the other project means something else than contract/stamp.md §6 does.
DIFFERENT = {
    "crisp/email_2.txt": "answers stand below the quote: interleaved, so the place is behind them",
    "mailspring/email_5.html": "a forward: upstream keeps forwards whole, here the forwarded part is the quote",
    "mailspring/email_12.html": "interleaved: upstream strips trailing quotes alone, here char is the first quote",
    "mailspring/email_16.html": "nothing but a forward: upstream keeps it whole, here the place is above it",
}


def rows(path: Path) -> list[dict[str, str]]:
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("truth", truths(MAILS), ids=lambda truth: truth.path.name)
def test_our_own_mails_are_cut_where_their_author_stopped(truth):
    assert faults(truth) == []


@pytest.mark.parametrize("truth", truths(HELD), ids=lambda truth: truth.path.name)
def test_so_are_those_that_were_held_back(truth):
    assert faults(truth) == []


def test_every_mail_has_its_row_and_the_digest_of_its_name_tells_its_folder():
    for folder in (MAILS, HELD):
        assert {truth.path.name for truth in truths(folder)} == {path.name for path in folder.glob("*.eml")}
    assert all(is_held_back(truth.path.name) for truth in truths(HELD))


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
@pytest.mark.parametrize("row", rows(CORPORA / "truth.tsv"), ids=lambda row: row["file"])
def test_other_projects_rows_hold(row):
    if row["file"] in DIFFERENT:
        pytest.skip(DIFFERENT[row["file"]])
    text = (CORPORA / row["file"]).read_bytes().decode("utf-8", "replace")
    reading = read_html(text) if row["part"] == "html" else read_text(text)
    found, place, first = reading.found, place_of(reading), row["first_quoted_line"]
    assert (found is not None) == bool(first)
    if found is None:
        return
    assert even(first)[:30] in even(first_line(reading))
    assert place <= found.offset
    if row["first_quoted_char"]:
        assert place <= int(row["first_quoted_char"])
        assert row["part"] == "html" or found.offset == int(row["first_quoted_char"])
    assert not row["reply_end_char"] or place >= int(row["reply_end_char"])


@pytest.mark.skipif(not CORPORA.is_dir(), reason="../shared/corpora is not here")
def test_at_most_four_rows_are_understood_differently():
    assert len(rows(CORPORA / "truth.tsv")) == 44 and len(DIFFERENT) == 4


def text_mail(text: str, head: str = "Subject: Re: V\n") -> bytes:
    return f"From: a@b.example\n{head}Content-Type: text/plain; charset=utf-8\n\n{text}".encode()


@pytest.mark.parametrize(
    "text",
    [
        "Dear Carol,\n\n- first: the stairs\n- second: the roof\n\nAlice\n",
        "On Thursday you wrote:\n\nnothing.\n",
        "Schedule:\n10:00 Arrival\n11:00 From: station to office\n12:00 Lunch\n",
        "From: the station it is five minutes on foot.\n",
        "I compared a -> b and b -> c.\n---\nAlice\n",
        "The label To: is missing.\nDate: please add.\n",
        "Values > 100 are wrong.\n",
    ],
)
def test_prose_that_looks_like_a_quote_is_none(text):
    assert boundary(text_mail(text, "")).parts[0].char is None


def test_an_answer_without_a_quote_is_known_by_its_header():
    assert boundary(text_mail("Yes.\n", "In-Reply-To: <1@b.example>\n")).kind == "reply"
    assert boundary(text_mail("Yes.\n", "Subject: Re: hello\n")).kind == "new"


def test_an_interleaved_answer_takes_the_variant_of_a_reply():
    assert variant((MAILS / "mutt-sv-interleaved.eml").read_bytes()) == "reply"


def test_offsets_count_code_points_and_both_octets_of_a_line_end():
    mail = text_mail("Grüße\r\nAlice\r\n\r\n> alt\r\n> mehr\r\n")
    part = boundary(mail).parts[0]
    assert (part.char, part.place, part.line) == (16, 14, "> alt")


def test_a_part_without_a_marker_follows_its_twin():
    html = "<p>Yes.</p><div id=divRplyFwdMsg>Wann passt es denn?</div><p>Carol</p>"
    mail = (
        "From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\nYes.\n\nWann passt es denn?\nCarol\n"
        f"--b\nContent-Type: text/html\n\n{html}\n--b--\n"
    )
    text = boundary(mail.encode()).parts[0]
    assert (text.rule, text.line) == ("its twin", "Wann passt es denn?")


def test_a_block_never_goes_between_rows_of_a_table():
    html = "<p>Yes.</p><table><tr><td><blockquote type=cite>old</blockquote></td></tr></table>"
    reading = read_html(html)
    assert html[place_of(reading) :].startswith("<table>")


def test_an_answer_above_a_second_document_gets_the_block_there():
    html = "<html><body><p>Yes.</p></body></html><html><body><p>old words</p></body></html>"
    assert html[: place_of(read_html(html))].endswith("<p>Yes.</p>")


def test_the_page_tells_the_scores_of_these_mails():
    page = (MAILS.parents[2] / "docs" / "boundaries.md").read_text("utf-8")
    for group, folder in (("own, seen", MAILS), ("own, held back", HELD)):
        parts = sum(len(boundary(truth.path.read_bytes()).parts) for truth in truths(folder))
        assert f"| {group} | {parts} of {parts} |" in page


@pytest.mark.parametrize("lead", ["Hello,\n\nhere is the form:\n\n", ""])
@pytest.mark.parametrize(
    "form",
    [
        "From: Berlin\nTo: Hamburg\nDate: 3 May\nSubject: Trip\n",
        "Von: Lager 3\nAn: Lager 7\nBetreff: Stühle\n",
        "From: Berlin Hbf\nTo: Munich Hbf\nDate: 3 Nov 2026, 17:15\nSubject: train\n",
    ],
)
def test_a_form_that_is_filled_in_is_no_header_of_an_earlier_mail(form, lead):
    assert boundary(text_mail(f"{lead}{form}\nTwo seats.\n", "Subject: Trip\n")).parts[0].char is None


@pytest.mark.parametrize("more", ["Cc: dora@sommer.example\n", "Date: 3 May 2026 10:15\n", "Date: 3 May\n"])
def test_a_block_with_an_address_or_a_rule_is_one_and_so_is_any_in_an_answer(more):
    text = f"Yes.\n\nFrom: Carol\nTo: Alice\n{more}Subject: Trip\n\nTwo seats?\n"
    head = "Subject: Re: Trip\n" if more.startswith("Date") else "Subject: Trip\n"
    assert boundary(text_mail(text, head)).parts[0].rule == "header block"
    drawn = text_mail(
        text.replace("\n\nFrom", "\n\n________________________________\nFrom"), "Subject: Trip\n"
    )
    assert boundary(drawn).parts[0].rule == "header block"


HEADERS = "From: Carol\nTo: Alice\nSubject: Trip\n"


@pytest.mark.parametrize("typed", ["_", "-- ", "-----", "==========", "_-_-_-_-_-_-_-_-_-_-_-_-", "*" * 30])
def test_a_line_that_somebody_typed_proves_no_header_block(typed):
    told = boundary(text_mail(f"Yes.\n\n{typed}\n{HEADERS}", "Subject: Trip\n"))
    assert (told.kind, told.parts[0].char) == ("new", None)


RULES = ["________", "_" * 32 + "\n", "-" * 20, " " + "-" * 70 + " \n\n\n\n\n"]


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("html", [False, True])
def test_a_block_never_parts_a_header_block_from_the_rule_that_proves_it(rule, html):
    text = f"Yes.\n\n{rule}\n{HEADERS}\nTwo seats?\n"
    mail = text_mail(text, "Subject: Trip\n")
    if html:
        mail = text_mail(text.replace("\n", "<br>\n"), "Subject: Trip\n").replace(b"text/plain", b"text/html")
    told = boundary(mail)
    assert (told.kind, told.parts[0].rule) == ("reply", "header block")
    stamped = check_laws(mail, PLAIN, RICH)
    shown = stamped.bytes().decode()
    assert shown.index("Yes") < shown.index("Winter") < shown.index(rule.strip()) < shown.index("From: Carol")


BELOW = ["own words", "-" * 10, HEADERS, "From: Carol <carol@sommer.example>\nTo: Alice\nSubject: Trip\n"]


@pytest.mark.parametrize("below", BELOW)
@pytest.mark.parametrize("above", ["", "Hello,\n\n"])
def test_whether_a_line_quotes_in_a_mail_that_answers_none_is_told_by_what_stands_below_it(above, below):
    mail = text_mail(f"{above}> words\n{below}\n", "Subject: Trip\n")
    assert boundary(mail).parts[0].rule == ("header block" if "@" in below else "nothing quoted")
    check_laws(mail, PLAIN, RICH)


@pytest.mark.parametrize("above", ["", "Hello,\n\n"])
@pytest.mark.parametrize("below", ["", "-- \nAlice\n"])
def test_it_quotes_where_nothing_but_a_signature_does(above, below):
    mail = text_mail(f"{above}> words\n{below}\n", "Subject: Trip\n")
    assert (boundary(mail).kind, boundary(mail).parts[0].rule) == ("reply", "quoted lines")
    check_laws(mail, PLAIN, RICH)


LONG = ">" + "words and " * 8


@pytest.mark.parametrize(
    "text, quoted",
    [
        (">words\n>more\n", ">words"),
        (">words\n\n>more\n", ">words"),
        (f"{LONG}\nwords\n>more\n", LONG.strip()),  # its end was wrapped
        (">words\nYes.\n>\n", ">"),  # a block would stand between them
        (">words\nYes.\n", None),
        (">words\n", None),
    ],
)
def test_a_mark_without_a_space_quotes_where_another_follows_and_nothing_of_the_authors_parts_them(
    text, quoted
):
    mail = text_mail(text)
    assert boundary(mail).parts[0].line == quoted
    check_laws(mail, PLAIN, RICH)


ANNOUNCED = [
    "As agreed in your letter of 2 November 2026 at 17:15 you wrote:",
    "On 3 Nov 2026 at 17:15 we meet, as Carol wrote:",
]


@pytest.mark.parametrize("announced", ANNOUNCED)
def test_prose_in_a_new_mail_that_announces_what_follows_is_no_attribution(announced):
    text = f"Dear Carol,\n\n{announced}\n\n- we accept the terms.\n\nPlease confirm. Alice\n"
    told = boundary(text_mail(text, "Subject: Terms\n"))
    assert (told.kind, told.parts[0].char, told.parts[0].place) == ("new", None, len(text))


@pytest.mark.parametrize(
    "attribution, quote, head",
    [
        (ANNOUNCED[0], "> We accept.", "Subject: Terms\n"),
        ("On 2 Nov 2026 at 17:15 Carol <carol@sommer.example> wrote:", "We accept.", "Subject: Terms\n"),
        ("On 2 Nov 2026 at 17:15 Carol wrote:", "We accept.", "Subject: Re: Terms\n"),
        ("On 2 Nov 2026 at 17:15 Carol wrote:", "We accept.", "In-Reply-To: <1@b.example>\nSubject: Terms\n"),
        ("---- On Mon, 2 Nov 2026 17:15:00 +0100 Carol wrote ----", "We accept.", "Subject: Terms\n"),
    ],
)
def test_one_with_quoted_lines_or_an_address_is_and_so_is_any_in_an_answer(attribution, quote, head):
    told = boundary(text_mail(f"Yes.\n\n{attribution}\n\n{quote}\n", head))
    assert (told.kind, told.parts[0].line) == ("reply", attribution)


SAID = [
    '>>>>> "Bob" == Bob Smith <bob@sommer.example> writes:',
    "On Mon, 2 Nov 2026 17:15:00 +0100, Bob Smith <bob@sommer.example> said:",
    "Bob Smith <bob@sommer.example> writes:",
]


@pytest.mark.parametrize("said", SAID)
def test_a_name_before_the_mark_quotes_when_the_line_above_has_told_it(said):
    told = boundary(text_mail(f"{said}\n\nBob> Thursday?\nBob> At ten?\n\nYes, at ten.\n\nAlice\n"))
    assert told.kind == "interleaved" and told.parts[0].line == said
    above = boundary(text_mail(f"Yes.\n\n{said}\n\nBob> Thursday?\n"))
    assert above.kind == "reply" and above.parts[0].char == 6


def test_a_prompt_is_no_name():
    text = "I did as you wrote:\n\nmysql> select 1;\nmysql> quit\n\nAnd it works.\n"
    assert boundary(text_mail(text)).parts[0].char is None


NOTES = "Carol Sommer <carol@sommer.example> \n02.11.2026 17:15\n\nAn\nAlice Winter <alice@winter.example>\nKopie\n\nThema\nBesuch\n\n\nDonnerstag?\n"


@pytest.mark.parametrize("subject", ["Besuch", "Antwort: Besuch"])
def test_a_header_block_may_have_its_labels_on_lines_of_their_own(subject):
    own = "OK von mir.\n\nAlice\n"
    told = boundary(text_mail(f"{own}\n\n{NOTES}", f"Subject: {subject}\n"))
    assert (told.kind, told.parts[0].place, told.parts[0].char) == ("reply", len(own), len(own) + 2)


def test_or_in_cells():
    own = "<p>OK von mir.</p>"
    cells = "<table><tr><td>An<td>Alice Winter<tr><td>Thema<td>Besuch</table>"
    html = (
        f"{own}<p>Carol Sommer &lt;carol@sommer.example&gt;<br>02.11.2026 17:15</p>{cells}<p>Donnerstag?</p>"
    )
    reading = read_html(html)
    assert reading.found is not None and html[place_of(reading) :].startswith("<p>Carol")


@pytest.mark.parametrize("left_out", ["02.11.2026 17:15\n", " <carol@sommer.example>", "An\n", "Thema\n"])
def test_without_address_date_or_labels_it_is_none(left_out):
    text = f"OK von mir.\n\nAlice\n\n\n{NOTES.replace(left_out, '', 1)}"
    assert boundary(text_mail(text, "Subject: Besuch\n")).parts[0].char is None
