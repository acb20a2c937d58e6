"""What a stamp does to a mail, case by case; the laws over all mails are in test_laws."""

from __future__ import annotations

import base64

import pytest

from stationer import mime
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
from stationer.stamp.undo import PartUndo, Splice, digest_of, field_of, record_of, shown_digest
from tests.stamp.laws import MAILS, PLAIN, decoded_texts

ALICE = Order("s1", (Block("signature", "<p>Alice Winter</p>", "Alice Winter\nWinter & Partner"),))
UMLAUT = Order("s2", (Block("signature", "<p>Jürgen</p>", "Jürgen – Köln"),))


def text(body: str | bytes, head: str = "Content-Type: text/plain; charset=utf-8\n") -> bytes:
    raw = body if isinstance(body, bytes) else body.encode()
    return b"From: a@b.example\nSubject: V\n" + head.encode() + b"\n" + raw


def html(body: str, charset: str = "utf-8", encoding: str = "8bit") -> bytes:
    head = f"Content-Type: text/html; charset={charset}\nContent-Transfer-Encoding: {encoding}\n"
    return text(body.encode(charset), head)


def stamped(mail: bytes, order: Order = ALICE, **more: bytes) -> bytes:
    answer = stamp(mail, order, **more)
    assert isinstance(answer, Stamped), answer
    return answer.bytes()


def body_of(mail: bytes) -> str:
    part = mime.read(mail).parts[-1]
    return (decoded(part.encoded, part.encoding) or b"").decode(part.charset)


def decoded_of(mail: bytes) -> list[str]:
    return [decoded_texts(mail, kind)[0] for kind in ("text/plain", "text/html")]


def test_a_text_block_stands_between_blank_lines():
    assert body_of(stamped(text("Hello\n"))) == "Hello\n\nAlice Winter\nWinter & Partner\n"


def test_a_text_block_stands_above_the_quote():
    mail = text("Yes.\n\n> old\n> words\n")
    assert body_of(stamped(mail)) == "Yes.\n\nAlice Winter\nWinter & Partner\n\n> old\n> words\n"


def test_an_empty_body_takes_the_block_alone():
    assert body_of(stamped(text(""))) == "Alice Winter\nWinter & Partner\n"


def test_a_block_goes_behind_the_authors_own_signature():
    assert body_of(stamped(text("Hi\n\n-- \nAl\n"))).startswith("Hi\n\n-- \nAl\n\nAlice Winter")


def test_the_top_slot_stands_before_the_first_word():
    order = Order("t", (Block("footer", "", "Foot"), Block("top", "", "Top"), Block("signature", "", "Sig")))
    assert body_of(stamped(text("Hello\n"), order)) == "Top\n\nHello\n\nSig\n\nFoot\n"


def test_blocks_of_one_slot_keep_their_order():
    order = Order("t", (Block("banner", "", "One"), Block("banner", "", "Two")))
    assert body_of(stamped(text("Hello\n"), order)) == "Hello\n\nOne\n\nTwo\n"


def test_an_html_mail_gets_no_text_part():
    mail = html("<html><body><p>Hello</p></body></html>")
    result = stamped(mail)
    assert [part.type for part in mime.read(result).parts] == ["text/html"]
    assert "Alice Winter</p></div\n></body></html>" in body_of(result)


def test_html_keeps_its_charset_by_numeric_references():
    result = stamped(html("<p>Łódź</p>", "iso-8859-2"), UMLAUT)
    assert b"charset=iso-8859-2" in result and b"J&#252;rgen" in result


def test_an_order_with_nothing_for_this_mail_leaves_it_untouched():
    only_html = Order("t", (Block("signature", "<p>x</p>", ""),))
    assert stamp(text("Hello\n"), only_html) == Untouched("no-body")
    assert stamp(text("Hello\n"), Order("t", ())) == Untouched("no-body")


def test_text_that_the_charset_lacks_moves_the_part_to_utf8_and_back():
    mail = text(
        "Grüße\n".encode("iso-8859-1"),
        'Content-Type: text/plain; charset="iso-8859-1"\nContent-Transfer-Encoding: 8bit\n',
    )
    result = stamped(mail, Order("t", (Block("signature", "", "Žižek"),)))
    assert body_of(result) == "Grüße\n\nŽižek\n" and b"charset=utf-8" in result
    assert unstamp(result).bytes() == mail


