"""Pictures of a block: embedded in a multipart/related, or linked. The laws over all mails are in test_laws."""

from __future__ import annotations

import email
import email.policy

import pytest

from stationer import mime
from stationer.stamp import Block, Order, Picture, Stamped, Unstamped, Untouched, stamp, unstamp
from stationer.stamp.pictures import CONTENT_ID, MOST_BYTES, MOST_PICTURES
from tests.stamp.laws import DOT, LOGO, PICTURED, PLAIN, content_ids, decoded_texts

ALICE = Order("s1", (Block("signature", '<p><img src="cid:logo">Alice</p>', "Alice", pictures=(LOGO,)),))
LINKED = Order(
    "s1", (Block("signature", '<p><img src="cid:logo">Alice</p>', "Alice", pictures=(LOGO,), carry="link"),)
)
TEXT = b"Content-Type: text/plain\n\nHello\n"
HTML = b"Content-Type: text/html; charset=utf-8\n\n<p>Hello</p>\n"
IMAGE = (
    b"Content-Type: image/gif\nContent-ID: <theirs@a.example>\nContent-Transfer-Encoding: base64\n\nR0lG\n"
)


def multi(kind: str, *parts: bytes, boundary: str = "b", close: bytes = b"--\n", more: str = "") -> bytes:
    head = f"Content-Type: multipart/{kind}; boundary={boundary}{more}\n\n".encode()
    line = f"--{boundary}".encode()
    return head + b"".join(line + b"\n" + part + b"\n" for part in parts) + (line + close if close else b"")


def mail_of(body: bytes) -> bytes:
    return b"From: a@b.example\nMIME-Version: 1.0\n" + body


def stamped(mail: bytes, order: Order = ALICE) -> bytes:
    answer = stamp(mail, order)
    assert isinstance(answer, Stamped), answer
    assert unstamp(answer.bytes()) == Unstamped(unstamp(answer.bytes()).segments, True)
    assert unstamp(answer.bytes()).bytes() == mail
    return answer.bytes()


def outline(mail: bytes) -> list[str]:
    """The types of all parts as another parser sees them, with their depth."""

    def walk(part: email.message.Message, depth: int) -> list[str]:
        below = part.get_payload() if part.is_multipart() else []
        return [
            ". " * depth + part.get_content_type(),
            *(line for one in below for line in walk(one, depth + 1)),
        ]

    return walk(email.message_from_bytes(mail), 0)


def test_html_that_is_the_whole_mail_becomes_the_root_of_a_related():
    mail = mail_of(b"Content-Language: de\nX-Kept: 1\n" + HTML)
    result = stamped(mail)
    assert outline(result) == ["multipart/related", ". text/html", ". image/png"]
    root = mime.read(result).root
    assert (
        root.parameters["type"] == b"text/html" and root.field(b"x-kept") and "start" not in root.parameters
    )
    assert root.field(b"content-language") is None
    assert root.children[0].value(b"content-language") == b"de"


def test_a_related_goes_round_the_html_alone_and_its_text_stays_beside_it():
    result = stamped(mail_of(multi("alternative", TEXT, HTML)))
    assert outline(result) == [
        "multipart/alternative", ". text/plain", ". multipart/related", ". . text/html", ". . image/png",
    ]  # fmt: skip
    assert decoded_texts(result, "text/plain") == ["Hello\n\nAlice\n"]


@pytest.mark.parametrize("close", [b"--\n", b"--", b""])
@pytest.mark.parametrize("more", ["", "; start=<theirs@b.example>"])
def test_the_author_s_related_takes_the_pictures_behind_its_last_part(close, more):
    html = b"Content-ID: <theirs@b.example>\n" * bool(more) + HTML
    mail = mail_of(multi("related", *([IMAGE, html] if more else [html, IMAGE]), close=close, more=more))
    result = stamped(mail)
    shape = outline(result)
    assert shape[0] == "multipart/related" and shape[-1] == ". image/png" and len(shape) == 4


