"""fill and complete: content for one person, then with the addresses of its links. Everything is escaped here."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape
from unicodedata import category
from urllib.parse import quote

from stationer.compose.embedding import linked
from stationer.wire.content import Block, Content, Field, LinkPlace, Piece, Target, When

_LINE_ENDS = re.compile(r"\s*[\r\n\v\f\x85\u2028\u2029]+\s*")
_WEB = re.compile(r"https?://[^\s<>\"'\\]+", re.IGNORECASE)
_BARE = re.compile(r"[\w-]+(\.[\w-]+)+([/?#][^\s<>\"'\\]*)?")
_LINE = 72  # characters of a line of text; quoted twice it still fits into 78 (RFC 5322 §2.1.1)
#: What may stand in a web address as it is (RFC 3986 §2.2, §2.3); the rest is percent-encoded.
_SAFE = ":/?#[]@!$&()*+,;=%-._~"


def fill(content: Content, attributes: Mapping[str, str], *, name: str) -> Block:
    """The block for a person. A line whose attributes are all empty is gone; so is one with a web address that
    is none (another scheme, blanks)."""
    values = {key: plain(value) for key, value in attributes.items()}
    for field in _addresses((*content.html, *content.targets)):
        values[field.name] = web_address(values.get(field.name, ""))
    text = _write(content.text, values, str)
    return Block(
        name=name,
        kind=content.kind,
        slot=content.slot,
        html=_write(content.html, values, escape),
        text=_trimmed(text),
        targets=[_target(target, values) for target in content.targets],
        link_base=content.link_base,
        pictures=list(content.called),
    )


def complete(block: Block, tokens: Sequence[str] = (), *, embed: bool = False) -> tuple[str, str]:
    """HTML and text with the addresses of the links in: the answer's `tokens`, or the plain targets without.

    To `embed` is to leave the block's pictures called `cid:NAME`; else their addresses are written.
    """
    addresses = [
        block.link_base + tokens[number] if number < len(tokens) and tokens[number] else target
        for number, target in enumerate(block.targets)
    ]
    html = "".join(escape(addresses[part]) if isinstance(part, int) else part for part in block.html)
    if not embed:
        html = linked(html, block.pictures)
    return html, "".join(addresses[part] if isinstance(part, int) else part for part in block.text)


def plain(value: str) -> str:
    """A value as one line without control characters or lone surrogates; line ends become commas."""
    joined = _LINE_ENDS.sub(", ", value.strip())
    return "".join(c for c in joined if category(c) not in ("Cc", "Cs"))


def web_address(value: str) -> str:
    """A whole web address, with `https://` put before a bare host; empty for anything else."""
    if _BARE.fullmatch(value):
        value = f"https://{value}"
    return quote(value, safe=_SAFE) if _WEB.fullmatch(value) else ""


def _addresses(parts: Iterable[Piece | Target]) -> Iterable[Field]:
    """Every field that must be a whole web address."""
    for part in parts:
        if isinstance(part, Field):
            if part.form == "address":
                yield part
        elif isinstance(part, When):
            yield from _addresses(part.pieces)
        elif isinstance(part, tuple):
            yield from _addresses(part)


def _written(field: Field, values: Mapping[str, str]) -> str:
    value = values.get(field.name, "")
    if field.form == "address":
        return value or web_address(plain(field.otherwise))
    value = value or plain(field.otherwise)
    if field.form == "part":
        return quote(value, safe="")
    if field.form == "number":
        return re.sub(r"\(0\)|[^\d+]", "", value)
    if field.form == "host":
        return re.sub(r"^https?://", "", value, flags=re.IGNORECASE).rstrip("/")
    return value


def _target(target: Target, values: Mapping[str, str]) -> str:
    if isinstance(target, str):
        return target
    first = target[0]
    if isinstance(first, Field) and not _written(first, values):
        return ""
    return "".join(part if isinstance(part, str) else _written(part, values) for part in target)


def _write(
    pieces: Iterable[Piece], values: Mapping[str, str], dress: Callable[[str], str]
) -> list[str | int]:
    found: list[str | int] = []
    for piece in pieces:
        if isinstance(piece, str):
            _add(found, piece)
        elif isinstance(piece, Field):
            _add(found, dress(_written(piece, values)))
        elif isinstance(piece, LinkPlace):
            found.append(piece.number)
        elif any(values.get(name) for name in piece.needs):
            for part in _write(piece.pieces, values, dress):
                if isinstance(part, str):
                    _add(found, part)
                else:
                    found.append(part)
    return found


def _add(found: list[str | int], text: str) -> None:
    if found and isinstance(found[-1], str):
        found[-1] += text
    elif text:
        found.append(text)


def _trimmed(text: list[str | int]) -> list[str | int]:
    """The twin as a person would have typed it: lines of at most 72 characters; no blank lines at the ends, and
    no two in a row where lines round them have vanished."""
    whole = "".join(part.replace("\0", "") if isinstance(part, str) else f"\0{part}\0" for part in text)
    wrapped = "\n".join(_wrapped(line) for line in whole.split("\n"))
    parts = re.sub(r"\n{3,}", "\n\n", wrapped).strip("\n").split("\0")
    found: list[str | int] = [int(part) if n % 2 else part for n, part in enumerate(parts)]
    return [part for part in found if part != ""]


def _wrapped(line: str) -> str:
    if len(line) <= _LINE:
        return line
    return "\n".join(textwrap.wrap(line, _LINE, break_long_words=False, break_on_hyphens=False))
