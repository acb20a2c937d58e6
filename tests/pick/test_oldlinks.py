"""A link that was published goes on, until its life ends, whatever is published later."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from tests.pick import worlds

from stationer import pick
from stationer.wire.content import Content, LinkPlace
from stationer.wire.definition import Campaign, Definition, Message
from stationer.wire.rules import Rule


def content(word: str) -> Content:
    """A banner with a link of its own; the empty word has none."""
    targets = (f"https://acme.example/{word}",) if word else ()
    return Content("message", "banner", (word, LinkPlace(0)) if word else ("none",), (word,), targets)


def compiled(words: list[str]) -> pick.Compiled:
    """A snapshot that shows these."""
    campaigns = tuple(Campaign(w or "none", w, Rule(), (Message(f"m{w}", "", content(w)),)) for w in words)
    return pick.compile(Definition("pen", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), campaigns))


words = st.lists(st.sampled_from(["", "a", "b", "c", "d"]), unique=True, max_size=4)


@given(st.lists(words, min_size=1, max_size=8), st.none() | st.integers(1, 5))
def test_every_link_is_there_while_it_lives(turns: list[list[str]], life: int | None) -> None:
    held = compiled([])
    shown_last: dict[str, int] = {}
    for now, shown in enumerate(turns):
        held = pick.carry_links(held, compiled(shown), now=now, life_ms=life)
        for word in ("", "a", "b", "c", "d"):
            if word in shown:
                shown_last[word] = now
            lives = word in shown or (
                word != "" and word in shown_last and (life is None or now < shown_last[word] + 1 + life)
            )
            found = pick.targets_of(held, pick.content_digest(content(word)), now)
            assert found == (content(word).targets if lives else None)
        assert not held.links.keys() & held.contents.keys()


def test_ten_thousand_old_contents_take_little_more_than_their_addresses() -> None:
    old = compiled([])
    long = {f"{n:024d}": content(f"{n:040d}") for n in range(10_000)}
    held = pick.carry_links(msgspec.structs.replace(old, contents=long), old, now=1)
    added = len(msgspec.msgpack.encode(held)) - len(msgspec.msgpack.encode(old))
    assert len(held.links) == 10_000 and added < 10_000 * (62 + 60)
