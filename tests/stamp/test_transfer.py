"""What is put in keeps to the transfer encoding of its part, and of the multiparts that it is in (RFC 2045 §6)."""

from __future__ import annotations

import pytest

from stationer import mime
from stationer.stamp import Block, Order, Unstamped, unstamp
from tests.stamp.laws import RICH, check_laws, decoded_texts
from tests.stamp.test_stamp import ALICE, UMLAUT, body_of, stamped, text


@pytest.mark.parametrize("encoding", ["8bit", "binary"])
def test_what_is_in_a_multipart_of_seven_bits_stays_so(encoding):
    inner = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n\n"
    head = "Content-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: 7bit\n"
    zoe = Order("t", (Block("signature", "", "Zoë"),))
    mail = text(f"--b\n{inner}Hello\n\n--b--\n", head)
    result = stamped(mail, zoe)
    assert result.isascii() and body_of(result) == "Hello\n\nZoë\n" and unstamp(result).bytes() == mail
    assert stamped(mail).count(encoding.encode()) == 1
    for other in (mail.replace(b"7bit", b"8bit"), mail.replace(b"Hello", "Hallöchen".encode())):
        assert f": {encoding}\n".encode() in stamped(other, zoe) and "Zoë".encode() in stamped(other, zoe)


FULL = ["x" * 76, "x" * 73 + "=3D", "x" * 75 + " ", "<html><body>" + "x" * 50 + "</body></html>", "x" * 60 + "</body></html>=20"]  # fmt: skip


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("kind", ["plain", "html"])
@pytest.mark.parametrize("line", FULL)
@pytest.mark.parametrize("framed", [False, True])
def test_a_full_line_of_quoted_printable_is_made_no_longer(framed, line, kind, end):
    inner = f"Content-Type: text/{kind}; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n"
    framed_mail = text(f"--b\n{inner}\n{line}\n--b--\n", "Content-Type: multipart/mixed; boundary=b\n")
    mail = (framed_mail if framed else text(line, inner)).replace(b"\n", end.encode())
    for order in (ALICE, UMLAUT, RICH):
        result = stamped(mail, order)
        part = mime.read(result).parts[-1]
        assert max(map(len, part.encoded.splitlines())) <= 76
        assert (
            unstamp(result).bytes() == mail and unstamp(stamped(mail, order, key=b"k"), key=b"o") is not None
        )


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("encoding", ["7bit", "8bit", "binary"])
@pytest.mark.parametrize("length", [980, 984, 990, 993, 994, 995, 998, 999, 1500])
@pytest.mark.parametrize("tail", ["", "</body>", "</body>" + " " * 993, "</body>\n</html>\n"])
def test_a_line_that_has_no_room_for_a_block_is_never_ended_for_it(tail, length, encoding, end):
    html = f"<html><body>{'x' * (length - 12)}{tail}".replace("\n", end)
    head = f"Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: {encoding}\n"
    mail = text(html, head).replace(b"\r\n", b"\n").replace(b"\n", end.encode())
    result = stamped(mail)
    assert max(map(len, result.splitlines())) <= 998 or (
        b"quoted-printable" not in result and len(html) > 998
    )
    check_laws(mail, ALICE, RICH)
    taken = unstamp(mime.without_headers(result, frozenset({"Stationer-Stamp"})))
    assert isinstance(taken, Unstamped) and decoded_texts(taken.bytes(), "text/html") == [html]


def test_a_text_of_one_long_line_stays_as_it_is_coded():
    result = stamped(text("x" * 1500))
    assert b"quoted-printable" not in result and body_of(result).startswith("x" * 1500 + "\n\n")
