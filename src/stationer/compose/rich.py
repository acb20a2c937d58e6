"""The small syntax of longer texts: `**bold**`, `*italic*`, `[words](https://…)`, `- ` for an entry of a list.

Line ends stay. A backslash takes the meaning from what follows. What is not closed is what it looks like: two stars
stay two stars. There is no way to write HTML in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

from stationer.compose.places import WHOLE, target
from stationer.links import fault
from stationer.wire.problem import Problem

_ADDRESS = r"((?:\{\{[^{}\n]*\}\}|[^()\s{}])+)"
LINK = re.compile(rf"(?<!\\)\[([^\[\]\n]+)\]\({_ADDRESS}\)")
_ANY_LINK = re.compile(r"(?<!\\)\[([^\[\]\n]+)\]\(([^()\n]*)\)")
_BOLD = re.compile(r"(?<![\\*])\*\*(?=\S)([^\n]*?[^\s\\])\*\*")
_ITALIC = re.compile(r"(?<![\\*\w])\*(?=[^\s*])([^\n*]*?[^\s\\*])\*(?!\*)")
_ENTRY = re.compile(r"^- +")
_PLAIN = re.compile(r"\\([\\*\[\]()\-])")
_SCHEMES = ("https://", "http://", "mailto:", "tel:", "{{")


def check(where: str, text: str) -> list[Problem]:
    """Links that lead nowhere, each with its line."""
    found = []
    for match in _ANY_LINK.finditer(text):
        if not match[2].startswith(_SCHEMES) or not LINK.fullmatch(match[0]):
            line = text.count("\n", 0, match.start()) + 1
            what = f"{match[2]!r} is not a link." if match[2] else f"The link {match[1]!r} has no address."
            found.append(Problem(where, what, "Write [words](https://…), mailto: or tel:.", line))
        elif what := fault(target(match[2])):
            found.append(Problem(where, what, WHOLE, text.count("\n", 0, match.start()) + 1))
    return found


def html(escaped: str, colour: str) -> str:
    """The HTML of a text that is escaped for HTML already; links have this colour."""
    lines = []
    for line in escaped.splitlines():
        line = _ENTRY.sub("&bull;&nbsp;&nbsp;", line.strip())
        line = LINK.sub(lambda m: _anchor(m[1], m[2], colour), line)
        lines.append(_PLAIN.sub(r"\1", _ITALIC.sub(r"<i>\1</i>", _BOLD.sub(r"<b>\1</b>", line))))
    return "<br>".join(lines)


def _anchor(words: str, address: str, colour: str) -> str:
    """A star in an address is no emphasis."""
    address = address.replace("*", "&#42;")
    return f'<a href="{address}" style="color:{colour};text-decoration:underline;">{words}</a>'


def text(typed: str, link: Callable[[str], str], words: Callable[[str], str]) -> str:
    """The text as a person would type it: a link's address in brackets behind its words.

    `link` writes an address and `words` all else; what they write has none of this syntax in it.
    """
    lines = []
    for line in typed.splitlines():
        line, found, at = line.strip(), [], 0
        for match in LINK.finditer(line):
            said = match[1] + " (" if _bare(match[1]) != _bare(match[2]) else ""
            found += [words(line[at : match.start()] + said), link(match[2]), ")" if said else ""]
            at = match.end()
        lines.append(_plain("".join([*found, words(line[at:])])))
    return "\n".join(lines)


def _bare(address: str) -> str:
    return re.sub(r"^(https?://|mailto:|tel:)", "", unescape(address)).rstrip("/")


def _plain(line: str) -> str:
    return _PLAIN.sub(r"\1", _ITALIC.sub(r"\1", _BOLD.sub(r"\1", line)))
