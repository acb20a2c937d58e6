"""The laws of contract/stamp.md §5 as one function that any mail can be put through."""

from __future__ import annotations

import base64
import re
from collections.abc import Sequence
from pathlib import Path

from stationer import mime
from stationer.mime.coding import decoded
from stationer.stamp import (
    Block,
    Order,
    Picture,
    Stamped,
    Unstamped,
    Untouched,
    boundary,
    consent,
    stamp,
    unstamp,
)
from stationer.stamp.boundary import bodies_of
from stationer.stamp.frames import related_of
from stationer.stamp.marker import shown
from stationer.stamp.related import MOVED
from stationer.stamp.undo import trace_of

CORPORA = Path(__file__).resolve().parents[2].parent / "shared" / "corpora"
MAILS = Path(__file__).parent / "mails"

RICH = Order(
    "rich-1",
    (
        Block("top", "<p>Office closed on 24&nbsp;December</p>", "Office closed on 24 December"),
        Block(
            "signature",
            '<table cellpadding="0"><tr><td style="color:#123456">Jürgen Žižek — <b>ACME</b> &amp; Söhne'
            '<br>電話 +49 30 1234</td></tr></table>',
            "Jürgen Žižek – ACME & Söhne\n電話 +49 30 1234\n  indented\n> quoted-looking",
        ),
        Block("banner", "<p>" + "wide " * 400 + "</p>", "wide " * 400),
        Block("footer", '<p><a href="https://acme.example/?' + "a=1&amp;" * 300 + '">terms</a></p>', "https://acme.example/"),
    ),
)  # fmt: skip
PLAIN = Order("plain-2", (Block("signature", "<p>Alice Winter</p>", "Alice Winter\nWinter & Partner"),))

DOT = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
LOGO = Picture("logo", "image/png", DOT, "https://acme.example/logo.png?a=1&b=2")
PHOTO = Picture("photo.jpg", "image/jpeg", bytes(range(256)) * 9, "https://acme.example/photo.jpg")
PICTURED = Order(
    "pictured-3",
    (
        Block("signature", '<p><img src="cid:logo" alt="ACME"> Alice</p>', "Alice", pictures=(LOGO,)),
        Block(
            "banner",
            '<table background="cid:photo.jpg"><tr><td style="background:url(cid:again)">Fair</td></tr></table>',
            "Fair",
            pictures=(PHOTO, Picture("again", "image/png", DOT), Picture("unused", "image/gif", b"GIF89a")),
        ),
        Block("footer", "<p><img src='cid:logo'>Terms</p>", "Terms", pictures=(LOGO,), carry="link"),
    ),
)


def content_ids(mail: bytes) -> list[bytes]:
    """The Content-IDs of all parts."""
    return [part.value(b"content-id") for part in mime.read(mail).parts if part.field(b"content-id")]


def parts_besides_bodies(mail: bytes, besides: frozenset[bytes] = frozenset()) -> list[bytes]:
    """Every part that is not stamped, header and body; but those with a Content-ID that is named."""
    seen = mime.read(mail)
    bodies = {body.part.path for body in bodies_of(seen)}
    leaves = [part for part in seen.parts if not part.children and part.path not in bodies]
    return [mail[part.start : part.end] for part in leaves if part.value(b"content-id") not in besides]


def fields_besides_ours(mail: bytes) -> list[bytes]:
    """The root's fields that a stamp has no reason to change."""
    ours = {b"stationer-stamp", b"mime-version"} | MOVED
    return [mail[field.start : field.end] for field in mime.read(mail).root.fields if field.name not in ours]


def decoded_texts(mail: bytes, kind: str) -> list[str]:
    """The decoded body parts of one type."""
    return [body.reading.text for body in bodies_of(mime.read(mail)) if body.part.type == kind]


def check_encoding(mail: bytes, stamped: bytes) -> None:
    """No new line over 998 octets; no octet that a part's transfer encoding forbids, unless it was there before."""
    before = max(map(len, mail.splitlines()), default=0)
    assert max(map(len, stamped.splitlines())) <= max(998, before)
    old = {body.part.type: body.part for body in bodies_of(mime.read(mail))}
    for body in bodies_of(mime.read(stamped)):
        part, was = body.part, old[body.part.type]
        if part.encoding == "7bit" and was.encoded.isascii():
            assert part.encoded.isascii(), part.path
        if part.encoding == "quoted-printable" and was.encoded.isascii():
            assert part.encoded.isascii()
            assert max(map(len, part.encoded.splitlines())) <= max(
                76, *map(len, was.encoded.splitlines() or [b""])
            )
        if part.encoding == "base64" and re.fullmatch(rb"[A-Za-z0-9+/=\s]*", was.encoded):
            assert re.fullmatch(rb"[A-Za-z0-9+/=\s]*", part.encoded)
            assert decoded(part.encoded, "base64") is not None


