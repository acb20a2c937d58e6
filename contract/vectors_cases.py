"""The mails and orders of the golden cases: a case for every rule of dressing, every structure that takes pictures,
every way to stamp again and to unstamp."""

from __future__ import annotations

import base64
from collections.abc import Iterator

from contract.vectors_shape import StampCase, VectorBlock, VectorOrder, VectorPicture

from stationer.mime import without_headers
from stationer.stamp import Block, Order, Picture, Stamped, Unstamped, stamp, unstamp

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
SIGNATURE = VectorBlock("signature", "<p>Alice Winter</p>", "Alice Winter\nWinter & Partner", "alicemrk")
UMLAUT = VectorBlock("signature", "<p>Jürgen — 電話</p>", "Jürgen — 電話", "umlautmk")
LOGO = VectorPicture("logo", "image/png", DOT, "https://acme.example/logo.png?a=1&b=2")
PICTURED = VectorBlock(
    "signature", '<p><img src="cid:logo" alt="ACME">Alice</p>', "Alice", "pictures", (LOGO,)
)
BANNER = VectorBlock(
    "banner",
    "<table background='cid:fair.gif'><tr><td style='background:url(cid:same)'>Fair</table>",
    "Fair",
    "bannermk",
    (
        VectorPicture("fair.gif", "image/gif", b"GIF89a" + bytes(range(200))),
        VectorPicture("same", "image/png", DOT),
    ),
)
LINKED = VectorBlock("footer", '<img src="cid:logo">', "", "linkedmk", (LOGO,), "link")
HEAD = "From: a@b.example\nSubject: V\nMIME-Version: 1.0\n"
TEXT = "Content-Type: text/plain\n\nHello\n"
HTML = "Content-Type: text/html; charset=utf-8\n\n<html><body><p>Hello</p></body></html>\n"
IMAGE = "Content-Type: image/gif\nContent-ID: <theirs@b.example>\nContent-Transfer-Encoding: base64\n\nR0lG\n"


def order(*blocks: VectorBlock, id: str | None = "golden") -> VectorOrder:
    """An order of these blocks."""
    return VectorOrder(blocks, id)


def pictures_of(block: VectorBlock) -> tuple[Picture, ...]:
    """The pictures of a block."""
    return tuple(Picture(p.name, p.type, p.data, p.url) for p in block.pictures)


def order_of(given: VectorOrder) -> Order:
    """The order of a case."""
    blocks = [
        Block(b.slot, b.html, b.text, b.mark, pictures_of(b), b.carry)  # type: ignore[arg-type]
        for b in given.blocks
    ]
    return Order(given.id, tuple(blocks))


def case(
    name: str,
    mail: bytes,
    given: VectorOrder | None = None,
    key: bytes | None = None,
    max_size: int = 50_000_000,
) -> StampCase:
    """The case with its answer."""
    if given is None:
        taken = unstamp(mail, key=key)
        if isinstance(taken, Unstamped):
            return StampCase(name, mail, None, key, max_size, taken.bytes(), None, taken.exact)
        return StampCase(name, mail, None, key, max_size, None, taken.reason)
    answer = stamp(mail, order_of(given), key=key, max_size=max_size)
    if isinstance(answer, Stamped):
        return StampCase(name, mail, given, key, max_size, answer.bytes())
    return StampCase(name, mail, given, key, max_size, None, answer.reason)


def plain(
    body: str | bytes, more: str = "; charset=utf-8", coding: str = "8bit", kind: str = "plain"
) -> bytes:
    """A mail of one part."""
    head = f"{HEAD}Content-Type: text/{kind}{more}\nContent-Transfer-Encoding: {coding}\n\n"
    return head.encode() + (body if isinstance(body, bytes) else body.encode())


def multi(kind: str, *parts: str, boundary: str = "b", close: str = "--\n") -> str:
    """A multipart with its header."""
    line = "--" + boundary
    held = "".join(f"{line}\n{part}\n" for part in parts)
    return f"Content-Type: multipart/{kind}; boundary={boundary}\n\n{held}{line + close if close else ''}"


