"""What is put in keeps to the transfer encoding of its part, and of the multiparts that it is in (RFC 2045 §6)."""

from __future__ import annotations

import pytest

from stationer import mime
from stationer.stamp import Block, Order, unstamp
from tests.stamp.laws import RICH
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