def test_a_related_round_an_alternative_takes_them_too():
    inner = multi("alternative", TEXT, HTML, boundary="c")
    result = stamped(mail_of(multi("mixed", multi("related", inner, IMAGE, boundary="d"), IMAGE)))
    assert outline(result) == [
        "multipart/mixed", ". multipart/related", ". . multipart/alternative", ". . . text/plain", ". . . text/html",
        ". . image/gif", ". . image/png", ". image/gif",
    ]  # fmt: skip


def test_a_multipart_whose_last_part_has_an_unfinished_header_is_not_entered():
    mail = mail_of(multi("related", HTML, b"Content-Type: image/gif", close=b""))[:-1]
    assert outline(stamped(mail))[:3] == ["multipart/related", ". multipart/related", ". . text/html"]


def test_another_parser_reads_the_pictures_as_they_were_given():
    result = email.message_from_bytes(stamped(mail_of(HTML), PICTURED), policy=email.policy.default)
    related = list(result.iter_attachments())
    assert {part.get_content() for part in related} == {
        picture.data for block in PICTURED.blocks for picture in block.pictures if picture.name != "unused"
    }
    html = result.get_body(("html",)).get_content()
    for part in related:
        assert f"cid:{part['Content-ID'][1:-1]}" in html
        assert part.get_content_disposition() == "inline"
        assert part.get_filename() in ("logo.png", "photo.jpg")


def test_the_same_picture_of_two_blocks_is_carried_once():
    block = Block(
        "footer", '<p><img src="cid:mark">B</p>', "B", pictures=(Picture("mark", "image/png", DOT),)
    )
    result = stamped(mail_of(HTML), Order("two", (*ALICE.blocks, block)))
    assert (
        len(content_ids(result)) == 1 and decoded_texts(result, "text/html")[0].count("cid:stationer.") == 2
    )


def test_a_linked_picture_is_an_address_and_no_part():
    result = stamped(mail_of(HTML), LINKED)
    assert 'src="https://acme.example/logo.png?a=1&amp;b=2"' in decoded_texts(result, "text/html")[0]
    assert outline(result) == ["text/html"]


def test_words_that_look_like_a_reference_are_no_reference():
    block = Block(
        "signature",
        '<!--[if mso]><v:fill src="cid:logo"/><![endif]--><style>p{background:url(cid:logo)}</style>'
        '<p title="cid:logo2 cid:logo@x">write cid:logo</p>',
        "",
        pictures=(LOGO, Picture("logo2", "image/png", DOT)),
        carry="embed",
    )
    html = decoded_texts(stamped(mail_of(HTML), Order("w", (block,))), "text/html")[0]
    assert html.count("cid:stationer.") == 3 and "write cid:logo<" in html and "cid:logo@x" in html


def test_a_mail_without_html_gets_no_pictures():
    result = stamped(mail_of(TEXT))
    assert outline(result) == ["text/plain"] and b"image/png" not in result


def test_a_quoted_picture_of_ours_keeps_its_name_and_ours_takes_another():
    first = stamped(mail_of(HTML))
    (cid,) = content_ids(first)
    quote = f'<p>Yes</p><blockquote type="cite"><img src="cid:{cid.decode()[1:-1]}"></blockquote>'
    html = b"Content-Type: text/html\n\n" + quote.encode() + b"\n"
    result = stamped(mail_of(multi("related", html, IMAGE.replace(b"<theirs@a.example>", cid))))
    ids = content_ids(result)
    assert cid in ids and len(set(ids)) == 2
    assert all(CONTENT_ID.fullmatch(one.decode()[1:-1]) for one in ids)
    bare = mime.without_headers(result, frozenset({"Stationer-Stamp"}))
    assert content_ids(unstamp(bare).bytes()) == [cid]