def whole(body: str) -> bytes:
    """A mail with this body, its header included."""
    return (HEAD + body).encode()


def dress() -> Iterator[StampCase]:
    """Every rule of contract/stamp.md §5, How a block is dressed."""
    latin, page = "; charset=iso-8859-1", "<html><body><p>Grüße</p></body></html>\n"
    link = VectorBlock("footer", f'<a href="https://x.example/{"a" * 1000}">x</a>', "", "longmark")
    wide = VectorBlock("banner", "<p>" + "wide <b>word</b> " * 120 + "</p>", "wide " * 240, "widemark")
    odd = VectorBlock("signature", "", "one  \n indented\n> looks quoted\nFrom here\n-- \nlast", "stuffing")
    slots = [
        VectorBlock(s, f"<p>{s}</p>", s, m * 8) for s, m in (("footer", "f"), ("banner", "b"), ("top", "t"))
    ]  # type: ignore[arg-type]
    base = base64.encodebytes(b"Ja.\n\nAm 02.11.26 um 17:15 schrieb Carol:\n> alt\n")
    yield case(
        "HTML as numeric references, its charset kept",
        plain(page.encode("latin-1"), latin, kind="html"),
        order(UMLAUT),
    )
    yield case(
        "text in the part's charset",
        plain("Grüße\n".encode("latin-1"), latin),
        order(VectorBlock("signature", "", "Jürgen", "latinmrk")),
    )
    yield case("text that moves its part to UTF-8", plain("Grüße\n".encode("latin-1"), latin), order(UMLAUT))
    yield case("a part that declares no charset", plain("Hello\n", "", "7bit"), order(UMLAUT))
    yield case("7bit becomes quoted-printable", plain("1 = 1\n", "; charset=utf-8", "7bit"), order(UMLAUT))
    yield case("a mail without MIME fields", b"From: a@b.example\r\n\r\nHello\r\n", order(UMLAUT))
    yield case(
        "quoted-printable between soft breaks",
        plain("<p>a=3Db</p>=20=\n</body></html>\n", latin, "quoted-printable", "html"),
        order(SIGNATURE),
    )
    yield case("base64, text", plain(base, coding="base64"), order(SIGNATURE))
    yield case(
        "base64, HTML, two places",
        plain(base64.encodebytes(page.encode()), coding="base64", kind="html"),
        order(SIGNATURE, *slots),
    )
    yield case(
        "long lines of HTML end inside tags and at spaces",
        plain("<p>Hi</p>\n", coding="7bit", kind="html"),
        order(wide),
    )
    yield case(
        "a word without a place to end a line", plain("<p>Hi</p>\n", coding="7bit", kind="html"), order(link)
    )
    yield case(
        "a line of the author's that is nearly too long",
        plain(f"<p>{'x' * 985}</p>", coding="7bit", kind="html"),
        order(SIGNATURE),
    )
    yield case("long lines of text", plain("Hello\n"), order(wide))
    yield case("format=flowed", plain("Hello \nthere\n", "; format=flowed", "7bit"), order(odd))
    yield case(
        "format=flowed with DelSp", plain("Hello \nthere\n", "; format=flowed; delsp=yes", "7bit"), order(odd)
    )
    yield case("a fixed format", plain("Hello\n", "", "7bit"), order(odd))
    yield case("behind the author's own signature", plain("Hi\n\n-- \nAl\n"), order(SIGNATURE))
    yield case("above a quote", plain("Yes.\n\n> old\n> words\n"), order(SIGNATURE))
    yield case("an empty body", plain(""), order(SIGNATURE))
    yield case("CRLF", plain("Hello\n\n> q\n").replace(b"\n", b"\r\n"), order(SIGNATURE))
    yield case("slots in their order, text", plain("Hello\n"), order(*slots, SIGNATURE))
    yield case("slots in their order, HTML", plain(page, kind="html"), order(*slots, SIGNATURE))
    yield case("text and HTML", whole(multi("alternative", TEXT, HTML)), order(SIGNATURE))
    yield case(
        "an empty part right above its delimiter",
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\n--b--\n",
        order(SIGNATURE),
    )
    yield case("no id: the digest of the order", plain("Hello\n"), order(SIGNATURE, id=None))
    yield case("a key", plain("Hello\n"), order(SIGNATURE), b"golden key")
    yield case(
        "a charset without ASCII in it",
        plain("Hello\n".encode("utf-16"), "; charset=utf-16"),
        order(SIGNATURE),
    )
    for name, above in {
        "an escape that is torn": b"Hello\x1b",
        "an escape that nothing takes back": b"Hello \x1b$B4A",
        "an escape that changes nothing": b"Hello\x1b(B\n\x1b(B> q\n",
    }.items():
        yield case(name, plain(above, "; charset=iso-2022-jp", "7bit"), order(SIGNATURE))
    yield case(
        "half a character", plain(b"Hello \xe2\x80</body>", coding="8bit", kind="html"), order(SIGNATURE)
    )
    yield case(
        "conditional comments in a block",
        plain("<p>Hi</p>\n", kind="html"),
        order(VectorBlock("banner", "<!--[if !mso]><!--><p>Fair</p><!--<![endif]--><!-->", "", "condmark")),
    )
    yield case(
        "HTML that would swallow the block",
        plain('<p>Hello</p><div class="never closed', kind="html"),
        order(SIGNATURE),
    )

    yield from shown()


