"""Which blocks bring their pictures along, and which are linked."""

from __future__ import annotations

from stationer import stamp
from stationer.agent.dressing import CopyOrder, dress
from stationer.agent.illustrating import blocks_of, digests, linked
from stationer.agent.reading import read
from stationer.compose import digest_of
from stationer.wire.content import Block, Embedded
from stationer.wire.pick import Candidate
from stationer.wire.words import Slot
from tests.agent.desk import ALICE, mail

URL = "https://assets.example/{}.png"
HTML_MAIL = mail().replace(b"text/plain", b"text/html").replace(b"Dear Bob,\r\n\r\nfine.", b"<p>fine.</p>")


def block(name: str, *pictures: bytes, html: str = "") -> Block:
    """A block that shows these."""
    called = [
        Embedded(f"picture-{n}", digest_of(one), "image/png", len(one), URL.format(n))
        for n, one in enumerate(pictures, 1)
    ]
    html += "".join(f'<img src="cid:{one.name}">' for one in called)
    return Block(f"{name}.p", "template", "signature", [f"<p>{name}{html}</p>"], [name], pictures=called)


def chosen(*blocks: Block) -> tuple[list[tuple[Slot, Candidate]], dict[str, Block]]:
    mark = "abcdefg{}".format
    return (
        [("signature", Candidate(one.name, mark("abcdefgh"[n]), "template")) for n, one in enumerate(blocks)],
        {one.name: one for one in blocks},
    )


def order(*blocks: Block, octets: tuple[bytes, ...]) -> tuple[stamp.Block, ...]:
    return blocks_of(*chosen(*blocks), {digest_of(one): one for one in octets})


def test_a_block_whose_pictures_are_all_there_brings_them_along() -> None:
    (one,) = order(block("a", b"1", b"2"), octets=(b"1", b"2"))
    assert [p.data for p in one.pictures] == [b"1", b"2"] and one.carry == "embed"


def test_one_missing_picture_links_its_whole_block_and_no_other() -> None:
    first, second = order(block("a", b"1", b"2"), block("b", b"1"), octets=(b"1",))
    assert first.pictures == () and first.html == (
        '<p>a<img src="https://assets.example/1.png"><img src="https://assets.example/2.png"></p>'
    )
    assert [p.data for p in second.pictures] == [b"1"]


def test_what_the_stamp_does_not_take_in_one_mail_is_linked_from_there_on() -> None:
    large = [bytes([n]) * 400_000 for n in range(3)]
    small = b"small"
    blocks = [block(f"b{n}", one) for n, one in enumerate([*large, large[0], small])]
    found = order(*blocks, octets=(*large, small))
    assert [bool(one.pictures) for one in found] == [True, True, False, True, True]
    stamp.Order("x", found)


def test_forty_pictures_are_the_most() -> None:
    some = [[b"%d-%d" % (b, n) for n in range(20)] for b in range(3)]
    every = tuple(one for pictures in some for one in pictures)
    found = order(*(block(f"b{n}", *one) for n, one in enumerate(some)), octets=every)
    assert [bool(one.pictures) for one in found] == [True, True, False]


def test_a_block_that_says_cid_of_something_else_is_linked() -> None:
    (one,) = order(block("a", b"1", html=' <a href="https://x.example/?cid:7">x</a>'), octets=(b"1",))
    assert one.pictures == () and URL.format(1) in one.html


def test_digests_are_of_all_blocks_in_an_order_that_tells_nothing() -> None:
    blocks = [block("a", b"2", b"1"), block("b", b"1", b"3")]
    assert digests(blocks) == sorted(map(digest_of, (b"1", b"2", b"3"))) == digests(blocks[::-1])


def dressed(written: bytes, most: int = 0) -> bytes:
    candidates, known = chosen(block("a", b"1" * 900))
    orders = [
        CopyOrder(
            ("bob@harbour.example",),
            blocks_of(candidates, known, {digest_of(b"1" * 900): b"1" * 900}),
            linked(candidates, known),
        )
    ]
    result = dress(written, read(written, ALICE), orders, run=1, now_ms=1, outcome="stamped", most=most)
    assert result.outfit.outcome == "stamped"
    return result.copies[0]


def test_a_mail_that_would_be_too_large_for_the_server_is_linked() -> None:
    whole = dressed(HTML_MAIL)
    assert b"multipart/related" in whole and b"assets.example" not in whole
    assert dressed(HTML_MAIL, len(whole)) == whole
    smaller = dressed(HTML_MAIL, len(whole) - 1)
    assert b"multipart/related" not in smaller and b"https://assets.example/1.png" in smaller
    undone = stamp.unstamp(smaller)
    assert isinstance(undone, stamp.Unstamped) and undone.bytes() == HTML_MAIL


def test_without_pictures_there_is_nothing_else_to_link() -> None:
    assert linked(*chosen(block("a"))) == ()
    assert len(linked(*chosen(block("a"), block("b", b"1")))) == 2