def test_another_order_replaces_the_pictures():
    mail = mail_of(multi("alternative", TEXT, HTML))
    assert stamped(mail, PLAIN) == stamp(stamped(mail), PLAIN).bytes()
    assert stamped(mail) == stamp(stamped(mail, PICTURED), ALICE).bytes()


@pytest.mark.parametrize(
    "mail", [mail_of(HTML), mail_of(multi("alternative", TEXT, HTML)), mail_of(multi("related", HTML, IMAGE))]
)
def test_without_the_header_pictures_and_their_frame_are_taken_out(mail):
    bare = mime.without_headers(stamped(mail), frozenset({"Stationer-Stamp"}))
    taken = unstamp(bare).bytes()
    assert outline(taken) == outline(mail) and b"stationer" not in taken
    assert decoded_texts(taken, "text/html") == decoded_texts(mail, "text/html")


@pytest.mark.parametrize(
    ("edit", "left"),
    [
        ((b"iVBORw0KGgo", b"iVBORw0KGgp"), 2),  # other octets: not the picture that we put in
        ((b"=_stationer", b"=_their-relay"), 1),  # the frame was made anew by a relay
        ((b"_stationer--\n", b"_stationer--\nA list's footer\n"), 1),  # something else is in the frame
    ],
)
def test_what_is_not_proven_to_be_ours_stays(edit, left):
    result = stamped(mail_of(HTML))
    bare = mime.without_headers(result, frozenset({"Stationer-Stamp"})).replace(*edit)
    taken = unstamp(bare).bytes()
    assert len(outline(taken)) == left + 1 and outline(taken)[0] == "multipart/related"
    assert decoded_texts(taken, "text/html") == ["<p>Hello</p>\n"]


def test_a_boundary_that_the_mail_has_is_not_taken():
    first = stamped(mail_of(HTML))
    boundary = mime.read(first).root.boundary
    mail = mail_of(HTML.replace(b"Hello", b"Hello " + boundary))
    assert mime.read(stamped(mail)).root.boundary != boundary
    short = mail_of(multi("alternative", TEXT, HTML, boundary=boundary[:1].decode()))
    assert not mime.read(stamped(short)).parts[2].boundary.startswith(boundary[:1])


def test_what_holds_eight_bits_says_so():
    html = (
        "Content-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n<p>Grüße</p>\n".encode()
    )
    for mail in (mail_of(html), mail_of(multi("mixed", html))):
        result = mime.read(stamped(mail))
        assert next(part for part in result.parts if part.type == "multipart/related").encoding == "8bit"


def test_a_whole_mail_that_has_to_be_recoded_moves_with_its_new_encoding():
    long = Block(
        "signature", f'<a href="https://x.example/{"a" * 2000}"><img src="cid:logo">x</a>', "", "", (LOGO,)
    )
    for head in (b"", b"Content-Transfer-Encoding: 7bit\n"):
        mail = b"From: a@b.example\n" + head + b"Content-Type: text/html\n\n<p>Hi</p>"
        result = mime.read(stamped(mail, Order("long", (long,))))
        assert result.root.field(b"content-transfer-encoding") is None and result.root.value(b"mime-version")
        assert result.root.children[0].encoding == "quoted-printable"


def test_a_mail_at_the_limit_of_parts_or_levels_stays_as_it_is():
    many = mail_of(multi("mixed", HTML, *[TEXT] * 1997))
    assert stamp(many, ALICE) == Untouched("unparseable")
    assert isinstance(stamp(many, LINKED), Stamped)
    deep = HTML
    for level in range(60):
        deep = multi("mixed", deep, boundary=f"b{level}")
    assert stamp(mail_of(deep), ALICE) == Untouched("unparseable")