def shown() -> Iterator[StampCase]:
    """Where a block would be shown elsewhere than it is written (contract/stamp.md §6), and its line ends (§3)."""
    lines = VectorBlock("signature", "<p>one\ntwo</p>", "", "linemark")
    top = VectorBlock("top", "<p>top</p>", "", "toptopto")
    warning = "<html><body><p>CAUTION: external e-mail.</p></body></html>\n"
    for name, html in {
        "a table left open": "<p>Hi</p><table><tr><td>words</td></tr>\n",
        "a menu left open": "<p>Hi</p><select><option>\n",
        "a menu left open, with words": "<p>Hi</p><select><option>words\n",
        "a folded section left open": "<p>Hi</p><details><summary>more</summary>\n",
        "HTML that shows line ends": "<pre>Hi\n\nwords\n",
        "a gateway's document in front": warning + "<html><body><p>Hi</p></body></html>\n",
        "a gateway's document in front of a piece": warning + "<div>Hi</div>\n",
        "a quote that is begun and shows nothing": "<p>Hi</p><blockquote>\n",
        "a mark in a tag that opens no value": '<p>Hi</p><p ">words</p>\n',
        "a value that is closed further on": '<p>Hi</p><a href="x>y</a><b title="z">words</b>\n',
        "a value that is never closed": '<p>Hi</p><a href="x>words</a>\n',
        "comments that end at once": "<p>Hi</p><!--><!--->words\n",
        "a comment that ends with an exclamation mark": "<p>Hi</p><!-- a --!>words\n",
        "a comment that never ends": "<p>Hi</p><!-- words\n",
        "an end tag without a name": "<p>Hi</p></ <b>words\n",
        "a document behind": "<html><body><p>Hi</p></body></html><html><body>more</body></html>\n",
    }.items():
        yield case(name, plain(html, kind="html"), order(lines, top))


