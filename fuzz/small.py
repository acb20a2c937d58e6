"""Small mails of any shape: what a finding shrinks to, made at once. A hundred of them cost what one real mail does."""

from __future__ import annotations

import base64
import binascii
import random

from tests.stamp.made import BLOCK_TEXT, HTML_QUOTES, IMAGE, PDF, QUOTES

CHARSETS = (
    "", "us-ascii", "utf-8", "utf-8", "iso-8859-1", "windows-1252", "iso-2022-jp", "iso-2022-kr", "shift_jis", "big5", "gb18030",
    "euc-kr", "koi8-r", "x-unknown",
)  # fmt: skip
CODINGS = ("", "7bit", "8bit", "quoted-printable", "base64")
WORDS = (
    "Hello", "Grüße", "日本", "a = b", "x" * 75, "é" * 40, " indented", "ends ", "> q", ">q", "-- ", "--", "--b", ":", "", "", "\t",
    "Alice Winter", "Winter & Partner", "From here", "Carol wrote:", "____________", "=3D", ".", "\ufeff", "\u00a0", "Thursday?",
    "On Mon, Nov 2, 2026 at 5:15 PM Carol <carol@sommer.example> wrote:", "Subject: V", "To: a@b.example", "Sent: Monday",
)  # fmt: skip
TAGS = (
    "<p>", "</p>", "<div>", "</div>", "<br>", "<b>", "</b>", "<td>", "<table>", "</table>", "<tr>", "<pre>", "</pre>", "<body>", "</body>",
    "<html>", "</html>", "<blockquote>", "</blockquote>", '<blockquote type="cite">', '<div class="gmail_quote">', "<hr>", "<style>",
    "</style>", "<title>", "</title>", "<!--", "-->", "<!-->", "--!>", "<!", "</ ", "<", ">", '"', "'", "<p title='>'>", "<a href=x'y>",
    "<details>", "<select>", "<ul><li>", '<div dir="ltr">', "<xmp>", "<![if !mso]>", "&nbsp;", "&gt; q", '<span style="white-space:pre">',
)  # fmt: skip
ENDS = ("\n", "\r\n")


def small(chance: random.Random) -> bytes:
    """A mail."""
    end = chance.choice(ENDS)
    head = "".join(
        chance.choice(("", field))
        for field in ("From: a@b.example\n", "Subject: Re: V\n", "Subject: V\n", "MIME-Version: 1.0\n", "In-Reply-To: <1@b>\n")
    )  # fmt: skip
    shape = _entity(chance, end, 0)
    return (head or "To: \n").replace("\n", end).encode() + shape


def _entity(chance: random.Random, end: str, depth: int) -> bytes:
    """A header's own fields, a blank line and a body."""
    kind = chance.choice(("plain", "plain", "html", "html", "multi", "multi", "other"))
    if kind == "multi" and depth < 3:
        return _multipart(chance, end, depth)
    if kind == "other" and depth:
        return chance.choice((IMAGE, PDF)).replace(b"\n", end.encode())
    return _leaf(chance, end, "html" if kind == "html" else "plain")


def _multipart(chance: random.Random, end: str, depth: int) -> bytes:
    """A multipart, its last delimiter, or any line end before one, missing at times."""
    sub, line = chance.choice(("mixed", "alternative", "related", "mixed")), f"--b{depth}"
    said = f"Content-Type: multipart/{sub}; boundary=b{depth}{end}"
    parts = [_entity(chance, end, depth + 1) for _ in range(chance.choice((1, 2, 2, 3)))]
    gap = chance.choice((end, end, ""))
    held = "".join(f"{line}{end}{part.decode('latin-1')}{gap}" for part in parts)
    close = chance.choice(
        (f"{line}--{end}", f"{line}--{end}", f"{line}--", "", line, f"{line}--{end}epilogue{end}")
    )
    return (said + end + held + close).encode("latin-1")


def _leaf(chance: random.Random, end: str, kind: str) -> bytes:
    """A text, its fields in any order."""
    charset, coding = chance.choice(CHARSETS), chance.choice(CODINGS)
    said = f"; charset={charset}" if charset else ""
    said += chance.choice(("", "", "; format=flowed", "; name=a.txt")) if kind == "plain" else ""
    fields = (
        [f"Content-Type: text/{kind}{said}{end}"] if kind == "html" or said or chance.random() < 0.5 else []
    )
    fields += [f"Content-Transfer-Encoding: {coding}{end}"] if coding else []
    chance.shuffle(fields)
    gap = end if chance.random() < 0.97 else ""
    return ("".join(fields) + gap).encode() + _coded(
        _text(chance, kind).replace("\n", end), charset, coding, chance
    )


def _text(chance: random.Random, kind: str) -> str:
    """A few lines, a quote at times."""
    pool = WORDS + TAGS * 2 if kind == "html" else WORDS + BLOCK_TEXT[:6]
    lines = [chance.choice(pool) for _ in range(chance.randint(0, 9))]
    text = "".join(line + chance.choice(("\n", "\n", "", " ")) for line in lines)
    quote = chance.choice(HTML_QUOTES if kind == "html" else QUOTES)
    return chance.choice((text, text, text + quote, text + quote + chance.choice(WORDS)))


def _coded(text: str, charset: str, coding: str, chance: random.Random) -> bytes:
    """The text as its header says, or nearly."""
    try:
        plain = text.encode(charset or "utf-8", "replace")
    except LookupError:
        plain = text.encode("latin-1", "replace")
    if coding == "quoted-printable":
        return binascii.b2a_qp(plain, istext=chance.random() < 0.8)
    if coding == "base64":
        return base64.encodebytes(plain) if chance.random() < 0.7 else base64.b64encode(plain)
    return plain