def test_a_large_attachment_is_not_copied():
    mail = mail_of(multi("mixed", HTML, IMAGE + b"QUJD\n" * 100_000))
    answer = stamp(mail, ALICE)
    assert isinstance(answer, Stamped)
    assert all(piece.obj is mail for piece in answer.segments if isinstance(piece, memoryview))
    assert sum(len(piece) for piece in answer.segments if isinstance(piece, bytes)) < 3_000


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "a b"}, "no picture's name"),
        ({"type": "image/svg+xml"}, "no type of picture"),
        ({"type": "text/html"}, "no type of picture"),
        ({"url": "http://a.example/x.png"}, "no https: address"),
        ({"url": "https://a.example/x).png"}, "no https: address"),
    ],
)
def test_a_picture_of_another_form_is_refused(wrong, said):
    with pytest.raises(ValueError, match=said):
        Picture(**{"name": "x", "type": "image/png", "data": b"x", **wrong})


@pytest.mark.parametrize(
    ("pictures", "carry", "said"),
    [
        ((Picture("other", "image/png", b"x"),), "embed", "calls cid:logo"),
        ((LOGO, LOGO), "embed", "two pictures"),
        ((Picture("logo", "image/png", b"", "https://a.example/"),), "embed", "has no data"),
        ((Picture("logo", "image/png", b"x"),), "link", "has no url"),
        ((LOGO,), "attach", "no way to carry"),
    ],
)
def test_a_block_and_pictures_that_do_not_fit_are_refused(pictures, carry, said):
    with pytest.raises(ValueError, match=said):
        Block("top", '<img src="cid:logo">', "", pictures=pictures, carry=carry)


def test_pictures_that_are_too_large_or_too_many_are_refused():
    def order(*data: bytes) -> Order:
        held = tuple(Picture(f"p{number}", "image/png", one) for number, one in enumerate(data))
        return Order("x", (Block("top", "<p>x</p>", "", pictures=held),))

    order(b"x" * MOST_BYTES, b"x" * MOST_BYTES)  # the same octets count once
    with pytest.raises(ValueError, match="1,000,001 bytes, too many"):
        order(b"x" * MOST_BYTES, b"y")
    with pytest.raises(ValueError, match="41 pictures are too many"):
        order(*(str(number).encode() for number in range(MOST_PICTURES + 1)))


def test_an_order_without_an_id_is_named_by_its_pictures_too():
    block = Block("top", '<img src="cid:logo">', "", pictures=(Picture("logo", "image/png", b"other"),))
    same = Block("top", '<img src="cid:logo">', "", pictures=(LOGO,))
    assert block.mark != same.mark and Order(None, (block,)).name != Order(None, (same,)).name


@pytest.mark.parametrize("part", ["tail", "lead", "whole"])
def test_a_record_that_no_longer_fits_leads_to_the_marker(part):
    result = stamped(mail_of(HTML + b"\n"))
    edits = {
        "tail": (b"Content-Disposition: inline", b"Content-Disposition: INLINE"),
        "lead": (b"_stationer\nContent-Type", b"_stationer\nX-Relay: 1\nContent-Type"),
        "whole": (b'type="text/html";', b"type=text/html;"),
    }
    taken = unstamp(result.replace(*edits[part]))
    assert isinstance(taken, Unstamped) and not taken.exact
    assert (
        decoded_texts(taken.bytes(), "text/html") == ["<p>Hello</p>\n\n"]
        and b"image/png" not in taken.bytes()
    )


def test_where_every_boundary_of_ours_would_begin_with_one_of_the_mail_s_nothing_is_put_in():
    held = HTML
    for letter in "abcdefghijklmnopqrstuvwxyz234567":
        held = multi("mixed", held, boundary=letter)
    assert stamp(mail_of(held), ALICE) == Untouched("unparseable")
    assert isinstance(stamp(mail_of(held), LINKED), Stamped)


def test_a_related_that_says_its_root_is_a_picture_takes_none_of_ours():
    mail = mail_of(multi("related", HTML, IMAGE, more="; type=image/png"))
    assert outline(stamped(mail))[:3] == ["multipart/related", ". multipart/related", ". . text/html"]