def test_a_mail_without_any_mime_field_gets_them_when_it_must():
    mail = b"From: a@b.example\r\n\r\nHello\r\n"
    result = stamped(mail, UMLAUT)
    root = mime.read(result).root
    assert (root.charset, root.encoding) == ("utf-8", "quoted-printable")
    assert root.value(b"mime-version") == b"1.0"
    assert unstamp(result).bytes() == mail
    assert stamped(mail) == stamped(mail).replace(b"MIME-Version", b"")


def test_seven_bits_become_quoted_printable_and_back():
    mail = text(
        "1 = 1, trailing \nend", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 7bit\n"
    )
    result = stamped(mail, UMLAUT)
    assert mime.read(result).root.encoding == "quoted-printable" and result.isascii()
    assert unstamp(result).bytes() == mail


def test_octets_that_are_not_the_declared_charset_are_left_alone():
    mail = text(b"caf\xe9\n", "Content-Type: text/plain; charset=us-ascii\n")
    assert isinstance(stamp(mail, ALICE), Stamped)
    assert stamp(mail, UMLAUT) == Untouched("unparseable")


def test_flowed_text_is_stuffed_and_ends_no_line_in_a_space():
    order = Order("t", (Block("signature", "", "one  \n indented\n> looks quoted\nFrom here\n-- \nlast"),))
    result = body_of(stamped(text("Hello \nthere\n", "Content-Type: text/plain; format=flowed\n"), order))
    assert result == "Hello \nthere\n\none\n  indented\n > looks quoted\n From here\n-- \nlast\n"


def test_base64_that_follows_is_not_written_anew():
    body = "Ja.\r\n\r\nAm 02.11.26 um 17:15 schrieb Carol:\r\n" + "> alt und lang genug\r\n" * 40
    mail = text(
        base64.encodebytes(body.encode()),
        "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n",
    )
    assert stamped(mail)[-800:] == mail[-800:]


def test_quoted_printable_around_the_block_is_not_written_anew():
    mail = html("<p>a=3Db</p>=20=\n</body></html>\n", "us-ascii", "quoted-printable")
    result = stamped(mail)
    assert b"<p>a=3Db</p>=20=\n" in result and unstamp(result).bytes() == mail


def test_a_body_tag_split_by_a_soft_line_break_is_found():
    mail = html("<html><body><p>Hi</p></bo=\ndy></html>\n", "us-ascii", "quoted-printable")
    assert "</p></div></body></html>" in body_of(stamped(mail))


def test_an_attribute_too_long_for_a_line_makes_the_part_quoted_printable():
    order = Order("t", (Block("signature", f'<a href="https://x.example/{"a" * 2000}">x</a>', ""),))
    mail = html("<p>Hi</p>", "us-ascii", "7bit")
    result = stamped(mail, order)
    assert max(map(len, result.splitlines())) < 100 and unstamp(result).bytes() == mail


def test_long_html_is_broken_inside_tags_and_between_words_alone():
    order = Order("t", (Block("signature", "<p>" + "word <b class='x'>bold</b> " * 300 + "</p>", ""),))
    result = stamped(html("<p>Hi</p>", "us-ascii", "7bit"), order)
    assert max(map(len, result.splitlines())) <= 998
    assert "word <b class='x'>bold</b>" in " ".join(body_of(result).split())


def test_a_mail_with_one_kind_of_line_end_keeps_it():
    mail = text("Hello\n\n> q\n> r\n").replace(b"\n", b"\r\n")
    assert b"\n" not in stamped(mail).replace(b"\r\n", b"")


def test_word_html_keeps_its_vml_and_conditional_comments():
    mail = (MAILS / "outlook-classic-en.eml").read_bytes()
    result = stamped(mail)
    shown = body_of(result)
    assert "<!--[if !mso]>" in shown and "v\\:* {behavior:url(#default#VML);}" in shown
    assert 0 < shown.find("stationer-s1") < shown.find("border-top:solid #E1E1E1")


def test_the_same_order_twice_is_the_same_mail():
    once = stamped(text("Hello\n"))
    assert stamped(once) == once


def test_an_order_without_an_id_takes_its_digest():
    order = Order(None, ALICE.blocks)
    assert order.name == Order(None, ALICE.blocks).name != Order(None, UMLAUT.blocks).name


def test_another_order_replaces_ours():
    mail = html("<p>Hello</p>")
    assert stamped(stamped(mail), UMLAUT) == stamped(mail, UMLAUT)


