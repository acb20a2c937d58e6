"""Types, dispositions and their parameters are read as mails really write them (RFC 2045 §5.1, RFC 2231)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import mime
from stationer.mime.parameters import token_and_parameters


@pytest.mark.parametrize(
    ("value", "token", "parameters"),
    [
        (b'Text/HTML; charset="utf-8"', "text/html", {"charset": b"utf-8"}),
        (b"text/plain;charset=utf-8;", "text/plain", {"charset": b"utf-8"}),
        (b"text / plain ; CHARSET = utf-8 ; format = flowed", "text/plain", {"charset": b"utf-8", "format": b"flowed"}),
        (b"text/plain (a; charset=x); charset=y (why)", "text/plain", {"charset": b"y"}),
        (b'text/plain; name="a;b\\"c(d).txt"', "text/plain", {"name": b'a;b"c(d).txt'}),
        (b'text/html; charset="utf-8', "text/html", {"charset": b"utf-8"}),
        (b'text/html; charset="utf-8 (x)', "text/html", {"charset": b"utf-8 (x)"}),
        (b'text/html; charset="utf-8 (x)\\', "text/html", {"charset": b"utf-8 (x)"}),
        (b"text/html; a=\\(b; charset=utf-8 (x)", "text/html", {"a": b"\\(b", "charset": b"utf-8"}),
        (b"text/plain; charset=one; charset=two", "text/plain", {"charset": b"one"}),
        (b"text/plain; charset*=us-ascii'en'utf%2D8", "text/plain", {"charset": b"utf-8"}),
        (b"text/plain; charset*=utf-8", "text/plain", {"charset": b"utf-8"}),
        (b'attachment; filename*0="a"; filename*1="%20b.txt"', "attachment", {"filename": b"a%20b.txt"}),
        (b"attachment; filename*0*=utf-8''a%20; filename*1=%20; filename*2*=%C3%A9", "attachment", {"filename": b"a %20\xc3\xa9"}),
        (b"attachment; filename*1=b; filename*0=a", "attachment", {"filename": b"ab"}),
        (b"attachment; filename*1=b", "attachment", {"filename": b""}),
        (b"attachment; filename=a; filename*=utf-8''b", "attachment", {"filename": b"a"}),
        (b"; charset=utf-8", "", {"charset": b"utf-8"}),
        (b"text", "text", {}),
        (b"", "", {}),
        (b"text/plain; =x; charset", "text/plain", {}),
        (b'multipart/mixed; boundary="----=_Part (1)"', "multipart/mixed", {"boundary": b"----=_Part (1)"}),
        (b"te\xffxt/plain", "te\ufffdxt/plain", {}),
    ],
)  # fmt: skip
def test_a_value_is_its_token_and_its_parameters(value, token, parameters):
    assert token_and_parameters(value) == (token, parameters)


@given(
    st.lists(
        st.sampled_from(
            [b";", b"=", b'"', b"\\", b"(", b")", b"*", b"0", b"'", b"%", b"a", b" ", b"/", b"\n ", b"\xff"]
        )
    )
)
def test_any_value_is_read(pieces):
    token, parameters = token_and_parameters(b"".join(pieces))
    assert isinstance(token, str) and all(type(value) is bytes for value in parameters.values())


@given(st.binary(max_size=60).filter(lambda raw: raw.strip() == raw))
def test_what_rfc_2231_encodes_comes_back(raw):
    coded = "".join(f"%{octet:02X}" for octet in raw).encode()
    halves = coded[: len(coded) // 6 * 3], coded[len(coded) // 6 * 3 :]
    value = b"attachment; filename*0*=''%s; filename*1*=%s" % halves
    assert token_and_parameters(value)[1]["filename"] == raw


def part_of(head: bytes) -> mime.Part:
    return mime.read(head + b"\n\nbody").root


def test_of_a_field_given_twice_the_first_counts():
    part = part_of(
        b"Content-Type: text/html\nContent-Type: text/plain\nContent-Transfer-Encoding: 8bit\nContent-Transfer-Encoding: base64"
    )
    assert (part.type, part.encoding) == ("text/html", "8bit")


@pytest.mark.parametrize(
    ("head", "kind", "encoding", "disposition"),
    [
        (b"A: b", "text/plain", "7bit", ""),
        (b"Content-Type: text", "text/plain", "7bit", ""),
        (b"Content-Type: rubbish\nContent-Transfer-Encoding: 8-bit", "text/plain", "8bit", ""),
        (
            b"content-type:\n\ttext/html\nCONTENT-TRANSFER-ENCODING: Quoted-Printable (x)",
            "text/html",
            "quoted-printable",
            "",
        ),
        (
            b"Content-Disposition: ATTACHMENT; filename=a\nContent-Transfer-Encoding:",
            "text/plain",
            "7bit",
            "attachment",
        ),
    ],
)
def test_a_part_is_what_its_header_says(head, kind, encoding, disposition):
    part = part_of(head)
    assert (part.type, part.encoding, part.disposition) == (kind, encoding, disposition)
