"""Mails that hypothesis makes: any structure, charset, transfer encoding, line end, with and without a quote."""

from __future__ import annotations

import base64
import binascii

from hypothesis import strategies as st

from stationer.stamp import Block, Order

CHARSETS = (
    "us-ascii",
    "utf-8",
    "iso-8859-1",
    "windows-1252",
    "iso-8859-2",
    "gb18030",
    "shift_jis",
    "iso-2022-jp",
    "koi8-r",
)
ENCODINGS = ("7bit", "8bit", "quoted-printable", "base64")
WORDS = st.text("abc déžя日本 .,:<>&=-_\t\u00a0", max_size=60)
QUOTES = (
    "",
    "On Mon, Nov 2, 2026 at 5:15 PM Carol <carol@sommer.example> wrote:\n> Thursday?\n> Carol\n",
    "-----Original Message-----\nFrom: Carol <carol@sommer.example>\nSent: Monday\nTo: Alice\nSubject: Visit\n\nThursday?\n",
    "> one\n\nanswer\n\n> two\n",
    "________________________________\nFrom: Carol\nSent: Monday\nTo: Alice\nSubject: Visit\n\nHello\n",
)
HTML_QUOTES = (
    "",
    '<div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 5:15 PM Carol wrote:<br></div><blockquote>q</blockquote></div>',
    '<div id="appendonsend"></div><hr tabindex="-1"><div id="divRplyFwdMsg"><b>From:</b> Carol<br><b>Sent:</b> Monday<br><b>To:</b> A<br><b>Subject:</b> V</div>q',
    '<blockquote type="cite">q</blockquote><p>answer</p><blockquote type="cite">q</blockquote>',
    '<table><tr><td><blockquote type="cite">q</blockquote></td></tr></table>',
)
FRAMES = (
    "{}",
    "<html><body>{}</body></html>",
    "<HTML><BODY>{}</BODY></HTML>\n",
    "<html><head><title>t</title></head><body>{}",
    "{}</div>",
)


def coded(text: str, charset: str, encoding: str, end: str) -> bytes:
    """A body; characters the charset lacks become question marks."""
    plain = text.replace("\n", end).encode(charset, "replace")
    if encoding == "quoted-printable":
        return binascii.b2a_qp(plain, istext=True)
    if encoding == "base64":
        return base64.encodebytes(plain).replace(b"\n", end.encode())
    return plain if encoding == "8bit" else plain.decode("ascii", "replace").encode("ascii", "replace")


@st.composite
def leaves(draw: st.DrawFn, kind: str, end: str) -> bytes:
    """A text part with its header."""
    charset, encoding = draw(st.sampled_from(CHARSETS)), draw(st.sampled_from(ENCODINGS))
    words = "\n".join(draw(st.lists(WORDS, max_size=5)))
    if kind == "html":
        body = "".join(f"<p>{line}</p>\n" for line in words.split("\n")) + draw(st.sampled_from(HTML_QUOTES))
        text = draw(st.sampled_from(FRAMES)).format(body)
    else:
        text = words + "\n\n" * draw(st.integers(0, 1)) + draw(st.sampled_from(QUOTES))
    flowed = (
        draw(st.sampled_from(("", "; format=flowed", "; format=flowed; delsp=yes")))
        if kind == "plain"
        else ""
    )
    declared = draw(st.sampled_from((f'; charset="{charset}"', f";{end} charset={charset}", "")))
    head = f"Content-Type: text/{kind}{declared}{flowed}{end}"
    if encoding != "7bit" or draw(st.booleans()):
        head += f"Content-Transfer-Encoding: {encoding}{end}"
    return head.encode() + end.encode() + coded(text, charset, encoding, end)


