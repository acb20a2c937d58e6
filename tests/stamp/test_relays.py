"""What relays and mail clients do to a stamped mail: ours is still found, taken out and replaced, and nothing else is."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from stationer import mime
from stationer.mime import Cut, joined, splice
from stationer.mime.coding import decoded
from stationer.stamp import (
    Block,
    Order,
    Stamped,
    Unstamped,
    Untouched,
    boundary,
    marks_in_quote,
    marks_of_ours,
    stamp,
    unstamp,
)
from stationer.stamp.boundary import bodies_of
from tests.stamp.laws import MAILS, PLAIN, RICH, check_laws, decoded_texts
from tests.stamp.made import mails

HTML = b"From: a@b.example\nContent-Type: text/html; charset=utf-8\n\n<html><body><p>mine</p></body></html>\n"
TEXT = b"From: a@b.example\nContent-Type: text/plain; charset=utf-8\n\nmine\n"
TOKEN = re.compile(rb"stationer-plain-2-signature-[a-z2-7]{8}-[a-z2-7]{16}")


def stamped(mail: bytes, order: Order = PLAIN, key: bytes | None = None) -> bytes:
    answer = stamp(mail, order, key=key)
    assert isinstance(answer, Stamped)
    return answer.bytes()


def taken(mail: bytes, key: bytes | None = None) -> bytes:
    answer = unstamp(mail, key=key)
    assert isinstance(answer, Unstamped), answer
    return answer.bytes()


# ── what clients do to the token ─────────────────────────────────────────────────────────────────────────────────────

PREFIXES = (b"x_", b"x_x_", b"x_x_x_x_", b"m_", b"m_-1234567890123456789", b"m_9876543210", b"ecx", b"ecxecx", b"ydp1a2b3c",
            b"ydpdeadbeefyiv1234567890", b"yiv8123456789", b"gmail-", b"gmail-m_123gmail-", b"v1", b"v1x_", b"v1gmail-m_1",
            b"mcntx_", b"moz-", b"ydp1a2b3cx_")  # fmt: skip


@pytest.mark.parametrize("prefix", PREFIXES)
def test_a_token_that_a_client_has_prefixed_is_still_ours(prefix):
    mail = TOKEN.sub(lambda found: prefix + found[0], stamped(HTML))
    assert taken(mime.without_headers(mail, frozenset({"Stationer-Stamp"}))) == HTML
    assert TOKEN.search(joined_of(stamp(mail, RICH))) is None


def joined_of(answer: Stamped | Untouched) -> bytes:
    assert isinstance(answer, Stamped)
    return answer.bytes()


@pytest.mark.parametrize(
    "change",
    [
        lambda tag: re.sub(rb'\sid="[^"]*"', b"", tag),
        lambda tag: re.sub(rb'\sclass="[^"]*"', b"", tag),
        lambda tag: re.sub(rb'\sid="[^"]*"', b' id="ydp5f1byiv0"', tag),
        lambda tag: re.sub(rb'\sclass="[^"]*"', b' class="MsoNormal"', tag),
        lambda tag: tag.replace(b'class="', b'class="elementToProof x_'),
        lambda tag: tag.replace(b'" class', b' other" style="color:red" class'),
        lambda tag: tag.replace(b'"', b"'"),
        lambda tag: tag.replace(b'"', b""),
        lambda tag: tag.replace(b"<div", b"<DIV").replace(b"id=", b"ID = "),
        lambda tag: re.sub(rb'(\sid="[^"]*")(\sclass="[^"]*")', rb"\2\1", tag),
    ],
)
def test_of_id_and_class_one_is_enough_however_it_is_written(change):
    mail = re.sub(rb"<div\sid=[^>]*>", lambda found: change(b" ".join(found[0].split())), stamped(HTML))
    assert mail != stamped(HTML)
    assert taken(mime.without_headers(mail, frozenset({"Stationer-Stamp"}))) == HTML


def quoted_in(old: bytes) -> bytes:
    """A reply to the stamped mail, as Gmail writes it."""
    inner = old.partition(b"\n\n")[2].replace(b"stationer-", b"m_-42stationer-")
    quote = b'<div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 5:15 PM A wrote:<br></div><blockquote>'
    return (
        HTML.partition(b"\n\n")[0]
        + b"\n\n<html><body><p>answer</p>"
        + quote
        + inner
        + b"</blockquote></div></body></html>\n"
    )


def test_an_older_block_in_the_quote_stays():
    reply = quoted_in(stamped(HTML))
    assert unstamp(reply) == Untouched("no-body")
    assert marks_in_quote(reply) and not marks_of_ours(reply)
    twice = stamped(reply)
    assert twice.count(b"m_-42stationer-") == reply.count(b"m_-42stationer-") and taken(twice) == reply
    bare = mime.without_headers(stamped(twice, RICH), frozenset({"Stationer-Stamp"}))
    assert decoded_texts(taken(bare), "text/html") == decoded_texts(reply, "text/html")


@pytest.mark.parametrize(
    "edit",
    [
        lambda mail: mail.replace(b"Alice Winter", b"Alice Sommer"),
        lambda mail: mail.replace(b"<p>Alice", b"mine<p>Alice"),
        lambda mail: mail.replace(b"</p></div", b"</p>and more</div"),
        lambda mail: mail.replace(b"<p>Alice Winter</p>", b""),
        lambda mail: mail.replace(b"Winter", b"Win ter"),
    ],
)
def test_a_block_its_author_edited_is_theirs(edit):
    mail = edit(stamped(HTML))
    assert mail != stamped(HTML)
    for held in (mail, mime.without_headers(mail, frozenset({"Stationer-Stamp"}))):
        assert unstamp(held) == Untouched("edited-block") and stamp(held, RICH) == Untouched("edited-block")


@pytest.mark.parametrize(
    "look_alike",
    [
        '<div id="stationer">x</div>',
        '<div class="stationer-plain-2-signature">x</div>',
        '<div class="stationer-plain-2-middle-aaaaaaaa-aaaaaaaaaaaaaaaa">x</div>',
        '<div class="stationer-plain-2-signature-aaaaaaa-aaaaaaaaaaaaaaaa">x</div>',
        '<div class="stationer-plain-2-signature-aaaaaaaa-aaaaaaaaaaaaaaaab">x</div>',
        '<div title="stationer-plain-2-signature-aaaaaaaa-aaaaaaaaaaaaaaaa">x</div>',
        "stationer-plain-2-signature-aaaaaaaa-aaaaaaaaaaaaaaaa",
        '<!-- <div id="stationer-plain-2-signature-aaaaaaaa-aaaaaaaaaaaaaaaa">x</div> -->',
    ],
)
def test_a_look_alike_is_never_cut(look_alike):
    mail = HTML.replace(b"mine", look_alike.encode())
    assert unstamp(mail) == Untouched("no-body")
    assert taken(stamped(mail)) == mail


def test_a_token_whose_hash_does_not_fit_is_not_cut():
    mail = HTML.replace(b"mine", b'<div id="stationer-a-top-aaaaaaaa-aaaaaaaaaaaaaaaa">x</div>')
    assert unstamp(mail) == Untouched("edited-block")


# ── what relays do to the header ─────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("key", [None, b"key"])
@pytest.mark.parametrize(
    "change",
    [
        lambda field: field.replace(b"\n ", b""),
        lambda field: field.replace(b"\n ", b"\n\t"),
        lambda field: field.replace(b"\n ", b"\n        "),
        lambda field: re.sub(rb"(.{30})(?=.)", rb"\1\n ", field.replace(b"\n ", b"")).replace(b":\n ", b":"),
        lambda field: field.replace(b"u=", b"u = ").replace(b"v=1;", b"v=1 ; \n "),
        lambda field: field.replace(b"\n", b" \t\n"),
        lambda field: field.replace(b"Stationer-Stamp:", b"STATIONER-STAMP :"),
        lambda field: field.rstrip(b"\n") + b";\n",
    ],
)
def test_a_header_that_is_folded_anew_still_gives_back_the_very_bytes(change, key):
    for mail in (HTML, TEXT):
        once = stamped(mail, RICH, key)
        held = mime.read(once).root.field(b"stationer-stamp")
        assert held is not None
        field = change(once[held.start : held.end])
        moved = b"Received: by relay.example\n" + field + once[held.end :]
        assert moved[26:] != once
        answer = unstamp(moved, key=key)
        assert isinstance(answer, Unstamped) and answer.exact
        assert answer.bytes() == b"Received: by relay.example\n" + mail


FORGED = (
    b"v=1; id=x; u=", b"v=2; id=x; u=eJw", b"", b"v=1; id=x y; u=!!", b"v=1;id=x;u=eJyLBgAAWwBb", b"v=1; id=" + b"x" * 80 + b"; u=eJw",
    b"=?utf-8?q?v=3D1?=", b"\xff\xfe",
)  # fmt: skip


@pytest.mark.parametrize("forged", FORGED)
def test_a_header_that_cannot_be_read_is_not_ours_and_stays(forged):
    mail = b"Stationer-Stamp: " + forged + b"\n" + HTML
    assert unstamp(mail) == Untouched("no-body") or taken(mail) == HTML  # a record of nothing is ours to drop
    once = stamped(mail)
    assert taken(once) == mail or taken(once) == HTML


# ── what relays do to the bodies ─────────────────────────────────────────────────────────────────────────────────────

Relay = Callable[[bytes], bytes]


def recoding(encoding: str) -> Relay:
    """A relay that gives every text part another transfer encoding."""

    def relay(mail: bytes) -> bytes:
        end = mime.line_end(mail)
        cuts = []
        for body in bodies_of(mime.read(mail)):
            part = body.part
            field = part.field(b"content-transfer-encoding")
            if field is None:
                at = part.fields[0].start if part.fields else part.start
                cuts.append(Cut(at, at, b"Content-Transfer-Encoding: " + encoding.encode() + end))
            else:
                cuts.append(Cut(field.value, field.end, b" " + encoding.encode() + end))
            cuts.append(Cut(part.body, part.end, coded(body.plain, encoding, end)))
        return joined(splice(mail, cuts))

    return relay


def coded(plain: bytes, encoding: str, end: bytes) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(plain).replace(b"\n", end)[: -len(end)]
    if encoding == "quoted-printable":
        return b"".join(
            binascii.b2a_qp(line.rstrip(b"\r\n"), istext=False).replace(b"\n", end)
            + line[len(line.rstrip(b"\r\n")) :]
            for line in plain.splitlines(keepends=True)
        )
    return plain


def to_crlf(mail: bytes) -> bytes:
    return mail.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")


def to_lf(mail: bytes) -> bytes:
    return mail.replace(b"\r\n", b"\n")


def to_utf8(mail: bytes) -> bytes:
    """A relay that brings every text part to UTF-8 in base64."""
    end = mime.line_end(mail)
    cuts = []
    for body in bodies_of(mime.read(mail)):
        part = body.part
        head = (
            f"Content-Type: {part.type}; charset=utf-8".encode()
            + end
            + b"Content-Transfer-Encoding: base64"
            + end
        )
        fields = [part.field(name) for name in (b"content-type", b"content-transfer-encoding")]
        cuts += [Cut(field.start, field.end, b"") for field in fields if field]
        at = part.fields[0].start if part.fields else part.start
        cuts.insert(0, Cut(at, at, head))
        cuts.append(Cut(part.body, part.end, coded(body.reading.text.encode("utf-8"), "base64", end)))
    return joined(splice(mail, cuts))


def without_ours(mail: bytes) -> bytes:
    return mime.without_headers(mail, frozenset({"Stationer-Stamp"}))


RELAYS: dict[str, Relay] = {
    "base64": recoding("base64"),
    "quoted-printable": recoding("quoted-printable"),
    "8bit": recoding("8bit"),
    "CRLF": to_crlf,
    "LF": to_lf,
    "UTF-8": to_utf8,
    "base64, CRLF": lambda mail: to_crlf(recoding("base64")(mail)),
    "header dropped": without_ours,
    "header dropped, base64": lambda mail: recoding("base64")(without_ours(mail)),
}


def even_texts(mail: bytes, kind: str) -> list[str]:
    return [text.replace("\r\n", "\n") for text in decoded_texts(mail, kind)]


def check_relayed(mail: bytes, relay: Relay, order: Order) -> None:
    """After the relay, unstamping gives the decoded texts that the relay would have made of the unstamped mail."""
    once = stamped(mail, order)
    through, plain = relay(once), relay(mail)
    if even_texts(through, "text/html") != even_texts(once, "text/html"):
        return  # no relay would do that to this mail
    if even_texts(through, "text/plain") != even_texts(once, "text/plain"):
        return
    answer = unstamp(through)
    dropped = b"Stationer-Stamp" not in through
    if isinstance(answer, Unstamped):
        assert even_texts(answer.bytes(), "text/html") == even_texts(plain, "text/html")
        if not dropped:
            assert even_texts(answer.bytes(), "text/plain") == even_texts(plain, "text/plain")
            assert b"Stationer-Stamp" not in answer.bytes()
    else:
        assert dropped
        assert not any(block.html.strip() for block in order.blocks) or not even_texts(mail, "text/html")
    replaced = stamp(through, PLAIN if order is RICH else RICH)
    if isinstance(replaced, Stamped) and not dropped:
        assert order.name.encode() not in replaced.bytes()


@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_our_mails_survive_a_relay(path):
    relays = sorted(RELAYS)  # each mail passes one here, and all in the long run
    check_relayed(path.read_bytes(), RELAYS[relays[sum(path.name.encode()) % len(relays)]], RICH)


@pytest.mark.long
@pytest.mark.parametrize("relay", RELAYS)
@pytest.mark.parametrize("path", sorted(MAILS.glob("*.eml")), ids=lambda path: path.stem)
def test_our_mails_survive_every_relay(path, relay):
    check_relayed(path.read_bytes(), RELAYS[relay], RICH)


@settings(max_examples=150, deadline=None)
@given(mails(), st.sampled_from(sorted(RELAYS)), st.sampled_from((PLAIN, RICH)))
def test_any_mail_survives_a_relay(mail, relay, order):
    assume(isinstance(stamp(mail, order), Stamped))
    check_relayed(mail, RELAYS[relay], order)


def test_a_relay_that_recodes_is_one():
    mail = recoding("base64")(TEXT)
    part = mime.read(mail).root
    assert part.encoding == "base64" and decoded(part.encoded, "base64") == b"mine\n"
    assert to_utf8(TEXT).count(b"charset=utf-8") == 1


@pytest.mark.parametrize(
    "mail",
    [
        b"From: a@b.example\n\nwords that end in a carriage return\r",
        b"From: a@b.example\n\nwords\r\n\r",
        b"From: a@b.example\n \n\nwords",
    ],
)
def test_texts_the_fuzzer_found_come_back_exactly(mail):
    check_laws(mail)
    check_laws(mail, PLAIN, RICH)


def test_a_header_that_is_not_ended_takes_no_block():
    assert stamp(b"o:\n ", PLAIN) == Untouched("no-body")


def test_a_citation_inside_a_block_of_ours_is_no_quote():
    cited = Order(
        "cited",
        (Block("banner", "<blockquote>They rock.</blockquote>", "x"), Block("footer", "<p>terms</p>", "y")),
    )
    mail = quoted_in(HTML)
    check_laws(mail, cited)
    check_laws(HTML, cited)
    bare = without_ours(stamped(mail, cited))
    assert marks_of_ours(bare) == {block.mark for block in cited.blocks}
    assert boundary(bare).parts[0].rule == boundary(mail).parts[0].rule


ANSWERED = (
    "On Mon, Nov 2, 2026 at 5:15 PM Carol <carol@sommer.example> wrote:\n> Visit?\nThursday suits us.\n\n"
    "> Carol\n-- \nAlice Winter\nWinter & Partner\n"
)
CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "7bit": bytes,
    "quoted-printable": lambda held: binascii.b2a_qp(held, istext=True),
    "base64": base64.encodebytes,
}


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize(
    "text",
    [ANSWERED, ANSWERED.replace("Thursday suits us.", "Grüße, " + "é" * 40), ANSWERED.replace("Carol <", "x" * 70 + " <")],
)  # fmt: skip
@pytest.mark.parametrize("slots", [("signature",), ("top", "signature")])
def test_of_the_same_words_twice_ours_are_taken_however_the_part_is_coded(coding, text, slots):
    """Their author signs below the quote in the words that a block says above it; the key has changed."""
    head = (
        f"From: a@b.example\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {coding}\n\n"
    )
    if coding == "7bit":
        text = text.encode("ascii", "ignore").decode()
    mail = head.encode() + CODINGS[coding](text.encode())
    order = Order("twice", tuple(Block(slot, "", "Alice Winter\nWinter & Partner") for slot in slots))
    taken = unstamp(stamped(mail, order, key=b"k"), key=b"other")
    assert isinstance(taken, Unstamped) and not taken.exact
    assert decoded_texts(taken.bytes(), "text/plain") == [text]


def test_of_the_same_words_twice_ours_are_taken_where_the_part_was_recoded_or_two_stand_in_one_splice():
    order = Order("twice", tuple(Block(slot, "", "Žižek & Partner") for slot in ("top", "signature")))
    for charset, coding, text in (
        ("iso-8859-1", "8bit", ANSWERED.replace("Alice Winter\nWinter", "Žižek")),
        ("utf-8", "base64", "a\n" + ANSWERED.replace("Alice Winter\nWinter", "Žižek")),
        ("utf-8", "base64", "> q\n\nŽižek & Partner\n"),
    ):
        head = f"From: a@b.example\nContent-Type: text/plain; charset={charset}\nContent-Transfer-Encoding: {coding}\n\n"
        mail = head.encode() + CODINGS.get(coding, bytes)(text.encode(charset, "replace"))
        check_laws(mail, order, PLAIN)
        check_laws(mail, PLAIN, order)
