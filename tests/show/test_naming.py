"""Subjects, names of people and of files, as strangers wrote them (contract/show.md §4); which parts are words (§1)."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.show import Layout, file_name, layout, person, subject
from stationer.show.naming import LONGEST_FILE, LONGEST_NAME, LONGEST_SUBJECT, MOST_OCTETS


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("Your plan", "Your plan"),
        ("a\r\nBcc: b@c.example", "a Bcc: b@c.example"),
        ("a\u202e\u2066b\u200b\ufeff\x00c", "abc"),
        ("\u0646\u0627\u0645\u0647\u200c\u0647\u0627", "\u0646\u0627\u0645\u0647\u200c\u0647\u0627"),
        ("  \u2028 ", ""),
        ("x" * 600, "x" * (LONGEST_SUBJECT - 1) + "…"),
    ],
)
def test_a_subject_is_one_line_that_says_what_it_says(said: str, shown: str) -> None:
    assert subject(said) == shown


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Alice Penrose", "Alice Penrose"),
        ("'Alice'", "Alice"),
        ("", "alice@a.example"),
        ("\u202e", "alice@a.example"),
        ("ceo@bank.example", "alice@a.example"),
        ("Boss (ceo@bank.example)", "alice@a.example"),
        ("Alice (Alice@a.example)", "Alice (Alice@a.example)"),
        ("x" * 200, "x" * (LONGEST_NAME - 1) + "…"),
    ],
)
def test_a_person_is_never_called_by_the_address_of_another(name: str, shown: str) -> None:
    assert person(name, "alice@a.example") == shown


@pytest.mark.parametrize(
    ("said", "name", "kind", "risky", "disguised"),
    [
        ("Plan.pdf", "Plan.pdf", "pdf", False, False),
        ("../../etc/passwd", "passwd", "file", False, False),
        ("C:\\Users\\a\\b.docx", "b.docx", "text", False, False),
        ("invoice\u202efdp.exe", "invoicefdp.exe", "program", True, False),
        ("invoice.pdf.exe", "invoice.pdf.exe", "program", True, True),
        ("invoice.pdf       .exe", "invoice.pdf.exe", "program", True, True),
        ("a.tar.gz", "a.tar.gz", "archive", False, False),
        ("a.exe.bat", "a.exe.bat", "program", True, False),
        ("a.v2.exe", "a.v2.exe", "program", True, False),
        ("CON", "_CON", "file", False, False),
        ("com1.txt", "_com1.txt", "text", False, False),
        ("a:b|c?.xlsm", "a_b_c_.xlsm", "macros", True, False),
        ("x" * 300 + ".pdf", "x" * 115 + "….pdf", "pdf", False, False),
        ("ü" * 110 + ".pdf", "ü" * 96 + "….pdf", "pdf", False, False),
        (".htaccess", "htaccess", "file", False, False),
        ("a.txt. . ", "a.txt", "text", False, False),
        ("", "part-1.2.html", "page", True, False),
        ("///", "part-1.2.html", "page", True, False),
        ("???", "part-1.2.html", "page", True, False),
        ("u\u0308.png", "ü.png", "picture", False, False),
    ],
)
def test_a_file_is_called_what_it_is(said: str, name: str, kind: str, risky: bool, disguised: bool) -> None:
    found = file_name(said, "text/html", "1.2")
    assert (found.name, found.kind, found.risky, found.disguised) == (name, kind, risky, disguised)


def test_a_file_without_a_name_and_a_known_kind() -> None:
    assert file_name("").name == "part-1.bin"


@given(st.text(max_size=400), st.text(max_size=30), st.text(alphabet="0123456789.", max_size=20))
def test_every_file_has_a_name_that_a_file_system_takes(said: str, media_type: str, path: str) -> None:
    name = file_name(said, media_type, path).name
    assert 0 < len(name) <= max(LONGEST_FILE, len(path) + 20) and len(name.encode()) <= MOST_OCTETS
    assert not set(name) & set('/\\<>:"|?*\n\r\x00') and name.strip(" ") == name and name not in (".", "..")
    assert not any(
        unicodedata.bidirectional(c) in ("RLO", "LRO", "RLE", "LRE", "PDF", "RLI", "LRI", "FSI", "PDI")
        for c in name
    )


@given(st.text(max_size=700))
def test_what_is_shown_is_shown_the_same_again(text: str) -> None:
    assert subject(subject(text)) == subject(text)
    assert "\n" not in person(text, "a@b.example")


@dataclass(frozen=True)
class Part:
    path: str
    type: str
    name: str = ""
    disposition: str = ""


MIXED, EITHER = "multipart/mixed", "multipart/alternative"


@pytest.mark.parametrize(
    ("parts", "words", "files"),
    [
        ([Part("1", "text/plain")], "1", ""),
        ([Part("", EITHER), Part("1", "text/plain"), Part("2", "text/html")], "2", ""),
        ([Part("", EITHER), Part("1", "text/plain"), Part("2", "multipart/related"), Part("2.1", "text/html"), Part("2.2", "image/png")], "2.1", "2.2"),
        ([Part("", MIXED), Part("1", EITHER), Part("1.1", "text/plain"), Part("1.2", "text/html"), Part("2", "text/plain")], "1.2 2", ""),
        ([Part("", MIXED), Part("1", EITHER), Part("1.1", "text/plain"), Part("2", "text/html")], "1.1 2", ""),
        ([Part("", MIXED), Part("1", "text/plain"), Part("2", "text/html")], "1 2", ""),
        ([Part("", MIXED), Part("1", "text/plain"), Part("2", "image/png"), Part("3", "text/plain")], "1 3", "2"),
        ([Part("", EITHER), Part("1", "text/plain"), Part("2", "text/html", disposition="attachment")], "1", "2"),
        ([Part("", MIXED), Part("1", "text/plain"), Part("2", "text/html", name="a.html")], "1", "2"),
        ([Part("", MIXED), Part("1", "text/plain"), Part("2", "message/rfc822"), Part("2.1", "text/plain"), Part("2.2", "text/html")], "1", "2"),
        ([Part("1", "application/pdf")], "", "1"),
        ([], "", ""),
    ],
)  # fmt: skip
def test_which_parts_are_words(parts: list[Part], words: str, files: str) -> None:
    assert layout(parts) == Layout(tuple(words.split()), tuple(files.split()))
