"""Tokens by which a web site is told of a click: made by the key alone, put into an address and nothing else changed."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import links

BY = links.signer("pen_a", b"k" * 32)
OTHER = links.signer("pen_a", b"j" * 32)


@given(st.integers(0, 2**32 - 1), st.binary(min_size=8, max_size=8))
def test_what_was_written_is_read_and_only_its_own_key_proves_it(at: int, nonce: bytes) -> None:
    token = links.sign_visit(BY, at, nonce)
    text = links.write_visit(token)
    assert (
        len(text) == 36 and links.read_visit(text) == token and token.visit == at.to_bytes(4, "big") + nonce
    )
    assert links.proven_visit(token, BY)
    assert not links.proven_visit(token, OTHER)
    assert not links.proven_visit(token, links.signer("pen_b", b"k" * 32))
    assert links.read(text) is None  # it is no link's


@given(st.integers(0, 27 * 8 - 1))
def test_no_bit_of_it_is_spare(bit: int) -> None:
    text = links.write_visit(links.sign_visit(BY, 1_800_000_000, b"n" * 8))
    raw = int.from_bytes(links.raw_of(text), "big") ^ 1 << bit
    token = links.read_visit(urlsafe_b64encode(raw.to_bytes(27, "big")).decode())
    assert token is None or not links.proven_visit(token, BY)


@pytest.mark.parametrize("text", ["", "x" * 36, "A" * 35, "ä" * 36, links.sign_sender(BY, b"l" * 12)])
def test_what_is_none_is_read_as_none(text: str) -> None:
    assert links.read_visit(text) is None


@pytest.mark.parametrize(
    ("location", "query"),
    [
        ("https://a.example", {}),
        ("https://a.example/p?q=1&q=2#part", {"q": ["1", "2"]}),
        ("https://a.example/p#a?b=c", {}),
    ],
)
def test_an_address_gets_one_parameter_more(location: str, query: dict[str, list[str]]) -> None:
    before, after = urlsplit(location), urlsplit(links.handed(location, "t" * 36))
    assert before._replace(query="") == after._replace(query="")
    assert parse_qs(after.query) == {**query, "stn": ["t" * 36]}


@pytest.mark.parametrize(
    ("location", "at"),
    [
        ("https://a.example/x", True),
        ("http://www.A.example:8080/", True),
        ("https://aa.example/", False),
        ("https://a.example.evil.test/", False),
        ("https://evil.test/a.example", False),
        ("https://[a.example/", False),
    ],
)
def test_only_the_pens_own_sites_are_told(location: str, at: bool) -> None:
    assert links.is_at(location, ("a.example",)) is at
    assert not links.is_at(location, ())
