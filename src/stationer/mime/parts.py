"""The values of a read mail: parts as offsets into its bytes, and the spans that tile it."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal, NamedTuple
from weakref import ref

from stationer.mime.coding import MEANT
from stationer.mime.fields import Field, Header, header_of, short_block, value_of
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
    """A header and what it says of its part. `type` is empty when it says none."""

    header: Header
    type: str
    parameters: dict[str, bytes]
    encoding: str
    disposition: str
    filename: bool
    named: bytes


def described(data: bytes, start: int) -> tuple[Described, int]:
    """The header at `start`, and how far its offsets have to be moved.

    Those of text parts repeat from mail to mail: they are read once.
    """
    block = short_block(data, start) if start else b""
    if not block or b"oundary" in block or b"name" in block:
        return _described(data, start), 0
    return _described_again(block), start


def _described(data: bytes, start: int) -> Described:
    """The fields that say what this part is; of a field given twice the first counts."""
    header = header_of(data, start)
    kind, encoding, disposition, filename, named = "", "7bit", "", False, b""
    parameters: dict[str, bytes] = {}
    seen: set[bytes] = set()
    for field in header.fields:
        name = field.name
        if name[:8] != b"content-" or name in seen:
            continue
        seen.add(name)
        if name == b"content-type":
            token, parameters = token_and_parameters(value_of(data, field))
            if "/" in token or token == "text":
                kind = token if "/" in token else "text/plain"
            filename = filename or "name" in parameters
        elif name == b"content-transfer-encoding":
            encoding = encoding_of(value_of(data, field))
        elif name == b"content-disposition":
            disposition, further = token_and_parameters(value_of(data, field))
            filename = filename or "filename" in further
            named = further.get("filename", b"")
    return Described(header, kind, parameters, encoding, disposition, filename, named)


@lru_cache(maxsize=512)
def _described_again(block: bytes) -> Described:
    return _described(block, 0)


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
    blank line stands between header and body. `named`: the file name that its disposition states.
    """

    __slots__ = (
        "__weakref__", "_fields", "_moved", "_parent", "body", "children", "closed", "data", "disposition",
        "encoding", "end", "filename", "named", "parameters", "path", "start", "type",
    )  # fmt: skip

    def __init__(
        self, data: bytes, start: int, read: Described, moved: int, path: str, parent: Part | None
    ) -> None:
        header, kind, self.parameters, self.encoding, self.disposition, self.filename, self.named = read
        self._fields, body, closed, _ = header
        self._moved = moved
        self.data = data
        self.start = start
        self.body = moved + body
        self.end = len(data)
        self.closed = closed and self.body > start
        self.path = path
        self._parent = None if parent is None else ref(parent)
        self.children: list[Part] = []
        in_digest = parent is not None and parent.type == "multipart/digest"
        self.type: str = kind or ("message/rfc822" if in_digest else "text/plain")

    @property
    def fields(self) -> list[Field]:
        """The header's fields, in order."""
        by = self._moved
        if not by:
            return self._fields
        return [Field(name, at + by, value + by, end + by) for name, at, value, end in self._fields]

    @property
    def parent(self) -> Part | None:
        """What this part is in. Held weakly: a mail that nobody holds any longer is gone at once."""
        return None if self._parent is None else self._parent()

    @property
    def is_multipart(self) -> bool:
        """Whether its type says that it holds parts."""
        return self.type[:10] == "multipart/"

    @property
    def boundary(self) -> bytes:
        """The boundary parameter, without the white space at its end (RFC 2046 §5.1.1); empty when absent."""
        return self.parameters.get("boundary", b"").rstrip(b" \t\r\n")

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
        return next((field for field in self.fields if field.name == name), None)

    def value(self, name: bytes) -> bytes:
        """The unfolded value of the first field of this name; empty when absent."""
        field = self.field(name)
        return value_of(self.data, field) if field else b""

    def walk(self) -> list[Part]:
        """This part and all below it, in the order of the mail. A message inside is one part, never entered."""
        found = [self]
        for part in found[0].children:
            found.extend(part.walk())
        return found


class Mail(NamedTuple):
    """A read mail. `b"".join(data[s.start:s.end] for s in spans) == data`, for every input."""

    data: bytes
    root: Part
    tiles: tuple[tuple[int, int, What, str], ...]
    problems: frozenset[Problem]

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans, in order; `tiles` are the same without names."""
        return tuple(map(Span._make, self.tiles))

    @property
    def parts(self) -> list[Part]:
        """All parts in the order of the mail."""
        return self.root.walk()

    def part(self, path: str) -> Part | None:
        """The leaf with this path."""
        return next((part for part in self.parts if part.path == path and not part.children), None)
