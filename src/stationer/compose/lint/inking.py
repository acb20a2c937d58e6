"""Whether words can be read on the ground they stand on: as drawn, and where a mail program turned the mail dark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from stationer.compose.colours import Rgb, contrast
from stationer.compose.lint.findings import Edit
from stationer.compose.lint.inks import BIG, DARK, LIGHT, NUMBER, WHITE, colour_of, darkest, readable, written
from stationer.compose.lint.page import Page
from stationer.compose.lint.tags import Tag
from stationer.compose.pieces import Child, Comment, Node

_AT = re.compile(r"\bat-([0-9]{1,6})\b")
_PIXELS = re.compile(rf"({NUMBER})px")
#: What a browser and a mail program colour a link where nobody says otherwise.
_LINK: Rgb = (0, 0, 238)
_HEADINGS = {"h1": 32.0, "h2": 24.0, "h3": 18.7}
_BOLD = {"b", "strong", "h1", "h2", "h3", "h4", "h5", "h6", "th"}


class Ground(NamedTuple):
    """What words stand on: None is a colour that cannot be told. `own`: the ground was said somewhere; `inked`: so was
    their colour; a link that nobody coloured is `plain`, and every program colours it its own way. `at` is the number
    of the source's tag."""

    ink: Rgb | None = (0, 0, 0)
    paper: Rgb | None = WHITE
    size: float = 16.0
    bold: bool = False
    own: bool = False
    inked: bool = False
    plain: bool = False
    at: int | None = None

    @property
    def wanted(self) -> float:
        """The contrast that WCAG 2.2 §1.4.3 asks for."""
        big = self.size >= 24 or (self.bold and self.size >= 18.66)
        return BIG if big else LIGHT


class Stretch(NamedTuple):
    """Words and what they stand on."""

    words: str
    ground: Ground


def stretches(children: Iterable[Child], ground: Ground = Ground()) -> Iterator[Stretch]:  # noqa: B008
    """All words of a drawn source."""
    for child in children:
        if isinstance(child, Node):
            here = _on(child, ground)
            if child.tag == "img" and child.attributes.get("alt", "").strip():
                yield Stretch(child.attributes["alt"], here)
            yield from stretches(child.children, here)
        elif not isinstance(child, Comment) and re.search(r"\w", re.sub(r"&#?\w+;", "", child)):
            yield Stretch(" ".join(child.split()), ground)


def _on(node: Node, above: Ground) -> Ground:
    pairs = (one.partition(":") for one in node.attributes.get("style", "").split(";"))
    said = {prop.strip().lower(): value.strip() for prop, _colon, value in pairs if value.strip()}
    at = _AT.search(node.attributes.get("class", "") + node.attributes.get("data-at", ""))
    ground = above._replace(at=int(at[1]) if at else above.at, bold=above.bold or node.tag in _BOLD)
    ground = ground._replace(size=_HEADINGS.get(node.tag, ground.size))
    if (paper := _paper(node, said)) is not None:
        ground = ground._replace(paper=colour_of(paper), own=True)
    if node.tag == "a" and node.attributes.get("href"):
        ground = ground._replace(ink=_LINK, plain=True)
    ink = said.get("color") or (node.attributes.get("color", "") if node.tag == "font" else "")
    if ink and ink != "inherit":
        ground = ground._replace(ink=colour_of(ink), inked=True, plain=False)
    if (size := _PIXELS.fullmatch(said.get("font-size", ""))) is not None:
        ground = ground._replace(size=float(size[1]))
    if re.fullmatch(r"bold|[6-9]00", said.get("font-weight", "")):
        ground = ground._replace(bold=True)
    return ground


def _paper(node: Node, said: dict[str, str]) -> str | None:
    value = said.get("background-color") or said.get("background") or node.attributes.get("bgcolor")
    if not value or value in ("none", "transparent", "inherit"):
        return None
    return next((word for word in re.split(r"\s+(?![^(]*\))", value[:200]) if colour_of(word)), value)


def check_inks(page: Page, found: Iterable[Stretch], tags: list[Tag]) -> None:
    """All words of a drawn source; without `tags` the finding is about the page's whole text."""
    seen = set()
    for words, ground in found:
        ink, paper = ground.ink, ground.paper
        tag = tags[ground.at] if ground.at is not None and ground.at < len(tags) else None
        if tag is not None and ground.size < 2 and "font-size" not in tag.get("style"):
            page.say("words-unseen", tag.start, _sized(page, tag), words=words[:40])
        if ink is None or paper is None or ground.size < 2:
            continue
        light, dark = contrast(ink, paper), darkest(ink, paper)
        if light < ground.wanted:
            rule, ratio, wanted = "contrast", light, ground.wanted
        elif ground.plain:
            continue
        elif dark < DARK:
            rule, ratio, wanted = "contrast-dark", dark, DARK
        elif tag and tag.name != "mj-image" and ground.own and not ground.inked and paper != WHITE:
            rule, ratio, wanted = "ground-without-ink", dark, DARK
        else:
            continue
        better = ink if rule == "ground-without-ink" else readable(ink, paper, ground.wanted)
        linked = next((one for one in tag.around() if one.name == "a"), tag) if tag and ground.plain else tag
        edits = _better(page, linked, better)
        if (key := (rule, ink, paper, edits or tag)) not in seen:
            seen.add(key)
            said = {
                "words": words[:40],
                "ink": written(ink),
                "paper": written(paper),
                "ratio": f"{ratio:.1f}",
            }
            said |= {"wanted": f"{wanted:g}", "better": written(better) if better else ""}
            page.say(rule, tag.start if tag else 0, *edits, **said)


def _better(page: Page, tag: Tag | None, ink: Rgb | None) -> tuple[Edit, ...]:
    """The change that gives the words this ink; none where they take no colour."""
    if ink is None or tag is None or tag.name == "mj-image":
        return ()
    return (coloured(page, tag, written(ink)),)


def _sized(page: Page, tag: Tag) -> Edit:
    if (style := tag.attributes.get("style")) is not None:
        return page.edit(style.start, style.start, "font-size:14px;")
    return page.edit(tag.place, tag.place, ' style="font-size:14px;"')


def coloured(page: Page, tag: Tag, colour: str) -> Edit:
    """The tag's words in this colour: where their colour is said, otherwise on the tag itself."""
    for one in _within(tag):
        style = one.attributes.get("style")
        raw = page.text[style.start : style.end] if style else ""
        if style and (found := re.search(r"(?:^|;)\s*color\s*:\s*([^;]+)", raw)):
            return page.edit(style.start + found.start(1), style.start + found.end(1), colour)
        if (one.name.startswith("mj-") or one.name == "font") and (own := one.attributes.get("color")):
            return page.edit(own.start, own.end, colour)
    if tag.name.startswith("mj-"):
        return page.edit(tag.place, tag.place, f' color="{colour}"')
    if (style := tag.attributes.get("style")) is not None:
        return page.edit(style.start, style.start, f"color:{colour};")
    return page.edit(tag.place, tag.place, f' style="color:{colour};"')


def _within(tag: Tag) -> Iterator[Tag]:
    """The tag and what it has its colour from: up to a link, which has one of its own, or an element of MJML."""
    for one in tag.around():
        yield one
        if one.name == "a" or one.name.startswith("mj-"):
            return
