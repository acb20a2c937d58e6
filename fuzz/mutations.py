"""Ways to make a mail hostile: by its bytes, and by what its parts, fields, quotes and stamps are."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable

from tests.stamp.made import BLOCK_HTML, BLOCK_TEXT, CHARSETS, HTML_QUOTES, QUOTES

from stationer import mime
from stationer.mime import Cut, joined, splice
from stationer.stamp import Block, Order, Stamped, stamp
from stationer.wire.words import SLOTS

Mutation = Callable[[bytes, list[bytes], random.Random], bytes]

PIECES = (
    b"\n", b"\r\n", b"\r", b"\0", b"--", b"=", b"=\n", b"=3D", b"\xff", b"\xe2\x80", b"<", b">", b'"', b"'", b"<!--",
    b"-->", b"</body>", b"<html>", b"<pre>", b"<blockquote>", b"</div>", b"> ", b"From: ", b"On 1.1.2026 a wrote:",
    b"Content-Type: text/html", b"charset=utf-16", b"base64", b"quoted-printable", b"stationer-", b"\x1b$B", b":",
    b"<style>", b"<textarea>", b"<plaintext>", b"&", b"&#", b"=20\n", b"\t", b"\xc2\xa0", b"\xe3\x80\x80", b"\x85", b"\n\n",
    b"-----BEGIN PGP MESSAGE-----\n", b"____________________________\n", b"-- \n", b"<body>", b"</html>", b"<table><tr><td>",
    b"Stationer-Stamp: v=1; id=a; u=eJyLBgAAWwBb\n", b"Content-Disposition: attachment\n", b'; format=flowed; delsp=yes',
    b"Content-Type: multipart/related; boundary=b\n", b"--b\n", b"--b--\n", b"<!-->", b"<!--->", b"--!>", b"</ ", b"<!",
    b"<?", b"</style", b"<style/>", b"<title>", b"\x1b", b"\x1b(B", b"\x0e", b"\x0f", b"\x81", b"\x8f\xa1", b"~{", b"+",
)  # fmt: skip
MORE_CHARSETS = (
    *CHARSETS,
    "utf-7",
    "utf-16",
    "utf-16le",
    "hz",
    "big5",
    "euc-jp",
    "iso-8859-8-i",
    "cp037",
    "x-unknown",
    "",
    "\xff",
)
MORE_ENCODINGS = (
    "7bit",
    "8bit",
    "binary",
    "quoted-printable",
    "base64",
    "x-uuencode",
    "7-bit",
    "BASE64",
    "",
    "quoted-printable;",
)
TYPES = (
    "text/plain", "text/html", "text", "multipart/mixed", "multipart/related", "multipart/alternative", "message/rfc822",
    "multipart/signed", "image/png", "multipart/digest", "text/enriched", "TEXT/HTML", "multipart/report", "text/plain; name=a",
)  # fmt: skip
TOKEN = re.compile(rb"stationer-[A-Za-z0-9._-]+-(?:top|signature|banner|footer)-[a-z2-7]{8}-[a-z2-7]{16}")
BOUNDARY = re.compile(rb'boundary="?([^"\s;]+)')


def ordered(chance: random.Random) -> Order:
    """Any order: any slots, odd HTML and odd texts."""
    blocks = tuple(
        Block(chance.choice(SLOTS), chance.choice(BLOCK_HTML), chance.choice(BLOCK_TEXT))
        for _ in range(chance.choice((1, 1, 1, 2, 3)))
    )
    return Order(chance.choice((None, "fuzz", "A.b_c-d")), blocks)


def bytewise(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A piece put in, a stretch lost, doubled, moved, or taken from another mail."""
    at, length = chance.randrange(len(mail) + 1), chance.choice((0, 1, 2, 5, 20, 200))
    held, other = mail[at : at + length], chance.choice(others)
    start = chance.randrange(len(other) + 1)
    news = (chance.choice(PIECES), b"", held * 2, other[start : start + 300], bytes([chance.randrange(256)]))
    return mail[:at] + chance.choice(news) + mail[at + length :]


