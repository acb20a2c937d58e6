"""The elements of a source: what no block may have, what Word's engine trips over, what nobody would see."""

from __future__ import annotations

import re
from collections.abc import Iterable

from stationer.compose.cleaning import is_kept
from stationer.compose.lint.findings import Edit
from stationer.compose.lint.page import Page
from stationer.compose.lint.tags import Tag

#: So many styled `div` one in the other are too many for Word.
DEEP = 3
_INLINE = {
    "abbr",
    "acronym",
    "bdi",
    "big",
    "cite",
    "data",
    "del",
    "dfn",
    "ins",
    "kbd",
    "label",
    "mark",
    "q",
    "samp",
    "time",
    "tt",
    "var",
}
_FACTS = {
    "marquee": "html-marquee",
    "dialog": "html-dialog",
    "button": "html-button-submit",
    "picture": "html-picture",
}
_RULE = re.compile(r"(?<![^{}])([^{}]*+)\{[^{}]*+\}")
_STATE = re.compile(r":(?:hover|active|focus|visited|before|after|first-line|first-letter)")
_HANDLER = re.compile(r"on[a-z]+")
_GAPS = ("cellpadding", "cellspacing", "border")


def check_structure(page: Page, tags: Iterable[Tag]) -> None:
    """All elements of an MJML source."""
    for tag in tags:
        if tag.name == "mj-style":
            _sheet(page, tag)
        elif tag.name in ("mj-preview", "mj-font"):
            rule = "preview-lost" if tag.name == "mj-preview" else "font-remote"
            page.say(rule, tag.start, _whole(page, tag), name=tag.get("name"))
        elif not tag.name.startswith("mj"):
            _element(page, tag)


def _element(page: Page, tag: Tag) -> None:
    for one in tag.attributes.values():
        handler = _HANDLER.fullmatch(one.name) or one.value.strip().lower().startswith("javascript:")
        if handler:
            page.say("script-dropped", one.begin + 1, page.edit(one.begin, one.end + 1, ""), name=one.name)
        if one.name in ("srcset", "sizes") and tag.name == "img":
            gone = page.edit(one.begin, one.end + 1, "")
            page.say("attribute-dropped", one.begin + 1, gone, fact="html-srcset", name=one.name)
    if (behind := tag.attributes.get("background")) is not None:
        page.say("picture-behind", behind.begin + 1, page.edit(behind.begin, behind.end + 1, ""))
    if not is_kept(tag.name) and tag.name not in (
        "html",
        "body",
        "head",
        "tbody",
        "col",
        "colgroup",
        "caption",
        "wbr",
    ):
        instead = "span" if tag.name in _INLINE else "div"
        fact = _FACTS.get(tag.name, "html-semantics")
        page.say(
            "html-dropped", tag.start, *_renamed(page, tag, instead), fact=fact, tag=tag.name, instead=instead
        )
    if tag.name == "table":
        _table(page, tag)
    if (
        tag.name == "div"
        and sum(one.name == "div" and bool(one.get("style")) for one in tag.around()) == DEEP
    ):
        page.say("div-nested", tag.start)


def _table(page: Page, tag: Tag) -> None:
    inside = page.text[tag.end : tag.inner].lower()
    if not tag.get("role") and "<th" not in inside and "<caption" not in inside:
        page.say("table-role", tag.start, page.edit(tag.place, tag.place, ' role="presentation"'))
    if missing := [name for name in _GAPS if name not in tag.attributes]:
        said = "".join(f' {name}="0"' for name in missing)
        page.say("table-gaps", tag.start, page.edit(tag.place, tag.place, said), names=", ".join(missing))


def _renamed(page: Page, tag: Tag, name: str) -> Iterable[Edit]:
    """The start tag and the end tag under another name; nothing where one of them is missing, or not surely its own."""
    within = page.text[tag.end : tag.inner].lower()
    opened = len(re.findall(rf"<{re.escape(tag.name)}\b", within))
    alone = page.text.endswith("/>", tag.start, tag.end)
    if alone or (tag.closed and opened == within.count(f"</{tag.name}")):
        begin = tag.start + 1
        yield page.edit(begin, begin + len(tag.name), name)
        if tag.closed:
            yield page.edit(tag.inner + 2, tag.inner + 2 + len(tag.name), name)


def _whole(page: Page, tag: Tag) -> Edit:
    """The element with its content taken away."""
    return page.edit(tag.start, page.text.find(">", tag.inner) + 1 if tag.closed else tag.end, "")


def _sheet(page: Page, tag: Tag) -> None:
    done = 0
    for match in re.compile(r"@(media|import|font-face|supports|keyframes)\b").finditer(
        page.text, tag.end, tag.inner
    ):
        if match.start() < done:
            continue  # goes with the rule that it stands in
        done = _closed(page.text, match.start(), tag.inner)
        facts = {"import": "css-at-import", "font-face": "css-at-font-face", "keyframes": "css-animation"}
        fact = facts.get(match[1], "css-at-media")
        page.say(
            "style-media", match.start(), page.edit(match.start(), done, ""), fact=fact, name=f"@{match[1]}"
        )
    for match in _RULE.finditer(page.text[tag.end : tag.inner]):
        selector = match[1].rpartition(";")[2].lstrip()
        if _STATE.search(selector):
            drawn = re.search(r":(?:before|after)", selector)
            fact = "css-pseudo-element-before" if drawn else "css-pseudo-class-hover"
            at = tag.end + match.end(1) - len(selector)
            gone = page.edit(at, tag.end + match.end(), "")
            page.say("style-state", at, gone, fact=fact, name=selector.strip())


def _closed(text: str, at: int, end: int) -> int:
    """Where an at-rule ends: behind its last brace, or its semicolon."""
    depth = 0
    for place in range(at, end):
        letter = text[place]
        depth += (letter == "{") - (letter == "}")
        if depth == 0 and letter in ";}":
            return place + 1
    return end
