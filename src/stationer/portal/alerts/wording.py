"""The words of a link, as its reader saw them: of a message, what stands between its `<a>` tags; else its address."""

from __future__ import annotations

import uuid
from html.parser import HTMLParser
from typing import cast
from urllib.parse import urlsplit

from stationer import compose
from stationer.portal.content.models import Asset, Message
from stationer.portal.content.pictures import pictures
from stationer.portal.surveys.words import of_target
from stationer.wire.content import Content, LinkPlace, Piece, When
from stationer.wire.words import Slot

LONGEST = 80


class _Links(HTMLParser):
    """The words inside each `<a href="n">`; of a picture its alt text."""

    def __init__(self) -> None:
        super().__init__()
        self.words: dict[int, str] = {}
        self._inside: int | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "a":
            number = (said.get("href") or "").removeprefix("n:")
            self._inside = int(number) if number.isdecimal() else None
        elif tag == "img" and self._inside is not None:
            self.handle_data(f" {said.get('alt') or ''} ")

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside is not None:
            self.words[self._inside] = self.words.get(self._inside, "") + data


def _flat(pieces: tuple[Piece, ...]) -> str:
    """HTML with each link as `n:NUMBER`; a person's own details are left out."""
    found = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif isinstance(piece, LinkPlace):
            found.append(f"n:{piece.number}")
        elif isinstance(piece, When):
            found.append(_flat(piece.pieces))
    return "".join(found)


def words_of(content: Content) -> dict[int, str]:
    """By number of the link, what it says; links without words are left out."""
    reader = _Links()
    reader.feed(_flat(content.html))
    flat = {number: " ".join(words.split()) for number, words in reader.words.items()}
    return {number: words[:LONGEST] for number, words in flat.items() if words}


def of_message(message: Message) -> dict[tuple[int, str], str]:
    """(number, where it leads without its query) → words, of a message as it is written now."""
    slot = cast(Slot, message.slot)
    called = pictures(list(Asset.objects.all()), embedded=False)
    pressed = compose.press(message.wire_source(), kind="message", slot=slot, pictures=called)
    if pressed.content is None:
        return {}
    targets = pressed.content.targets
    words = words_of(pressed.content)
    return {
        (number, bare(target)): words[number]
        for number, target in enumerate(targets)
        if number in words and isinstance(target, str)
    }


def bare(target: str) -> str:
    """An address without its query and fragment."""
    return target.partition("#")[0].partition("?")[0]


def readable(target: str) -> str:
    """`example.com/offers` for an address, `4 of 5 stars` for an answer to a survey; never longer than a line."""
    if answer := of_target(target):
        return answer
    parts = urlsplit(target)
    said = f"{parts.netloc}{parts.path}".rstrip("/") or target
    return said if len(said) <= LONGEST else f"{said[: LONGEST - 1]}…"


class Words:
    """Words of links, each message pressed once. `addresses`: their addresses are enough, and nothing is pressed."""

    addresses = False

    def __init__(self) -> None:
        self._known: dict[uuid.UUID, dict[tuple[int, str], str]] = {}

    def of(self, message: Message | None, number: int, target: str) -> str:
        """What the link says; its readable address where that is not known (any more)."""
        if message is None or self.addresses:
            return readable(target)
        if message.pk not in self._known:
            self._known[message.pk] = of_message(message)
        return self._known[message.pk].get((number, bare(target))) or readable(target)


class Addresses(Words):
    """For lists that count links and do not name them."""

    addresses = True