def swapped_boundaries(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A boundary called otherwise, everywhere or only where it is declared."""
    found = BOUNDARY.findall(mail)
    if not found:
        return mail
    old, new = (
        chance.choice(found),
        chance.choice((*found, b"-", b"--", b"=_b", b"x" * 80, b"a b", b".*", b"\xe9", b"(", b"n")),
    )
    return mail.replace(old, new, chance.choice((1, 2, -1)))


def valued(names: tuple[str, ...], pattern: bytes) -> Mutation:
    """A parameter or a field with another value."""
    sought = re.compile(pattern, re.IGNORECASE)

    def mutation(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
        found = list(sought.finditer(mail))
        if not found:
            return mail
        place = chance.choice(found)
        return mail[: place.start(1)] + chance.choice(names).encode("latin-1") + mail[place.end(1) :]

    return mutation


def recoded(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A part's body in base64, whatever its header says, in lines of some length."""
    leaves = [part for part in mime.read(mail).parts if not part.children]
    part, width = chance.choice(leaves), chance.choice((4, 57, 76, 77, 1000))
    letters = base64.b64encode(part.encoded)
    lines = b"\n".join(letters[at : at + width] for at in range(0, len(letters), width))
    return mail[: part.body] + lines + mail[part.end :]


def line_ends(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Other line ends: all of them, or by chance."""
    even = mail.replace(b"\r\n", b"\n")
    one = chance.choice((b"\n", b"\r\n", b"\r\n", b"\r", b""))
    if one:
        return even.replace(b"\n", one)
    return b"".join(line + chance.choice((b"\n", b"\r\n", b"\r\r\n")) for line in even.split(b"\n"))


def quoting(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A quote put into a part."""
    part = chance.choice([part for part in mime.read(mail).parts if not part.children])
    at = chance.choice((part.body, part.end, chance.randint(part.body, max(part.body, part.end))))
    return mail[:at] + chance.choice(QUOTES + HTML_QUOTES).encode() + mail[at:]


def stamping(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The mail stamped already."""
    answer = stamp(mail, ordered(chance), key=chance.choice((None, b"key")))
    return answer.bytes() if isinstance(answer, Stamped) else mail


def tokens(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Markers prefixed, doubled, edited, or put where none was."""
    found = list(TOKEN.finditer(mail))
    if not found:
        at = chance.randrange(len(mail) + 1)
        return mail[:at] + b'<div id="stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa">x</div>' + mail[at:]
    place = chance.choice(found)
    new = chance.choice(
        (b"x_" + place[0], b"m_-1" + place[0], place[0] + b"z", place[0].upper(), place[0] + b" " + place[0])
    )
    return mail[: place.start()] + new + mail[place.end() :]


def folding(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A header folded otherwise, or not at all."""
    fields = mime.read(mail).root.fields
    if not fields:
        return mail
    field = chance.choice(fields)
    held = mail[field.start : field.end]
    new = chance.choice(
        (re.sub(rb"\r?\n[ \t]+", b" ", held), held.replace(b" ", b"\n "), held.replace(b";", b";\r\n\t"), held.replace(b":", b" :\n ", 1))
    )  # fmt: skip
    return mail[: field.start] + new + mail[field.end :]


def cut_off(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The mail's beginning, or its end."""
    at = chance.randrange(len(mail) + 1)
    return chance.choice((mail[:at], mail[:at], mail[at:]))


def joining(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Two mails as one: behind one another, one carried along by the other, or both as parts."""
    other = chance.choice(others)
    framed = b"From: a@b.example\nContent-Type: multipart/%s; boundary=J\n\n--J\n%s\n--J\n%s\n--J--\n"
    ways = (
        mail + other,
        framed % (chance.choice((b"mixed", b"alternative", b"related", b"digest")), mail, other),
        framed % (b"mixed", mail, b"Content-Type: message/rfc822\n\n" + other),
        framed
        % (b"mixed", mail, b"Content-Type: application/pdf\nContent-Transfer-Encoding: base64\n\nQUJD"),
    )
    return chance.choice(ways)


def relayed(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A part whose header says another charset or encoding, and a body that is so."""
    seen = mime.read(mail)
    part = chance.choice([part for part in seen.parts if not part.children])
    plain = part.encoded.decode("latin-1").encode(chance.choice(("utf-8", "latin-1")))
    head = b"Content-Type: %s; charset=utf-8\n" % chance.choice((b"text/plain", b"text/html"))
    return joined(
        splice(mail, [Cut(part.start, part.start, head), Cut(part.body, max(part.body, part.end), plain)])
    )


#: What changes how the octets behind it are read, whole and torn: escapes and shifts (ISO-2022, HZ, UTF-7), the first
#: octets of a character.
STATES = (
    b"\x1b", b"\x1b$", b"\x1b(", b"\x1b(J", b"\x1b(B", b"\x1b$B", b"\x1b$B\x34", b"\x1b$B\x34\x41", b"\x1b$)C\x0e", b"\x0e", b"\x0f",
    b"\x1bN", b"\x1b.A", b"~{", b"~", b"~\n", b"+", b"+ZeU", b"\x81", b"\x81\x30", b"\x81\x30\x81", b"\x88", b"\xa4", b"\x8f\xa1",
    b"\xe2", b"\xe2\x80", b"\xf0\x9f\x98", b"\xc3", b"\xa0", b"\xef\xbb\xbf", b"\xff",
)  # fmt: skip
STATEFUL = (
    b"iso-2022-jp", b"iso-2022-jp-2", b"iso-2022-kr", b"hz", b"utf-7", b"shift_jis", b"big5", b"gb18030", b"johab", b"gbk",
    b"euc-jp", b"euc-kr", b"utf-8",
)  # fmt: skip
CHARSET = re.compile(rb'charset="?([^";\s]*)', re.IGNORECASE)


def edges(mail: bytes) -> list[int]:
    """The offsets beside which a block may go: a part's begin and end, a quote's, an element's that frames the words."""
    leaves = [part for part in mime.read(mail).parts if not part.children]
    found = [at for part in leaves for at in (part.body, max(part.body, part.end))]
    return found + [tag.start() for tag in EDGE.finditer(mail)]


EDGE = re.compile(rb"</?(?:body|html|blockquote|div)\b|(?<=\n)(?:>|-- \n|On |From:|--=20)", re.IGNORECASE)


def shifting(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Octets that change how the next are read, where a block may go; as a rule in a charset where they do."""
    at = chance.choice(edges(mail))
    mail = mail[:at] + chance.choice(STATES) + mail[at:]
    found = list(CHARSET.finditer(mail))
    if found and chance.random() < 0.7:
        place = chance.choice(found)
        mail = mail[: place.start(1)] + chance.choice(STATEFUL) + mail[place.end(1) :]
    return mail


#: What hides what follows, or ends it; whole, torn, or empty.
VEILS = (
    b"<!-->", b"<!--->", b"<!--", b"-->", b"--!>", b"<!-- x --!>", b"<!-- <!-->", b"<!--[if !mso]><!-->", b"<!--<![endif]-->", b"<!",
    b"<!x>", b"<?", b"<?x>", b"</", b"</ x>", b"</>", b"<", b"<style>", b"<style/>", b"</style>", b"</styles>", b"<title>", b"</title>",
    b"<textarea>", b"</textarea>", b"<script>", b"</script>", b"<template>", b"<noscript>", b"<xml>", b"</xml>", b"<p title='<!--'>",
    b'<p title="', b"<p a=it's>", b"<select>", b"<details>", b"<plaintext>", b"<table>", b"</table>", b"<svg>", b"<![CDATA[", b"]]>",
)  # fmt: skip


def veiling(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Comments, declarations and elements that hide, begun or ended where a block may go."""
    for _ in range(chance.choice((1, 1, 2, 3))):
        at = chance.choice(edges(mail))
        mail = mail[:at] + chance.choice(VEILS) + mail[at:]
    return mail


def echoing(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """What a block says, or a whole block, in the author's own words as well."""
    said = (
        *BLOCK_TEXT,
        *BLOCK_HTML,
        "Alice Winter\nWinter & Partner",
        "<p>Alice Winter</p>",
        "Alice",
        "Fair",
        "Terms",
    )
    own = chance.choice(said).encode("utf-8", "replace")
    at = chance.choice(edges(mail))
    return (
        mail[:at]
        + chance.choice((own, b"\n" + own + b"\n", b"-- \n" + own, b"\n" * 2 + own, own + b"\n> x\n"))
        + mail[at:]
    )


def bulk(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """A stretch a great many times: what is slow shows."""
    if chance.random() > 0.02:
        return mail
    at = chance.randrange(len(mail) + 1)
    piece = chance.choice((mail[at : at + chance.choice((1, 5, 40, 400))], chance.choice(PIECES)))
    return mail[:at] + piece * (chance.choice((20_000, 200_000)) // max(1, len(piece))) + mail[at:]


def noise(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """Random bytes, in place of a stretch or of everything."""
    held = chance.randbytes(chance.choice((1, 10, 300)))
    at = chance.randrange(len(mail) + 1)
    return chance.choice((held, mail[:at] + held + mail[at:], mail[:at] + held + mail[at + len(held) :]))


MUTATIONS: tuple[Mutation, ...] = (
    *(bytewise,) * 8,
    swapped_boundaries, recoded, line_ends, quoting, stamping, stamping, tokens, folding, cut_off, joining, relayed, bulk, noise,
    shifting, veiling, veiling, echoing,
    valued(MORE_CHARSETS, rb'charset="?([^";\s]*)'),
    valued(MORE_ENCODINGS, rb"content-transfer-encoding:[ \t]*([^\r\n]*)"),
    valued(TYPES, rb"content-type:[ \t]*([^;\r\n]*)"),
)  # fmt: skip


def mutated(mail: bytes, others: list[bytes], chance: random.Random) -> bytes:
    """The mail with up to six changes."""
    for _ in range(chance.randint(1, 6)):
        mail = chance.choice(MUTATIONS)(mail, others, chance)
    return mail