def check_place(stamped: bytes, order: Order) -> None:
    """The blocks are shown, above the quote (where nothing answers among it), and the text parts hold the text."""
    for body in bodies_of(mime.read(stamped)):
        html = body.part.type == "text/html"
        for block in order.blocks:
            if (block.html if html else block.text).strip():
                sought = (
                    f"stationer-{order.name}-{block.slot}-{block.mark}" if html else block.text.split()[0]
                )
                at = body.reading.text.find(sought)
                assert at >= 0, (body.part.path, block.slot)
                if html and body.reading.found and not body.reading.after:
                    assert at < body.reading.found.offset or body.reading.found.line == 0, (
                        body.part.path,
                        block.slot,
                    )


def embedded_of(order: Order) -> set[bytes]:
    """The octets of the pictures that the order's HTML calls and embeds."""
    return {
        picture.data
        for block in order.blocks
        for picture in block.pictures
        if block.carry == "embed" and f"cid:{picture.name}" in block.html
    }


def check_pictures(mail: bytes, stamped: bytes, order: Order) -> frozenset[bytes]:
    """Each embedded picture is there once, beside the HTML, and called by it; a mail without HTML gets none. Returns
    the Content-IDs that are new."""
    before = content_ids(mail)
    new = content_ids(stamped)
    for held in before:
        new.remove(held)
    seen = mime.read(stamped)  # held: a part knows what it is in as long as somebody holds the mail
    html = next((body for body in bodies_of(seen) if body.part.type == "text/html"), None)
    wanted = embedded_of(order) if html else set()
    assert len(new) == len(set(new)) == len(wanted) and not set(new) & set(before)
    if html is None or not wanted:
        return frozenset()
    owner = related_of(html.part)
    assert owner is not None
    parts = [part for part in owner.children if part.value(b"content-id") in new]
    assert {decoded(part.encoded, part.encoding) for part in parts} == wanted and len(parts) == len(wanted)
    assert owner.children[-len(parts) :] == parts
    for part in parts:
        assert part.type in ("image/png", "image/jpeg") and part.disposition == "inline"
        assert html.reading.text.count("cid:" + part.value(b"content-id").decode().strip("<>")) >= 1
        assert max(map(len, part.encoded.splitlines())) <= 76
    return frozenset(new)


#: Under which key a mail is stamped, and under which it is stamped again.
KEYS: tuple[tuple[bytes | None, bytes | None], ...] = ((b"k", b"other"), (None, b"k"), (b"k", None))


def check_laws(
    mail: bytes,
    order: Order = RICH,
    other: Order = PLAIN,
    keys: Sequence[tuple[bytes | None, bytes | None]] = KEYS,
) -> Stamped | Untouched:
    """Put a mail through every law. Returns what `stamp` said."""
    assert boundary(mail).kind in ("new", "reply", "forward", "interleaved")
    if isinstance(earlier := unstamp(mail), Unstamped):
        return check_earlier(mail, earlier, order, other, keys)
    answer = stamp(mail, order)
    if isinstance(answer, Untouched):
        return answer
    assert consent(mail) is None
    stamped = answer.bytes()
    taken = unstamp(stamped)
    assert isinstance(taken, Unstamped) and taken.exact and taken.bytes() == mail
    again = stamp(stamped, order)
    assert isinstance(again, Stamped) and again.bytes() == stamped
    replaced, fresh = stamp(stamped, other), stamp(mail, other)
    assert type(replaced) is type(fresh)
    if isinstance(replaced, Stamped) and isinstance(fresh, Stamped):
        assert replaced.bytes() == fresh.bytes()
    new = check_pictures(mail, stamped, order)
    assert parts_besides_bodies(mail) == parts_besides_bodies(stamped, new)
    assert fields_besides_ours(mail) == fields_besides_ours(stamped)
    check_encoding(mail, stamped)
    check_place(stamped, order)
    if order in (PLAIN, PICTURED):  # in a text, what looks quoted is read as such, whoever put it in
        assert boundary(stamped).kind == boundary(mail).kind
    check_without_header(mail, stamped, order)
    if (
        order in (RICH, PLAIN, PICTURED) and b"Stationer-Stamp" not in mail
    ):  # a text of a word or two cannot be told from the author's
        check_restamped_without_header(stamped, order, other)
    for first, second in keys:
        check_another_key(mail, order, other, first, second)
    return answer


