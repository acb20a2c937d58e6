"""HTML as a list of tokens with offsets: tags, comments and text, read tolerantly and in one pass.

A string-only engine: nothing is built, nothing is written back. What stands in comments (conditional ones too), in
style, script and title is passed over.
"""

from __future__ import annotations

import re
from html import unescape
from typing import NamedTuple

# A letter, `!`, `?` or `/` makes an angle bracket a tag or a comment (WHATWG HTML §13.2.5.6-7); any other stands for
# itself.
BEGINS = re.compile(r"<(?=[a-zA-Z!?/])")
#: A comment may end at once, and with an exclamation mark (§13.2.5.43-52).
SHORT_COMMENTS = ("<!-->", "<!--->")
COMMENT_END = re.compile(r"--!?>")
NAME = re.compile(r"</?([a-zA-Z][^\s/>]*)")
# A name is tried where it begins and is taken whole: so no run of letters without a `=` makes the search long.
ATTRIBUTE = re.compile(r"""(?<![^\s"'<>/=])([^\s"'<>/=]++)\s*+=\s*+(?:"([^"]*+)"|'([^']*+)'|([^\s"'>]++))""")
# Behind a tag's name: a quotation mark opens a value only behind `=`; anywhere else it is a sign like any other, and
# `>` ends the tag (§13.2.5.32-39). Whether a mail is stamped may hang on it, so it is what browsers do to the letter.
ATTRIBUTES = r"""(?:[\t\n\f\r /]++|(?:=[^\t\n\f\r />=]*+|[^\t\n\f\r />=]++)(?:[\t\n\f\r ]*+=[\t\n\f\r ]*+"""
ATTRIBUTES += r"""(?:"[^"]*+"|'[^']*+'|[^\t\n\f\r >"'][^\t\n\f\r >]*+|(?=>)|\Z)|(?![\t\n\f\r ]*+=)))*+"""
TAG = re.compile(rf"<(/?)([a-zA-Z][^\t\n\f\r />]*+){ATTRIBUTES}>")
SILENT = frozenset({"style", "script", "title", "noscript", "textarea", "template", "xml"})
HIDER = re.compile(f"<!--|<({'|'.join(sorted(SILENT))})[\\t\\n\\f\\r />]", re.IGNORECASE)
VOID = frozenset(
    {
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "param",
        "source",
        "track",
        "wbr",
    }
)
BREAKING = frozenset(
    {
        "address", "article", "blockquote", "body", "br", "caption", "center", "dd", "details", "div", "dl", "dt",
        "fieldset", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "html", "li",
        "main", "nav", "ol", "p", "pre", "section", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
    }
)  # fmt: skip


class Token(NamedTuple):
    """A piece of HTML. `name` is the tag's in lower case; empty for text, `!` for comments and declarations."""

    start: int
    end: int
    name: str
    opens: bool


def tokens(html: str) -> list[Token]:
    """All tokens; their spans tile the text."""
    found: list[Token] = []
    at, length = 0, len(html)
    unclosed: set[str] = set()
    new = tuple.__new__  # a page may have 150,000 tokens, and calling their class takes half as long again
    while at < length:
        begins = BEGINS.search(html, at)
        tag = begins.start() if begins else length
        if tag > at:
            found.append(new(Token, (at, tag, "", False)))
        if begins is None:
            break
        whole = TAG.match(html, tag)
        token = new(Token, (tag, whole.end(), whole[2].lower(), not whole[1])) if whole else _token(html, tag)
        found.append(token)
        at = token.end
        if token.opens and token.name in SILENT and token.name not in unclosed:
            at = _past(html, token.name, token.end)
            if at < 0:
                unclosed.add(token.name)
                at = token.end
            elif at > token.end:
                found.append(Token(token.end, at, "!", False))
    return found


def _token(html: str, at: int) -> Token:
    """The comment, declaration or tag at `at`."""
    if html.startswith("<!--", at):
        end = comment_end(html, at)
        return Token(at, end if end >= 0 else len(html), "!", False)
    name = NAME.match(html, at)
    if not name:
        end = html.find(">", at)
        return Token(at, end + 1 if end >= 0 else len(html), "!", False)
    return Token(
        at, len(html), name[1].lower(), html[at + 1] != "/"
    )  # it never ends, so all that follows is its


def comment_end(html: str, at: int) -> int:
    """Where the comment at `at` ends; -1 when it never does."""
    short = next((short for short in SHORT_COMMENTS if html.startswith(short, at)), "")
    if short:
        return at + len(short)
    found = COMMENT_END.search(html, at + 4)
    return found.end() if found else -1


def _past(html: str, name: str, at: int) -> int:
    """Where the content of a silent element ends; -1 when nothing closes it."""
    found = re.compile(f"</{name}(?=[\\t\\n\\f\\r />])", re.IGNORECASE).search(html, at)
    return found.start() if found else -1


def attributes(html: str, token: Token) -> dict[str, str]:
    """The attributes of an opening tag, names in lower case, references resolved; of a name given twice the first."""
    read: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(html, token.start + len(token.name) + 1, token.end):
        read.setdefault(name.lower(), unescape(double or single or bare.rstrip("/>")))
    return read


def end_of(found: list[Token], index: int) -> int:
    """Where the end tag of the silent element that begins here begins: it is the next token, or the one behind its
    content; -1 when nothing ends it."""
    ends = (token for token in found[index + 1 : index + 3] if token.name == found[index].name)
    return next((token.start for token in ends if not token.opens), -1)


def stands_free(found: list[Token], offset: int) -> bool:
    """Whether an element put in here would be one: not inside a tag, a comment or a silent element, nor behind a silent
    one that nothing ends."""
    for index, token in enumerate(found):
        if token.start >= offset:
            break
        if token.name and token.end > offset:
            return False
        if token.opens and token.name in SILENT and not 0 <= end_of(found, index) < offset:
            return False
    return True


def is_unhidden(html: str, offset: int) -> bool:
    """The same of a place between the tags of HTML in which each ends at its first `>`; without tokens."""
    at = 0
    while hider := HIDER.search(html, at, offset):
        past = _past(html, hider[1], hider.end() - 1) + 1 if hider[1] else comment_end(html, hider.start())
        if not 0 < past <= offset:  # an end tag begins where the content of its element ends
            return False
        at = past
    return True