IMAGE = b'Content-Type: image/png; name="i.png"\nContent-Transfer-Encoding: base64\nContent-ID: <i@b.example>\n\niVBORw0=\n'
PDF = b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nQUJDRA==\n"
#: What holds what: `t` a text part, `h` an HTML part, `i` an image, `p` a file; a word and a list is a multipart.
SHAPES = (
    ("alternative", "t", "h"),
    ("alternative", "h", "t"),
    ("mixed", "t", "p"),
    ("mixed", "h", "p"),
    ("related", "h", "i"),
    ("related", "h"),
    ("alternative", "t", ("related", "h", "i")),
    ("related", ("alternative", "t", "h"), "i"),
    ("mixed", ("related", ("alternative", "t", "h"), "i"), "p"),
    ("mixed", ("alternative", "t", ("related", "h", "i", "i")), "p"),
    ("alternative", "t", ("mixed", "h", "p", "h")),
    ("mixed", ("alternative", "t", "h"), "p"),
    ("related", ("related", "h", "i"), "i"),
)


@st.composite
def multiparts(draw: st.DrawFn, shape: tuple, end: str, boundary: str) -> bytes:
    """A multipart with its header; its closing delimiter may be missing, its last part may end right above it."""
    kind, *held = shape
    e = end.encode()
    parts: list[bytes] = []
    for number, one in enumerate(held):
        if isinstance(one, tuple):
            part = draw(multiparts(one, end, f"{boundary}{number}"))
        elif one in "th":
            part = draw(leaves("plain" if one == "t" else "html", end))
        else:
            part = (IMAGE if one == "i" else PDF).replace(b"\n", e)
        parts.append(b"--" + boundary.encode() + e + part + e)
    if draw(st.integers(0, 9)) == 0:
        parts[-1] = parts[-1].rstrip(b"\r\n") + e
    tail = draw(st.sampled_from(("--{}--" + end, "--{}--", "", "--{}--" + end + "epilogue" + end)))
    head = f'Content-Type: multipart/{kind};{end}\tboundary="{boundary}"{end}{end}'
    preamble = draw(st.sampled_from((b"", b"This is MIME." + e)))
    return head.encode() + preamble + b"".join(parts) + tail.format(boundary).encode()


@st.composite
def mails(draw: st.DrawFn) -> bytes:
    """A whole mail."""
    end = draw(st.sampled_from(("\r\n", "\n")))
    head = f"From: a@b.example{end}To: c@d.example{end}Subject: {draw(st.sampled_from(('V', 'Re: V', 'FW: V')))}{end}"
    head += draw(st.sampled_from(("", f"MIME-Version: 1.0{end}")))
    shape = draw(st.sampled_from(("bare", "plain", "html", "html", *SHAPES)))
    if shape == "bare":
        return (head + end).encode() + draw(WORDS).encode("utf-8")
    if isinstance(shape, tuple):
        return head.encode() + draw(multiparts(shape, end, "=_b"))
    more = draw(st.sampled_from(("", f"Content-Language: de{end}", f"Content-Disposition: inline{end}")))
    return (more + head).encode() + draw(leaves(shape, end))


BLOCK_HTML = (
    "<p>Alice</p>", "<table><tr><td>Žižek<td>電話</table>", "<div><b>open", "</div></div>x", "<!-- c", "<p>" + "wide " * 300,
    "<a href='" + "x" * 1200 + "'>y</a>", "a < b </ c", "", "<pre>  two\n  lines </pre>", "\0\ud800\x85é", "&nbsp;",
    "<img src=x.png><br>", "x" * 1100, "<style>b{}</style>", "--=_b", "\r\n\r\n", "<blockquote>q</blockquote>",
)  # fmt: skip
BLOCK_TEXT = (
    "Alice of ours", "Žižek – 電話\n+49 30", "-- \nAlice", "> quoted-looking", "From me", "", "x" * 1100, "wide " * 300, "\n\n x \n",
    "\0\ud800\x85é", ".", "a\rb", "--=_b", "On Monday Carol wrote:", "\u202eABC\u202c", "   ", "é" * 500,
)  # fmt: skip


@st.composite
def orders(draw: st.DrawFn) -> Order:
    """Any order: any slots, odd HTML and odd texts."""
    slots = st.sampled_from(("top", "signature", "banner", "footer"))
    block = st.builds(Block, slots, st.sampled_from(BLOCK_HTML), st.sampled_from(BLOCK_TEXT))
    return Order(
        draw(st.sampled_from((None, "a", "A.b_c-d", "z" * 64))), tuple(draw(st.lists(block, max_size=4)))
    )