def check_earlier(
    mail: bytes,
    earlier: Unstamped,
    order: Order,
    other: Order,
    keys: Sequence[tuple[bytes | None, bytes | None]],
) -> Stamped | Untouched:
    """A mail that carries a stamp is stamped like the mail before it."""
    before = earlier.bytes()
    answer, fresh = stamp(mail, order), stamp(before, order)
    seen = mime.read(mail)
    trace = trace_of(mail, seen.root.fields, None)
    # a text that the record tells to have been left is left again; of the mail before it nothing tells that
    exact = earlier.exact and not (trace and any(undo.left for undo in trace.parts))
    assert type(answer) is type(fresh) or not exact  # a text without its header stays as it is
    if exact and isinstance(answer, Stamped) and isinstance(fresh, Stamped):
        assert answer.bytes() == fresh.bytes()
    return check_laws(before, order, other, keys) if len(before) < len(mail) else answer


def check_another_key(
    mail: bytes, order: Order, other: Order, first: bytes | None, second: bytes | None
) -> None:
    """Whatever the keys, a stamp is replaced or taken out whole, or the mail stays as it is."""
    once = stamp(mail, order, key=first)
    assert isinstance(once, Stamped)
    taken = unstamp(once.bytes(), key=second)
    if isinstance(taken, Unstamped):
        check_nothing_left(mail, taken.bytes())
    replaced = stamp(once.bytes(), other, key=second)
    assert isinstance(replaced, Stamped) or not isinstance(stamp(mail, other), Stamped) or is_untouched(taken)
    if isinstance(replaced, Stamped):
        again = unstamp(replaced.bytes(), key=second)
        assert isinstance(again, Unstamped)
        check_nothing_left(mail, again.bytes())


def is_untouched(answer: Unstamped | Untouched) -> bool:
    """Nothing was taken, as one of the blocks could not be told exactly."""
    return answer == Untouched("edited-block")


def check_nothing_left(mail: bytes, taken: bytes) -> None:
    """As many headers of ours as before, and the author's decoded texts."""
    assert headers_of_ours(taken) == headers_of_ours(mail)
    for kind in ("text/plain", "text/html"):
        assert decoded_texts(taken, kind) == decoded_texts(mail, kind)
    assert parts_besides_bodies(taken) == parts_besides_bodies(mail)


def headers_of_ours(mail: bytes) -> int:
    """How many; a body may say the same words."""
    return sum(field.name == b"stationer-stamp" for field in mime.read(mail).root.fields)


def check_without_header(mail: bytes, stamped: bytes, order: Order) -> None:
    """A relay that drops our header leaves the marker: the HTML's exact decoded text comes back."""
    if not any(block.html.strip() for block in order.blocks):
        return
    ours = frozenset({"Stationer-Stamp"})
    taken = unstamp(mime.without_headers(stamped, ours))
    # a field of that name which was there before falls with it: of a broken header that may change what the rest is
    as_read = decoded_texts(mime.without_headers(mail, ours), "text/html") == decoded_texts(mail, "text/html")
    if decoded_texts(mail, "text/html") and as_read:
        assert isinstance(taken, Unstamped)
        assert decoded_texts(taken.bytes(), "text/html") == decoded_texts(mail, "text/html")
        assert parts_besides_bodies(taken.bytes()) == parts_besides_bodies(mail)


def check_restamped_without_header(stamped: bytes, order: Order, other: Order) -> None:
    """A relay has dropped our header: nothing is put in twice. The same order stands as it stood; of another one the
    HTML replaces ours, and the text is replaced where it can be told, else left as it is."""
    bare = mime.without_headers(stamped, frozenset({"Stationer-Stamp"}))
    html, text = decoded_texts(stamped, "text/html"), decoded_texts(stamped, "text/plain")
    again = stamp(bare, order)
    assert isinstance(again, Stamped)
    assert lines_of(decoded_texts(again.bytes(), "text/plain")) == lines_of(text)
    assert stamp(again.bytes(), order) == again
    assert [shown(one) for one in decoded_texts(again.bytes(), "text/html")] == [shown(one) for one in html]
    replaced = stamp(bare, other)
    if html and isinstance(replaced, Stamped):
        assert f"stationer-{order.name}-" not in above_the_quote(replaced.bytes())
        assert decoded_texts(replaced.bytes(), "text/plain") in (text, without_ours(stamped, other))


def lines_of(texts: list[str]) -> list[str]:
    """The lines of the texts without white space at their ends, and without empty ones."""
    return [line.rstrip() for text in texts for line in text.split("\n") if line.strip()]


def without_ours(stamped: bytes, other: Order) -> list[str]:
    """The texts of the mail with the other order alone."""
    fresh = stamp(stamped, other)
    return decoded_texts(fresh.bytes(), "text/plain") if isinstance(fresh, Stamped) else []


def above_the_quote(mail: bytes) -> str:
    """The HTML down to where its quote begins."""
    bodies = [body for body in bodies_of(mime.read(mail)) if body.part.type == "text/html"]
    return "".join(
        body.reading.text[: body.reading.found.offset if body.reading.found else None] for body in bodies
    )
