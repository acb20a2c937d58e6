"""Our mark on an HTML block: written, found again whatever clients did to it, and proven by its hash
(contract/stamp.md §3).
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from html import unescape
from typing import NamedTuple
from unicodedata import bidirectional

from stationer.stamp.order import Block, base32
from stationer.stamp.page import Page
from stationer.stamp.tags import Token, attributes, tokens

#: The token is the end of a word: clients put their own prefixes before it.
TOKEN = re.compile(
    r"(?<![A-Za-z0-9_])(?:[A-Za-z0-9_]*)stationer-([A-Za-z0-9._-]{1,64})-(top|signature|banner|footer)"
    r"-([a-z2-7]{8})-([a-z2-7]{16})(?![A-Za-z0-9_-])"
)
HINT = "stationer-"
DIRECTIONS = {"L": "ltr", "R": "rtl", "AL": "rtl"}
#: Tokens looked at for the ends of our elements; elements that are never closed cannot make this long.
MOST_STEPS = 200_000
STEPS_OF_A_MARKER = 400


class Placed(NamedTuple):
    """A block of ours in a part: its element, its stamp id, slot and mark; `intact` when its hash still fits."""

    start: int
    end: int
    id: str
    slot: str
    mark: str
    intact: bool


def shown(html: str) -> str:
    """The normalised text: tags dropped, references resolved, each run of white space one space, trimmed."""
    held = "".join(html[token.start : token.end] for token in tokens(html) if not token.name)
    return " ".join(unescape(held).split())


@lru_cache(maxsize=512)
def hash_of(html: str) -> str:
    """The first 10 bytes of SHA-256 over the normalised text, in lower-case base32."""
    return base32(hashlib.sha256(shown(html).encode("utf-8", "surrogatepass")).digest()[:10])


def token_of(stamp_id: str, block: Block) -> str:
    """The token that a block of this stamp carries."""
    return f"{HINT}{stamp_id}-{block.slot}-{block.mark}-{hash_of(block.html)}"


@lru_cache(maxsize=512)
def direction_of(html: str) -> str:
    """`ltr` or `rtl`, by the first letter of the shown text that has one (Unicode UAX 9, rule P2); else empty."""
    kinds = map(bidirectional, shown(html))
    return next((DIRECTIONS[kind] for kind in kinds if kind in DIRECTIONS), "")


def wrapped(stamp_id: str, block: Block, gap: str, padding: str = "", declared: str = "") -> str:
    """The block's element. `gap` is white space inside its tags, where a line may end without a trace.

    It states the block's own direction, whatever the mail's is, and the style declared for it.
    """
    token = token_of(stamp_id, block)
    direction = f'{gap}dir="{found}"' if (found := direction_of(block.html)) else ""
    style = f'{gap}style="{declared}"' if declared else ""
    start = f'<div{gap}id="{token}"{gap}class="{token}"{direction}{style}>'
    return f"{start}{block.html}</div{gap if gap != ' ' else ''}{padding}>"


def placed(page: Page) -> list[Placed]:
    """All our blocks in a part, in order; those of the quote as well."""
    if (page.pieces.sound and HINT not in page.pieces.tags) or HINT not in page.html:
        return []
    found: list[Placed] = []
    steps = MOST_STEPS
    for index, token in enumerate(page.tokens):
        if token.opens and HINT in page.html[token.start : token.end] and (match := _token(page.html, token)):
            end, inner, taken = _element(page, index, steps)
            steps -= taken + STEPS_OF_A_MARKER
            intact = steps > 0 and hash_of(page.html[token.end : inner]) == match[4]
            found.append(Placed(token.start, end, match[1], match[2], match[3], intact))
            if steps <= 0:
                break
    return found


def _token(html: str, token: Token) -> re.Match[str] | None:
    """The marker token in an element's id or class."""
    held = attributes(html, token)
    for name in ("id", "class"):
        if match := TOKEN.search(held.get(name, "")):
            return match
    return None


def _element(page: Page, index: int, steps: int) -> tuple[int, int, int]:
    """Where the element that this tag opens ends, where its content does, and how many tokens that took."""
    name, depth = page.tokens[index].name, 0
    for at in range(index, min(index + steps, len(page.tokens))):
        token = page.tokens[at]
        if token.name == name:
            depth += 1 if token.opens else -1
            if not depth:
                return token.end, token.start, at - index
    return len(page.html), len(page.html), len(page.tokens) - index
