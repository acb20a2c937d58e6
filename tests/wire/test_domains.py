"""A domain in any script becomes ASCII as servers know it, and never becomes another domain."""

from __future__ import annotations

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer.wire.domains import ascii_domain


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("Example.COM", "example.com"),
        ("BÜCHER.example", "xn--bcher-kva.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("βόλος.example", "xn--nxasmm1c.example"),
        ("ΒΌΛΟΣ.example", "xn--nxasmq6b.example"),
        ("a。b.ü", "a.b.xn--tda"),
        ("i♥.ws", "xn--i-n3p.ws"),
        ("foo_b.ü.example", "foo_b.xn--tda.example"),
    ],
)
def test_a_domain_is_mapped_as_today_s_rules_say(written: str, known: str) -> None:
    assert ascii_domain(written) == known


@pytest.mark.parametrize(
    ("one", "other"), [("straße", "strasse"), ("faς", "faσ"), ("a\u200db", "ab"), ("a\u200cb", "ab")]
)
def test_what_idna_2003_folded_stays_two_domains(one: str, other: str) -> None:
    assert ascii_domain(f"{one}.example") != ascii_domain(f"{other}.example")


@pytest.mark.parametrize(
    "text", ["evil＠in.example", "a／b.example", "ü b.example", "ü" * 64 + ".example", "\ud800.example"]
)
def test_what_no_server_can_be_asked_for_has_no_ascii_form(text: str) -> None:
    assert ascii_domain(text) is None


@given(st.text(max_size=20))
def test_it_is_total_and_what_it_wrote_stays(text: str) -> None:
    written = ascii_domain(text)
    assert written is None or (written.isascii() and ascii_domain(written) == written)


@given(st.text(st.characters(codec="utf-8", categories=["Ll", "Lo", "Mn"]), min_size=1, max_size=10))
def test_where_the_library_has_an_answer_it_is_the_same(label: str) -> None:
    try:
        expected = idna.encode(label, uts46=True).decode()
    except idna.IDNAError:
        return
    assert ascii_domain(label) == expected
