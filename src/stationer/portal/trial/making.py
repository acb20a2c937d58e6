"""What a trial's mail wears: sources as an author would have them, pressed and filled by `compose`, ready for `stamp`.

The same sources become the company's own when the trial is kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import get_args

import msgspec
from django.conf import settings
from django.utils.translation import gettext as _

from stationer import compose, links, stamp
from stationer.portal.content import starting
from stationer.portal.content.pictures import inspect
from stationer.portal.content.starters import STARTERS, drawing
from stationer.portal.site.founding import EVERYBODYS
from stationer.wire.source import Element, Picture, Source
from stationer.wire.words import Kind, PictureType, Slot

#: What somebody may want to tell, of the starters.
CAMPAIGNS = ("invitation", "news", "services", "vacancy", "season")
COLOUR = "#1f4468"
LOGO = "logo"
_EXAMPLE = re.compile(re.escape(starting.EXAMPLE) + r"[^\s)\"]*")


class Unfit(ValueError):
    """What was typed cannot be put into a mail. `sentences` say why."""

    def __init__(self, sentences: list[str]) -> None:
        self.sentences = sentences
        super().__init__(" ".join(sentences))


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see. `website` may be empty; `logo` holds the file's bytes."""

    address: str
    company: str
    person: str = ""
    website: str = ""
    colour: str = COLOUR
    starter: str = CAMPAIGNS[0]
    headline: str = ""
    logo: bytes = b""

    @property
    def name(self) -> str:
        """Who writes: as they say, else as the address has it."""
        return self.person or name_in(self.address)

    @property
    def own_website(self) -> str:
        """The company's website: as given, else guessed; empty at a public provider."""
        domain = self.address.rpartition("@")[2]
        return self.website or ("" if domain in EVERYBODYS else f"https://{domain}/")


def name_in(address: str) -> str:
    """`anna.miller@…` → Anna Miller."""
    words = re.split(r"[._+-]+", address.rpartition("@")[0])
    return " ".join(word[:1].upper() + word[1:] for word in words if word)


def letterhead(wish: Wish) -> Source:
    """Logo or name above a rule; name and website are filled in from what is known of whoever writes."""
    element = Element("logo", {"picture": LOGO} if wish.logo else {})
    return Source("form", {"colour": wish.colour, "edge": "below", "space": "below"}, elements=(element,))


def signature(wish: Wish) -> Source:
    """Who writes, between two hairlines."""
    source = starting.rules()
    return msgspec.structs.replace(source, values=source.values | {"colour": wish.colour})


def message(wish: Wish, target: str) -> Source:
    """The starter in the company's colour; its example links lead to `target`, or nowhere."""
    source = STARTERS[wish.starter].source() if target else STARTERS[wish.starter].begun(wish.colour)
    elements = [Element(one.kind, _led(one.values, target)) for one in source.listed]
    if wish.headline:
        first = next((n for n, one in enumerate(elements) if one.kind == "heading"), None)
        heading = Element("heading", {"words": wish.headline})
        if first is None:
            elements.insert(0, heading)
        else:
            elements[first] = Element("heading", elements[first].values | heading.values)
    values = source.values | {"colour": wish.colour}
    return msgspec.structs.replace(source, values=values, elements=tuple(elements))


def _led(values: Mapping[str, str], target: str) -> dict[str, str]:
    """With the examples' addresses led there; a function, so that nothing in `target` is read as a pattern's."""
    return {name: _EXAMPLE.sub(lambda _found: target, value) for name, value in values.items()}


def pictures(wish: Wish) -> dict[str, bytes]:
    """The files that the sources call, by name."""
    found = {name: drawing(name) for name in STARTERS[wish.starter].pictures}
    return found | ({LOGO: wish.logo} if wish.logo else {})


def attributes(wish: Wish) -> dict[str, str]:
    """What is known of whoever writes."""
    known = {
        "name": wish.name,
        "email": wish.address,
        "company": wish.company,
        "website": wish.own_website,
    }
    return {name: value for name, value in known.items() if value}


def blocks(wish: Wish, target: str, keep: Source | None = None) -> tuple[stamp.Block, ...]:
    """The blocks of the stamp; `keep` is one more at the foot. Raises Unfit."""
    data = pictures(wish)
    measured = {name: _picture(octets) for name, octets in data.items()}
    wanted: list[tuple[Kind, Slot, Source]] = [
        ("template", "top", letterhead(wish)),
        ("template", "signature", signature(wish)),
        ("message", STARTERS[wish.starter].slot, message(wish, target)),
    ]
    if keep is not None:
        wanted.append(("template", "footer", keep))
    known, found, wrong = attributes(wish), [], []
    for kind, slot, source in wanted:
        pressed = compose.press(source, kind=kind, slot=slot, pictures=measured)
        wrong += [problem.sentence() for problem in pressed.problems]
        if pressed.content is not None:
            block = compose.fill(pressed.content, known, name="trial")
            html, text = compose.complete(block, embed=bool(block.pictures))
            by_digest = {measured[name].digest: octets for name, octets in data.items()}
            inside = tuple(stamp.Picture(p.name, p.type, by_digest[p.digest]) for p in block.pictures)
            found.append(stamp.Block(slot, html, text, pictures=inside))
    if wrong:
        raise Unfit(list(dict.fromkeys(wrong)))
    return tuple(found)


def _picture(octets: bytes) -> Picture:
    """A picture that travels with the mail. Raises ValidationError."""
    kind, width, height = inspect(octets)
    of: PictureType = next(one for one in get_args(PictureType) if one == kind)
    digest = compose.digest_of(octets)
    return Picture(f"{settings.PUBLIC_URL}/trial/{digest}", width, height, digest, of, len(octets))


def keep_line(url: str) -> Source:
    """One line at the foot of somebody's own mail: how to keep what it wears."""
    words = _(
        "This is a trial. [Keep this letterhead and this campaign]({link}) · the link is good for seven days."
    )
    text = Element("text", {"words": words.format(link=url), "size": "small", "tone": "quiet"})
    return Source("form", {"colour": COLOUR, "edge": "top"}, elements=(text,))


def website(text: str) -> str:
    """An address of a website as it stands in a link; `example.com` is one. Raises ValueError."""
    said = text.strip()
    if not said:
        return ""
    url = said if re.match(r"https?://", said, re.IGNORECASE) else f"https://{said}"
    if links.fault(url) or not links.location(url) or "." not in url or len(url) > 300:
        raise ValueError(said)
    return url
