"""The values of a read mail: parts as offsets into its bytes, and the spans that tile it."""

from __future__ import annotations

from typing import Literal, NamedTuple

from stationer.mime.coding import MEANT
from stationer.mime.fields import Field, Header, value_of
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


class Part:
    """One entity (RFC 2045 §2.4): header `start:body`, body `body:end`, and what its header says.

    `path` is the part specifier of RFC 9051 §6.4.5: `1` for the only part, `1.2` for the second of the first.
    A multipart carries the path of what it is in; the root multipart's is empty. `type` is lower case; absent
    or unreadable it is `text/plain` (RFC 2045 §5.2), in a digest `message/rfc822` (RFC 2046 §5.1.5). `closed`: a
    blank line stands between header and body. `named`: the file name that its disposition states.
    """

    __slots__ = (
        "body", "children", "closed", "data", "disposition", "encoding", "end", "fields", "filename", "named",
        "parameters", "parent", "path", "start", "type",
    )  # fmt: skip

    def __init__(self, data: bytes, start: int, header: Header, path: str, parent: Part | None) -> None:
        self.data = data
        self.start = start
        self.body = header.body
        self.end = len(data)
        self.fields = header.fields
        self.closed = header.closed and header.body > start
        self.path = path
        self.parent = parent
        self.children: list[Part] = []
        self.type: str = (
            "message/rfc822" if parent is not None and parent.type == "multipart/digest" else "text/plain"
        )
        self.parameters: dict[str, bytes] = {}
        self.encoding = "7bit"
        self.disposition = ""
        self.filename = False
        self.named = b""
        self._describe()

    def _describe(self) -> None:
        """Read the fields that say what this part is; of a field given twice the first counts."""
        seen: set[bytes] = set()
        for field in self.fields:
            name = field.name
            if name[:8] != b"content-" or name in seen:
                continue
            seen.add(name)
            if name == b"content-type":
                token, self.parameters = token_and_parameters(value_of(self.data, field))
                if "/" in token or token == "text":
                    self.type = token if "/" in token else "text/plain"
                self.filename = self.filename or "name" in self.parameters
            elif name == b"content-transfer-encoding":
                token = token_and_parameters(value_of(self.data, field))[0] or "7bit"
                self.encoding = MEANT.get(token, token)
            elif name == b"content-disposition":
                self.disposition, further = token_and_parameters(value_of(self.data, field))
                self.filename = self.filename or "filename" in further
                self.named = further.get("filename", b"")

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
    spans: tuple[Span, ...]
    problems: frozenset[Problem]

    @property
    def parts(self) -> list[Part]:
        """All parts in the order of the mail."""
        return self.root.walk()

    def part(self, path: str) -> Part | None:
        """The leaf with this path."""
        return next((part for part in self.parts if part.path == path and not part.children), None)