def test_pictures_that_a_relay_left_in_the_author_s_unclosed_related_are_taken_out():
    mail = mail_of(multi("related", HTML, IMAGE, close=b""))
    for end in (b"\n", b"\r\n"):
        whole = mail.replace(b"\n", end)
        bare = mime.without_headers(stamped(whole, PICTURED), frozenset({"Stationer-Stamp"}))
        assert unstamp(bare).bytes() == whole


def test_our_frame_with_fields_of_a_relay_stays_and_its_pictures_go():
    bare = mime.without_headers(
        stamped(mail_of(multi("mixed", HTML, IMAGE))), frozenset({"Stationer-Stamp"})
    ).replace(b"Content-Type: multipart/related", b"X-Relay: 1\nContent-Type: multipart/related")
    taken = unstamp(bare).bytes()
    assert outline(taken) == ["multipart/mixed", ". multipart/related", ". . text/html", ". image/gif"]


def test_words_before_the_first_part_of_our_frame_keep_it():
    bare = mime.without_headers(stamped(mail_of(HTML)), frozenset({"Stationer-Stamp"}))
    taken = unstamp(bare.replace(b'_stationer"\n\n', b'_stationer"\n\nThis is MIME.\n')).bytes()
    assert outline(taken) == ["multipart/related", ". text/html"] and b"This is MIME." in taken


def test_a_record_that_names_another_multipart_is_not_followed():
    result = stamped(mail_of(multi("alternative", TEXT, HTML)))
    moved = result.replace(b"multipart/alternative; boundary=b", b"multipart/mixed; boundary=b")
    assert b"image/png" not in unstamp(moved).bytes()
    root = stamped(mail_of(HTML))
    header = root[: mime.read(root).root.fields[0].end]
    assert unstamp(header + mail_of(HTML)) == Untouched("edited-block")


@pytest.mark.parametrize("more", ['; name="letter.html"', ""])
@pytest.mark.parametrize("disposition", ["", "Content-Disposition: attachment; filename=a.html\n"])
def test_html_that_is_the_whole_mail_is_its_body_whatever_it_is_called(more, disposition):
    mail = mail_of(disposition.encode() + f"Content-Type: text/html{more}\n\n<p>Hello</p>\n".encode())
    result = stamped(mail)
    assert stamped(mail, PLAIN) == stamp(result, PLAIN).bytes()
    assert mime.read(result).root.children[0].disposition == ""
    bare = mime.without_headers(result, frozenset({"Stationer-Stamp"}))
    assert unstamp(bare).bytes() == mail


def test_two_fields_of_one_name_are_not_put_together():
    bare = mime.without_headers(stamped(mail_of(HTML)), frozenset({"Stationer-Stamp"}))
    head, _, rest = bare.partition(b"\n\n")
    field = head[head.index(b"Content-Type") :]
    taken = unstamp(head + b"\n" + field + b"\n\n" + rest).bytes()
    assert outline(taken) == ["multipart/related", ". text/html"]


def test_a_related_and_what_it_holds_may_both_be_unclosed():
    inner = multi("alternative", TEXT, HTML, boundary="c", close=b"")
    result = stamped(mail_of(multi("related", inner, close=b"")))
    assert outline(result)[1:] == [
        ". multipart/alternative",
        ". . text/plain",
        ". . text/html",
        ". image/png",
    ]


def test_pictures_go_round_the_piece_of_a_split_body_that_takes_the_block():
    pdf = b"Content-Type: application/pdf\nContent-Disposition: inline\n\nx\n"
    mail = mail_of(multi("mixed", HTML, pdf, HTML.replace(b"Hello", b"Bye")))
    result = stamped(mail)
    assert outline(result)[3:] == [". multipart/related", ". . text/html", ". . image/png"]
    bare = mime.without_headers(result, frozenset({"Stationer-Stamp"}))
    assert unstamp(bare).bytes() == mail and stamp(stamped(mail, PICTURED), ALICE).bytes() == result
