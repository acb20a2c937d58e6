"""`Authentication-Results` (RFC 8601 §2.2), read by its grammar, and refused as a whole where it is not of it.

Strangers write parts of such a field: the name in HELO, the local part of an address, the domain of a signature. What
they write stands in quoted strings, comments or values, and nothing in there is read as a result or a property.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

#: What is no separator here; wider than RFC 2045's token, as servers write `smtp.mailfrom=<>` and `header.b=a/b+c`.
_ATOM = re.compile(r"[^\s;=()\"\\\x00-\x1f\x7f]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')
_HOST = re.compile(
    r"(?=.{1,253}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+"
)
#: The methods that a sender is proven by, and the property that says whose domain it is about (RFC 8601 §2.7).
ABOUT = {"dmarc": "header.from", "dkim": "header.d"}


class Unclear(ValueError):
    """The field is not of RFC 8601's grammar, or a name stands in it that is none: nothing in it is believed."""


class Result(NamedTuple):
    """One result: by which method, what it is, and the domain that it is about (empty: not said)."""

    method: str
    result: str
    domain: str


class Token(NamedTuple):
    """A piece of a field. `kind` is `;` or `=`, or `word`, `quoted`, `comment`; `apart`: white space, a separator or
    nothing stands before it."""

    kind: str
    text: str
    apart: bool


def server_of(field: str) -> str:
    """Whose results a field says to be: its authserv-id in small letters; empty where it cannot be read."""
    try:
        return next((one.text.lower() for one in tokens(field) if one.kind != "comment"), "")
    except Unclear:
        return ""


def results_in(field: str) -> list[Result]:
    """All results of one field. Raises Unclear."""
    groups: list[list[Token]] = [[]]
    for one in tokens(field):
        if one.kind == ";":
            groups.append([])
        else:
            groups[-1].append(one)
    head, *rest = groups
    named = [one for one in head if one.kind != "comment"]
    if len(named) not in (1, 2) or any(not one.text.isdigit() for one in named[1:]):
        raise Unclear(field)
    return [_result(group) for group in rest if [one.text.lower() for one in group] not in ([], ["none"])]


def tokens(field: str) -> Iterator[Token]:
    """The pieces of a field, comments among them. Raises Unclear when it comes to a quote or a bracket that is not
    closed."""
    at, apart = 0, True
    while at < len(field):
        character = field[at]
        if character.isspace():
            at, apart = at + 1, True
            continue
        if character in ";=":
            kind, text, end = character, character, at + 1
        elif character == "(":
            kind, text, end = "comment", "", _behind_comment(field, at)
        elif character == '"':
            found = _QUOTED.match(field, at)
            if not found:
                raise Unclear(field)
            kind, text, end = "quoted", re.sub(r"\\(.)", r"\1", found[1]), found.end()
        else:
            found = _ATOM.match(field, at)
            if not found:
                raise Unclear(field)
            kind, text, end = "word", found[0], found.end()
        yield Token(kind, text, apart)
        at, apart = end, kind == ";"


def _behind_comment(field: str, start: int) -> int:
    """Where the comment ends that begins there; comments may stand in one another (RFC 5322 §3.2.2). Raises Unclear:
    also of a quote that opens in a comment and does not close there, since it was to hide the bracket."""
    depth, quotes, at = 0, 0, start
    while at < len(field):
        if field[at] == "\\":
            at += 2
            continue
        depth += {"(": 1, ")": -1}.get(field[at], 0)
        quotes += field[at] == '"'
        at += 1
        if not depth:
            break
    glued = at < len(field) and not field[at].isspace() and field[at] != ";"
    if depth or quotes % 2 or glued or at > len(field):
        raise Unclear(field)
    return at


def _result(group: list[Token]) -> Result:
    """`method[/version]=result`, comments, and properties. Raises Unclear."""
    said = [one for one in group if one.kind != "comment"]
    if [one.kind for one in said[:3]] != ["word", "=", "word"]:
        raise Unclear(group)
    method = said[0].text.lower().partition("/")[0]
    properties: dict[str, str] = {}
    for name, value in _properties(said[3:]):
        if name in properties and method in ABOUT:
            raise Unclear(group)
        properties[name] = value
    _check_comments(group, bool(properties) and method in ABOUT)
    domain = properties.get(ABOUT.get(method, ""), "").lower()
    if domain and not _HOST.fullmatch(domain):
        raise Unclear(group)
    return Result(method, said[2].text.lower(), domain)


def _properties(said: list[Token]) -> Iterator[tuple[str, str]]:
    """`name=value`, where a value is all that stands in one piece; of several tokens (`"a b"@c`) it is written with
    blanks between them, so that no name of a host comes of it. Raises Unclear."""
    at = 0
    while at < len(said):
        name = said[at]
        sign = said[at + 1 : at + 3]
        if name.kind != "word" or not name.apart or [one.kind == "=" for one in sign] != [True, False]:
            raise Unclear(said)
        end = at + 3
        while end < len(said) and not said[end].apart:
            end += 1
        yield name.text.lower(), " ".join(one.text for one in said[at + 2 : end])
        at = end


def _check_comments(group: list[Token], early: bool) -> None:
    """A comment may touch the result that it explains, as in `dmarc=pass(p=none)`, and nothing else; `early`: it stands
    before the first property. A signature's domain may itself hold a bracket (CVE-2020-12272). Raises Unclear."""
    words = 0
    for one in group:
        if one.kind != "comment":
            words += 1
        elif (not one.apart and words != 3) or (early and words > 3):
            raise Unclear(group)