def quoted_reply(inner: str) -> bytes:
    return html(
        f'<p>Yes.</p><div class="gmail_quote"><div class="gmail_attr">On Mon, Nov 2, 2026 at 5:15 PM A wrote:</div><blockquote>{inner}</blockquote></div>'
    )


@pytest.mark.parametrize("prefix", ["", "x_", "m_8472819", "ecx", "ydp1b2c3d4e", "m_1x_x_"])
def test_an_older_block_in_the_quote_stays_and_is_known(prefix):
    block = body_of(stamped(html("<p>Old</p>"))).replace("stationer-", prefix + "stationer-")
    mail = quoted_reply(block)
    assert marks_in_quote(mail) == {ALICE.blocks[0].mark}
    assert marks_of_ours(mail) == frozenset()
    assert unstamp(mail) == Untouched("no-body")
    result = stamped(mail, UMLAUT)
    assert prefix.encode() + b"stationer-s1" in result
    assert marks_of_ours(result) == {UMLAUT.blocks[0].mark}


def test_a_block_that_lost_its_header_is_replaced_by_its_marker():
    bare = mime.without_headers(stamped(html("<p>Hello</p>")), frozenset({"Stationer-Stamp"}))
    assert stamped(bare, UMLAUT) == stamped(html("<p>Hello</p>"), UMLAUT)


def test_a_block_its_author_edited_stays():
    edited = stamped(html("<p>Hello</p>")).replace(b"Alice Winter", b"Alice Sommer")
    assert stamp(edited, UMLAUT) == Untouched("edited-block")
    assert unstamp(edited) == Untouched("edited-block")


def test_a_text_block_its_author_edited_stays():
    edited = stamped(text("Hello\n")).replace(b"Winter & Partner", b"Winter und Partner")
    assert stamp(edited, UMLAUT) == Untouched("edited-block")


