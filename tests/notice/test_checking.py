"""What is wrong with a PEN, each with its place (contract/notice.md §6)."""

from __future__ import annotations

import pytest

from stationer import notice
from stationer.notice import Key, Logo, Package
from tests.notice.made import PEN, key, pen

PNG = b"\x89PNG\r\n\x1a\n"
WRONG = [
    ({"id": "a b"}, "pen/id"), ({"id": ""}, "pen/id"), ({"name": " \u202e"}, "pen/name"), ({"host": "harbour:8000"}, "pen/host"),
    ({"host": "Mail.acme.example"}, "pen/host"), ({"host": "mail.acme.example:443"}, "pen/host"), ({"host": "mail.straße.example"}, "pen/host"),
    ({"host": "-a.example"}, "pen/host"), ({"host": "a-.example"}, "pen/host"), ({"host": "a..example"}, "pen/host"), ({"host": "a" * 250 + ".example"}, "pen/host"),
    ({"colour": "red"}, "pen/colour"), ({"address": "www.evil.example"}, "pen/address"), ({"phone": "x" * 2_001}, "pen/phone"),
    ({"keys": ()}, "keys"), ({"keys": (key("a b", 0),)}, "keys/0/id"), ({"keys": (key("k", 0), key("k", 9))}, "keys/1/id"),
    ({"keys": (Key("k", b"short"),)}, "keys/0/public"), ({"keys": (Key("k", key("k", 0).public, b"short"),)}, "keys/0/private"),
    ({"keys": (Key("k", key("k", 0).public, key("k", 1).private),)}, "keys/0/private"),
    ({"languages": ()}, "languages"), ({"languages": ("en", "fr")}, "languages/1"), ({"languages": ("e n",)}, "languages/0"),
    ({"words": {"en!": {}}}, "words/en!"), ({"words": {"en": {"heding": "x"}}}, "words/en/heding"), ({"words": {"en": {"zzz": "x"}}}, "words/en/zzz"),
    ({"words": {"en": {"heading": "no name"}}}, "words/en/heading"), ({"words": {"en": {"heading": "{author} {author}"}}}, "words/en/heading"),
    ({"words": {"en": {"go": "{pen}"}}}, "words/en/go"), ({"words": {"en": {"go": " "}}}, "words/en/go"), ({"words": {"en": {"months": "a|b"}}}, "words/en/months"),
    ({"words": {"en": {"how": "See https://evil.example"}}}, "words/en/how"),
    ({"packages": {"p": Package(("nobody",))}}, "packages/p/senders/0"), ({"packages": {"p": Package(("@",))}}, "packages/p/senders/0"),
    ({"packages": {"p": Package(notification={"e n": "x"})}}, "packages/p/notification/e n"),
    ({"packages": {"p": Package(message={"en": "www.evil.example"})}}, "packages/p/message/en"),
    ({"logo": Logo(301, 80, PNG)}, "pen/logo"), ({"logo": Logo(10, 0, PNG)}, "pen/logo"), ({"logo": Logo(10, 10)}, "pen/logo"),
    ({"logo": Logo(10, 10, PNG, "https://mail.harbourdental.example/a")}, "pen/logo"), ({"logo": Logo(10, 10, b"<svg>")}, "pen/logo/file"),
    ({"logo": Logo(10, 10, url="https://evil.example/a")}, "pen/logo/url"), ({"logo": Logo(10, 10, url='https://mail.harbourdental.example/"')}, "pen/logo/url"),
    ({"logo": Logo(10, 10, PNG + bytes(30_000))}, "pen/logo"),
    ({"packages": {"p": Package(notification={"en": "ü" * 1_999})}}, "packages/p"),
    ({"packages": {}, "words": {"en": dict.fromkeys(("how", "go"), "ü" * 1999) | {"doubt_call": "{host}" + "ü" * 1_900}}, "languages": ("en", "en-GB")}, "words"),
]  # fmt: skip


@pytest.mark.parametrize(("changes", "where"), WRONG)
def test_each_fault_is_told_at_its_place_with_what_to_do(changes, where):
    found = notice.faults(pen(**changes))
    assert [problem.where for problem in found] == [where]
    assert all(problem.what.endswith(".") and problem.next.endswith((".", "?")) for problem in found)


def test_a_sound_pen_has_none():
    assert notice.faults(PEN) == ()
    assert notice.faults(pen(logo=Logo(300, 80, PNG))) == ()
    assert notice.faults(pen(logo=Logo(300, 80, url="https://mail.harbourdental.example/logo.png"))) == ()
    assert notice.faults(pen(keys=(Key("k", key("k", 0).public),))) == ()
    assert notice.faults(pen(words={"fr": {"go": "Allez"}})) == ()


def test_all_faults_are_told_at_once():
    assert len(notice.faults(pen(id="", host="x", colour="y"))) == 3
