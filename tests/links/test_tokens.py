"""Tokens: what is signed can be read, nothing else can, and no bit of one is spare (contract/links.md §2, §3)."""

from __future__ import annotations

import uuid
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stationer import links
from stationer.links import DECOY, MailToken, SenderToken
from stationer.links.signing import MOST_COPIES
from stationer.wire import ids

KEY = bytes(range(32))
BY = links.signer("pen_a", KEY)
OTHERS = (links.signer("pen_a", KEY[::-1]), links.signer("pen_b", KEY))

picks, contents = st.binary(min_size=16, max_size=16), st.binary(min_size=6, max_size=6)
copies, numbers = st.integers(0, MOST_COPIES - 1), st.integers(0, 255)


def one(pick: bytes = b"p" * 16, copy: int = 0, content: bytes = b"c" * 6, link: int = 0) -> str:
    """A mail's token."""
    (token,) = links.sign(BY, pick, copy, [links.ask(content, [link])])
    return token.decode()


def flipped(token: str) -> Iterator[str]:
    """The token with each bit of its letters turned over, also where that is no letter any more."""
    for place in range(len(token)):
        for bit in range(8):
            yield token[:place] + chr(ord(token[place]) ^ 1 << bit) + token[place + 1 :]


def holds(text: str, by: links.Signer = BY) -> bool:
    """Whether a PEN takes it."""
    token = links.read(text)
    return token is not None and links.proven(token, by)


@given(picks, copies, st.lists(st.tuples(contents, st.sets(numbers, min_size=1)), min_size=1))
def test_all_tokens_of_a_copy_say_where_they_are(
    pick: bytes, copy: int, asked: list[tuple[bytes, set[int]]]
) -> None:
    made = links.sign(BY, pick, copy, [links.ask(content, sorted(of)) for content, of in asked])
    wanted = [(content, link) for content, of in asked for link in sorted(of)]
    assert len(made) == len(wanted)
    for token, (content, link) in zip(made, wanted, strict=True):
        found = links.read(token.decode())
        assert isinstance(found, MailToken)
        assert found[:5] == (BY.pen, pick, copy, content, link)
        assert len(token) == 52
        assert links.proven(found, BY)
        assert not any(links.proven(found, other) for other in OTHERS)


@given(picks, copies, contents, numbers)
def test_a_token_with_any_bit_turned_over_is_refused(
    pick: bytes, copy: int, content: bytes, link: int
) -> None:
    token = one(pick, copy, content, link)
    assert holds(token)
    assert not any(map(holds, flipped(token)))


@given(st.binary(min_size=12, max_size=12))
def test_so_is_that_of_a_senders_link(link: bytes) -> None:
    token = links.sign_sender(BY, link)
    assert links.read(token) == SenderToken(BY.pen, link, links.read(token).tag)  # type: ignore[union-attr]
    assert len(token) == 36
    assert holds(token)
    assert not any(map(holds, flipped(token)))
    assert not any(holds(token, other) for other in OTHERS)


def test_the_token_of_one_link_says_nothing_of_another() -> None:
    tags = {links.read(one(link=link)).tag for link in range(256)}  # type: ignore[union-attr]
    assert len(tags) == 256
    assert holds(one(link=DECOY))


@pytest.mark.parametrize(
    "text",
    ["", "x", "A" * 52, "A" * 36, "Ag" + "A" * 50, "AQ" + "A" * 34, "é" * 52, one() + "A", one()[:-1], one() + "=",
     one()[:20] + "\n" + one()[20:], " " + one()[1:], one() + "\n", "decoy"],
)  # fmt: skip
def test_what_is_no_token_says_nothing(text: str) -> None:
    assert not holds(text)


def test_no_token_can_name_more_copies_than_a_byte() -> None:
    with pytest.raises(IndexError):
        one(copy=MOST_COPIES)


@given(st.uuids())
def test_a_pick_is_named_by_the_bytes_of_its_id(value: uuid.UUID) -> None:
    assert links.pick_bytes(ids.outside("pick", value)) == value.bytes


@pytest.mark.parametrize(
    "text", ["pk", "", "pk_" + "a" * 25, "pen_" + "a" * 26, "pk_" + "A" * 26, "pk_" + "a" * 25 + "b"]
)
def test_what_no_edge_gave_out_names_no_pick(text: str) -> None:
    assert links.pick_bytes(text) is None