def test_a_text_is_found_again_after_a_relay_has_recoded_it():
    result = stamped(
        text("Grüße\n", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n")
    )
    recoded = (
        result.replace(b"8bit", b"quoted-printable")
        .replace("ü".encode(), b"=C3=BC")
        .replace("ß".encode(), b"=C3=9F")
    )
    taken = unstamp(recoded)
    assert isinstance(taken, Unstamped) and not taken.exact and body_of(taken.bytes()) == "Grüße\n"


def test_of_crlf_a_text_found_by_its_digest_takes_the_whole_line_end():
    mail = b"From: a@b.example\r\n\r\nHello\r\n"
    order = Order("t", (Block("top", "", "Closed"),))
    assert unstamp(stamped(mail, order, key=b"k"), key=b"k2").bytes() == mail


def test_text_above_ours_may_change_and_ours_is_still_found():
    changed = stamped(text("Hello\n")).replace(b"Hello\n", b"Hello you\n")
    taken = unstamp(changed)
    assert isinstance(taken, Unstamped) and body_of(taken.bytes()) == "Hello you\n"


def test_a_look_alike_is_never_cut():
    forged = html('<p>Hi</p><div id="stationer-s1-signature-aaaaaaaa-bbbbbbbbbbbbbbbb">my words</div>')
    assert unstamp(forged) == Untouched("edited-block")
    assert unstamp(html('<div class="stationer-brush">my words</div>')) == Untouched("no-body")


@pytest.mark.parametrize(
    "value", ["v=1", "v=1; id=x; u=AAAA", "v=2; id=x; u=eJwBAA", "nonsense", "v=1; id=x; u=%%%"]
)
def test_a_header_that_is_not_ours_is_kept(value):
    mail = mime.with_header(text("Hello\n"), "Stationer-Stamp", value)
    assert unstamp(mail) == Untouched("no-body")
    assert unstamp(stamped(mail)).bytes() == mail


def test_a_key_proves_the_stamp_and_a_wrong_one_is_not_believed():
    result = stamped(text("Hello\n"), key=b"k" * 32)
    assert b"; d=" in result.replace(b"\n ", b"")
    assert isinstance(unstamp(result, key=b"k" * 32), Unstamped)
    assert isinstance(unstamp(result), Unstamped)
    exact = unstamp(result, key=b"k" * 32)
    assert isinstance(exact, Unstamped) and exact.exact
    for unproven in (unstamp(result, key=b"other"), unstamp(stamped(text("Hello\n")), key=b"k" * 32)):
        assert isinstance(unproven, Unstamped) and not unproven.exact
        assert unproven.bytes() == text("Hello\n")


KEYS = [(b"k", b"k2"), (None, b"k"), (b"k", None)]


def both() -> bytes:
    return (
        b"From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\nContent-Type: text/plain\n\n"
        b"Hello\n\n--b\nContent-Type: text/html\n\n<p>Hello</p>\n--b--\n"
    )


@pytest.mark.parametrize(("first", "second"), KEYS)
def test_a_stamp_of_another_key_is_replaced_whole(first, second):
    again = stamped(stamped(both(), key=first), UMLAUT, key=second)
    assert again.count(b"Stationer-Stamp:") == 1
    assert b"Alice Winter" not in again and b"Winter & Partner" not in again
    assert decoded_of(again) == decoded_of(stamped(both(), UMLAUT, key=second))


@pytest.mark.parametrize(("first", "second"), KEYS)
def test_a_stamp_of_another_key_is_taken_out_whole(first, second):
    taken = unstamp(stamped(both(), key=first), key=second)
    assert isinstance(taken, Unstamped) and taken.bytes() == both()


@pytest.mark.parametrize("key", [b"k", b"k2", None])
@pytest.mark.parametrize(
    "edit", [(b"\nAlice Winter", b"\nAlice Sommer"), (b">Alice Winter", b">Alice Sommer")]
)
def test_when_one_block_was_edited_nothing_is_taken_whatever_the_key(key, edit):
    edited = stamped(both(), key=b"k").replace(*edit)
    assert stamp(edited, UMLAUT, key=key) == Untouched("edited-block")
    assert unstamp(edited, key=key) == Untouched("edited-block")


def test_a_record_that_no_key_proves_brings_no_words_into_a_mail():
    mail = text("Pay 10\n")
    start = len(mail) - len(b"Pay 10\n")
    splice = Splice(0, 7, digest_of(mail[start:]), b"Pay 99\n")
    record = record_of((PartUndo("1", (splice,), shown=(shown_digest("Pay 10\n"),)),))
    forged = field_of("x", record, b"theirs", b"\n") + mail
    assert b"Pay 99" in unstamp(forged).bytes()
    for done in (unstamp(forged, key=b"ours"), stamp(forged, ALICE, key=b"ours")):
        assert not isinstance(done, Untouched) and b"Pay 99" not in done.bytes()


def test_a_hostile_length_in_a_record_costs_no_time():
    mail = text("\n" * 200_000)
    record = record_of((PartUndo("1", (), shown=((b"12345678", 100_000),)),))
    assert unstamp(field_of("x", record, None, b"\n") + mail, key=b"k") == Untouched("edited-block")


def test_the_header_is_folded_and_stands_on_top():
    result = stamped(text("Hello\n"), key=b"k")
    header = mime.read(result).root.fields[0]
    assert header.name == b"stationer-stamp"
    assert max(map(len, result[header.start : header.end].splitlines())) <= 78


def test_a_large_mail_is_not_copied():
    mail = text("Hello\n") + b"words words words words\n" * 1000
    answer = stamp(mail, ALICE)
    assert isinstance(answer, Stamped)
    assert all(piece.obj is mail for piece in answer.segments if isinstance(piece, memoryview))
    assert sum(len(piece) for piece in answer.segments if isinstance(piece, bytes)) < 1000


def test_a_marker_inside_an_attached_message_is_not_ours():
    inner = stamped(html("<p>Old</p>"))
    mail = (
        b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nwords\n--b\n"
        b"Content-Type: message/rfc822\n\n" + inner + b"\n--b--\n"
    )
    assert inner in stamped(mail) and unstamp(mail) == Untouched("no-body")


@pytest.mark.parametrize("bad", [{"slot": "middle"}, {"mark": "short"}, {"mark": "UPPERCAS"}])
def test_a_block_that_cannot_be_marked_is_refused_where_it_is_made(bad):
    with pytest.raises(ValueError, match="is no"):
        Block(**{"slot": "top", "html": "", "text": "", **bad})


@pytest.mark.parametrize("bad", ["", "with space", "a" * 65, "ä"])
def test_an_id_of_other_letters_is_refused(bad):
    with pytest.raises(ValueError, match="is no stamp id"):
        Order(bad, ())


def test_an_empty_part_right_above_its_delimiter_takes_the_block_and_gives_it_back():
    mail = b"From: a@b.example\nContent-Type: multipart/alternative; boundary=b\n\n--b\n\n--b\nContent-Type: text/html\n\n--b--\n"
    result = stamped(mail)
    assert [part.path for part in mime.read(result).parts] == ["", "1", "2"]
    assert unstamp(result).bytes() == mail


@pytest.mark.parametrize(
    "tail", ['<div class="never closed', "<!-- never closed", "<style> never closed", "<p unfinished"]
)
def test_a_block_that_broken_html_would_swallow_is_not_put_in(tail):
    assert stamp(html("<p>Hello</p>" + tail), ALICE) == Untouched("unparseable")


def test_an_empty_charset_is_filled_in_and_emptied_again():
    mail = text("Hello\n", "Content-Type: text/plain;\n\tcharset=\n")
    result = stamped(mail, UMLAUT)
    assert mime.read(result).root.charset == "utf-8" and unstamp(result).bytes() == mail


def test_octets_that_are_no_utf8_do_not_move_the_place():
    mail = text(
        b"caf\xe9 caf\xe9\n", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"
    )
    assert stamped(mail).endswith(b"caf\xe9 caf\xe9\n\nAlice Winter\nWinter & Partner\n")


def test_a_mailbox_file_s_first_line_stays_first():
    mail = b"From alice Mon Nov  2 17:15:00 2026\nFrom: a@b.example\n\nHello\n"
    assert stamped(mail).startswith(b"From alice Mon Nov  2 17:15:00 2026\nStationer-Stamp:")


def test_of_the_same_words_typed_by_the_author_and_put_in_by_us_ours_are_taken_out():
    mail = text(
        "Hello\n\nAlice Winter\nWinter & Partner\n\n-----Original Message-----\nFrom: C\nSent: M\nTo: A\n"
        "Subject: V\n\nAlice Winter\nWinter & Partner\n\nold\n"
    )
    taken = unstamp(stamped(mail, key=b"k"), key=b"k2")
    assert isinstance(taken, Unstamped) and taken.bytes() == mail


@pytest.mark.parametrize(
    "charset", ["quoted-printable", "base64", "rot13", "x-zip", "idna", "undefined", "x-" * 3000]
)
def test_a_charset_that_is_another_kind_of_codec_raises_nothing(charset):
    mail = f'From: a@b.example\nContent-Type: text/plain; charset="{charset}"\n\nHell\u00f6\n'.encode()
    assert stamp(mail, PLAIN) == Untouched("unparseable") and boundary(mail).kind == "new"
    assert isinstance(stamp(mail.replace("\u00f6".encode(), b"o"), PLAIN), Stamped)


@pytest.mark.parametrize(
    "record", ["eJybOHWh4aQpDKxHOCTiezcrFf5TPcKAxp1wYAIAJv8Plw", "eJybOHWh4YQJkxcnMiQtMU_KLDkwAQBRxwh8"]
)
def test_a_record_that_asks_for_the_impossible_raises_nothing(record):
    mail = f"Stationer-Stamp: v=1; id=x; u={record}\r\nFrom: x\r\nContent-Type: text/plain\r\n\r\nHello\r\n".encode()
    for answer in (unstamp(mail), stamp(mail, PLAIN)):
        assert isinstance(answer, Untouched) or b"Hello" in answer.bytes()


def test_a_type_that_is_stated_twice_is_not_made_to_differ():
    mail = b"From: a@b.example\nContent-Type: text/plain;\nContent-Type: text/plain;\n\nHello\n"
    assert stamp(mail, Order("d", (Block("signature", "", "Zo\u00eb Winter"),))) == Untouched("unparseable")
    assert isinstance(stamp(mail, PLAIN), Stamped)


def test_a_type_that_ends_in_a_semicolon_gets_no_second_one():
    mail = b"From: a@b.example\nContent-Type: text/plain;\n\nHello\n"
    answer = stamp(mail, Order("d", (Block("signature", "", "Zo\u00eb Winter"),)))
    assert isinstance(answer, Stamped) and b"Content-Type: text/plain; charset=utf-8\n" in answer.bytes()
    assert unstamp(answer.bytes()).bytes() == mail


def test_a_text_that_never_leaves_its_escape_is_left_alone():
    head = b"From: a@b.example\nContent-Type: text/plain; charset=iso-2022-jp\n\n"
    assert stamp(head + b"\x1b$B%F%9", PLAIN) == Untouched("unparseable")
    assert isinstance(stamp(head + b"\x1b$B%F%9\x1b(B\n", PLAIN), Stamped)