def pictures() -> Iterator[StampCase]:
    """Every structure of contract/stamp.md §5, How pictures are embedded."""
    inner = multi("alternative", TEXT, HTML, boundary="c")
    related = multi("related", HTML, IMAGE)
    root = HEAD + "Content-Language: de\nContent-Disposition: inline\n"
    both = order(PICTURED, BANNER, LINKED)
    yield case("HTML that is the whole mail", whole(HTML), both)
    yield case("the same in CRLF", whole(HTML).replace(b"\n", b"\r\n"), both)
    yield case("the root's fields move", (root + HTML).encode(), both)
    yield case("8bit says so", plain("<p>Grüße</p>\n", kind="html"), both)
    yield case("HTML beside its text", whole(multi("alternative", TEXT, HTML)), both)
    yield case("a related of the author's", whole(related), both)
    yield case("a related that is never closed", whole(multi("related", HTML, IMAGE, close="")), both)
    behind = multi("related", IMAGE, "Content-ID: <root@b.example>\n" + HTML)
    start = behind.replace("boundary=b", 'boundary=b; type="text/html"; start="<root@b.example>"')
    yield case("a related whose start is behind", whole(start), both)
    yield case("a related round an alternative", whole(multi("related", inner, IMAGE)), both)
    yield case(
        "nested in a mixture",
        whole(multi("mixed", multi("related", inner, IMAGE, boundary="d"), IMAGE)),
        both,
    )
    yield case("a mixture", whole(multi("mixed", HTML, IMAGE)), both)
    yield case("an unclosed mixture", whole(multi("mixed", TEXT + "", HTML, close="")), both)
    yield case("a mail of text alone", plain("Hello\n"), both)
    yield case("linked alone", whole(HTML), order(LINKED))
    first = order_of(order(PICTURED))
    quoted = stamp(whole(HTML), first)
    assert isinstance(quoted, Stamped)
    forward = multi("mixed", HTML, "Content-Type: message/rfc822\n\n" + quoted.bytes().decode())
    yield case("a boundary that an attached mail has already", whole(forward), order(PICTURED))


def bare(mail: bytes) -> bytes:
    """The mail without our header, as some relays hand it on."""
    return without_headers(mail, frozenset({"Stationer-Stamp"}))


def stamped(mail: bytes, given: VectorOrder, key: bytes | None = None) -> bytes:
    """The mail stamped."""
    answer = stamp(mail, order_of(given), key=key)
    assert isinstance(answer, Stamped), answer
    return answer.bytes()


def restamp() -> Iterator[StampCase]:
    """A stamped mail stamped again, and what is refused."""
    mail, pictured = whole(multi("alternative", TEXT, HTML)), order(PICTURED, BANNER)
    once, other = stamped(mail, order(SIGNATURE)), order(UMLAUT, id="other")
    yield case("the same again", once, order(SIGNATURE))
    yield case("another id replaces", once, other)
    yield case("another id replaces pictures", stamped(mail, pictured), other)
    yield case("the same without our header", bare(once), order(SIGNATURE))
    yield case("another id without our header: the text stays", bare(once), other)
    yield case("left once, left again", stamped(bare(once), other), order(BANNER, id="third"))
    yield case(
        "text alone, the same without our header",
        bare(stamped(plain("Hello\n"), order(SIGNATURE))),
        order(SIGNATURE),
    )
    yield case(
        "text alone, another id without our header", bare(stamped(plain("Hello\n"), order(SIGNATURE))), other
    )
    yield case("another key", stamped(mail, order(SIGNATURE), b"first"), other, b"second")
    yield case("edited by its author", once.replace(b">Alice Winter", b">Alice Sommer"), other)
    yield case("too large", mail, other, max_size=10)
    yield case("nothing for this mail", plain("Hello\n"), order(LINKED))


def taken_out() -> Iterator[StampCase]:
    """Unstamp: by the record, by marker, by digest, and what stays."""
    mails = {
        "text": plain("Hello\n"),
        "HTML": whole(HTML),
        "both": whole(multi("alternative", TEXT, HTML)),
        "related": whole(multi("related", HTML, IMAGE)),
        "recoded": plain("Grüße\n".encode("latin-1"), "; charset=iso-8859-1"),
    }
    for name, mail in mails.items():
        once = stamped(mail, order(UMLAUT, BANNER), b"key")
        yield case(f"{name}, by the record", once, key=b"key")
        yield case(f"{name}, without our header", bare(once))
        yield case(f"{name}, by another key", once, key=b"other")
    once = stamped(mails["HTML"], order(PICTURED))
    yield case("edited by its author", once.replace(b">Alice<", b">Al<"))
    yield case("a picture that is another now", bare(once).replace(b"iVBORw0KGgo", b"iVBORw0KGgp"))
    yield case("something else in our frame", bare(once) + b"A list's footer\n")
    yield case("nothing of ours", mails["both"])
