"""The values of a read mail: parts as offsets into its bytes, and the spans that tile it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple
from weakref import ref

from stationer.mime.coding import MEANT
from stationer.mime.fields import MOST_FIELDS, Field, header_of, pairs_of, unfolded, whole_header
from stationer.mime.parameters import token_and_parameters

#: What a span holds. Together the spans of a mail are the mail.
What = Literal["header", "body", "preamble", "delimiter", "epilogue", "unread"]
#: Limits that reading ran into, and breakage that makes a mail's structure ambiguous.
Problem = Literal["no-header", "unclosed-header", "header-limit", "depth-limit", "part-limit", "ambiguous"]


class Span(NamedTuple):
    """`mail[start:end]` is `what` of the part `path`."""

    start: int
    end: int
    what: What
    path: str


class Described(NamedTuple):
    """A header and what it says of its part. `values`: of each name (lower case) the first field's, as it stands
    there; `repeats`: whether a name occurs twice. `length`: where the body starts. `type` is empty when it says none.
    """

    values: dict[bytes, bytes]
    repeats: bool
    length: int
    closed: bool
    excess: bool
    type: str
    parameters: dict[str, bytes]
    encoding: str
    disposition: str
    filename: bool
    named: bytes


#: How long a part's header may be to be remembered.
SHORT = 1_000


def described(data: bytes, start: int) -> Described:
    """The header at `start`. Those of text parts repeat from mail to mail: they are read once."""
    block = whole_header(data, start)
    if block is None:
        return _tolerant(data, start)
    if not start or len(block) > SHORT or b"oundary" in block or b"name" in block:
        return _described(block)
    return _described_again(block)


def _described(block: bytes) -> Described:
    """A header that is nothing but fields."""
    pairs = pairs_of(block)
    if len(pairs) > MOST_FIELDS:
        return _tolerant(block, 0)
    values = {name.lower(): value for name, value in reversed(pairs)}
    return _told(values, len(values) < len(pairs), len(block), True, False)


_described_again = lru_cache(maxsize=512)(_described)


def _tolerant(data: bytes, start: int) -> Described:
    """Any header, field by field."""
    fields, body, closed, excess = header_of(data, start)
    values = {field.name: data[field.value : field.end] for field in reversed(fields)}
    return _told(values, len(values) < len(fields), body - start, closed, excess)


def _told(values: dict[bytes, bytes], repeats: bool, length: int, closed: bool, excess: bool) -> Described:
    """What the fields say; of a field given twice the first counts."""
    kind, encoding, disposition, filename, named = "", "7bit", "", False, b""
    parameters: dict[str, bytes] = {}
    if (raw := values.get(b"content-type")) is not None:
        token, parameters = token_and_parameters(unfolded(raw))
        kind = token if "/" in token else "text/plain" if token == "text" else ""
        filename = "name" in parameters
    if (raw := values.get(b"content-transfer-encoding")) is not None:
        encoding = encoding_of(unfolded(raw))
    if (raw := values.get(b"content-disposition")) is not None:
        disposition, further = token_and_parameters(unfolded(raw))
        filename = filename or "filename" in further
        named = further.get("filename", b"")
    return Described(
        values, repeats, length, closed, excess, kind, parameters, encoding, disposition, filename, named
    )


@lru_cache(maxsize=64)
def encoding_of(value: bytes) -> str:
    """The transfer encoding that a field's value names, in lower case; `7bit` when it names none (RFC 2045 §6.1)."""
    token = token_and_parameters(value)[0] or "7bit"
    return MEANT.get(token, token)


class Part:
    """One entity (RFC 2045 §2.4): header `start:body`, body `body:end`, and what its header says.

    `path` is the part specifier of RFC 9051 §6.4.5: `1` for the only part, `1.2` for the second of the first.
    A multipart carries the path of what it is in; the root multipart's is empty. `type` is lower case; absent
    or unreadable it is `text/plain` (RFC 2045 §5.2), in a digest `message/rfc822` (RFC 2046 §5.1.5). `closed`: a
    blank line stands between header and body. `named`: the file name that its disposition states. `values`: of each
    field name (lower case) the first one's raw value; `repeats`: whether a name occurs twice. `boundary`: that
    parameter without the white space at its end (RFC 2046 §5.1.1); empty when absent.
    """

    __slots__ = (
        "__weakref__", "_parent", "body", "boundary", "children", "closed", "data", "disposition", "encoding", "end",
        "filename", "is_multipart", "named", "parameters", "path", "repeats", "start", "type", "values",
    )  # fmt: skip

    def __init__(self, data: bytes, start: int, read: Described, path: str, parent: Part | None) -> None:
        values, repeats, length, closed, _, kind, parameters, encoding, disposition, filename, named = read
        self.values, self.repeats, self.parameters, self.encoding = values, repeats, parameters, encoding
        self.disposition, self.filename, self.named = disposition, filename, named
        self.data = data
        self.start = start
        self.body = start + length
        self.end = len(data)
        self.closed = closed and length > 0
        self.path = path
        self._parent = None if parent is None else ref(parent)
        self.children: list[Part] = []
        in_digest = parent is not None and parent.type == "multipart/digest"
        self.type: str = kind or ("message/rfc822" if in_digest else "text/plain")
        self.is_multipart = self.type[:10] == "multipart/"
        boundary = self.parameters.get("boundary")
        self.boundary = boundary.rstrip(b" \t\r\n") if boundary else b""

    @property
    def fields(self) -> list[Field]:
        """The header's fields, in order. They are looked for anew: `values` is at hand."""
        return header_of(self.data, self.start).fields

    @property
    def parent(self) -> Part | None:
        """What this part is in. Held weakly: a mail that nobody holds any longer is gone at once."""
        return None if self._parent is None else self._parent()

    @property
    def charset(self) -> str:
        """The declared charset in lower case, `us-ascii` when none is declared (RFC 2045 §5.2)."""
        return self.parameters.get("charset", b"").decode("ascii", "replace").strip().lower() or "us-ascii"

    @property
    def encoded(self) -> bytes:
        """The body as it travels."""
        return self.data[self.body : self.end]

    def field(self, name: bytes) -> Field | None:
        """The first field of this name (lower case)."""
        if name not in self.values:
            return None
        return next(field for field in self.fields if field.name == name)

    def value(self, name: bytes) -> bytes:
        """The unfolded value of the first field of this name (lower case); empty when absent."""
        return unfolded(self.values.get(name, b""))

    def walk(self) -> list[Part]:
        """This part and all below it, in the order of the mail."""
        return [self, *(part for child in self.children for part in child.walk())]


class Mail(NamedTuple):
    """A read mail; `parts`: all of them, in the order of the mail (a message inside is one part, never entered).

    `b"".join(data[s.start:s.end] for s in spans) == data`, for every input. `tiles`: where each span ends, what it
    holds, and the path of its part; some are empty.
    """

    data: bytes
    root: Part
    parts: list[Part]
    tiles: list[tuple[int, What, str]]
    problems: frozenset[Problem]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans, in order."""
        starts = [0, *(end for end, _, _ in self.tiles)]
        return tuple(
            Span(start, end, what, path)
            for start, (end, what, path) in zip(starts, self.tiles, strict=False)
            if end > start
        )

    def part(self, path: str) -> Part | None:
        """The leaf with this path."""
        return next((part for part in self.parts if part.path == path and not part.children), None)
