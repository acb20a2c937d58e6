"""The index of a message: its parts, where they stand and how they are written; and a digest of each segment, so that
what is read later is what was checked (contract/vault.md §1)."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256

import msgspec

from stationer.mime import Mail, Part
from stationer.mime.coding import decoded
from stationer.mime.parts import Problem
from stationer.notice.plain import one_line, text_of_value, words_of

#: Octets of a segment's digest, and of a name.
DIGEST, NAME = 16, 255


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part. `start`–`end`: its body as written; `length`: octets when decoded; `name`: its file's, of one line;
    `cid`: its Content-ID without brackets; `attached`: it is a file that travels with the mail. Multiparts are entries
    as well (`type` says so): they have a path and no body."""

    path: str
    type: str
    start: int
    end: int
    length: int
    name: str = ""
    disposition: str = ""
    cid: str = ""
    encoding: str = "7bit"
    charset: str = "us-ascii"
    attached: bool = False

    @property
    def is_multipart(self) -> bool:
        """Whether it only holds others."""
        return self.type.startswith("multipart/")


class Index(msgspec.Struct, frozen=True, omit_defaults=True):
    """All parts in the order of the mail. `header`: where the mail's own header ends."""

    length: int
    header: int
    entries: tuple[Entry, ...]
    digests: tuple[bytes, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def leaves(self) -> tuple[Entry, ...]:
        """Those that hold something."""
        return tuple(entry for entry in self.entries if not entry.is_multipart)

    def entry(self, path: str) -> Entry | None:
        """The leaf of this path."""
        return next((entry for entry in self.leaves if entry.path == path), None)


def encode(index: Index) -> bytes:
    """As it is sealed."""
    return msgspec.msgpack.encode(index)


def decode(data: bytes) -> Index:
    """As it was made."""
    return msgspec.msgpack.decode(data, type=Index)


def digest(segment: bytes) -> bytes:
    """What a segment is known by."""
    return sha256(segment).digest()[:DIGEST]


def entries(mail: Mail) -> Iterator[Entry]:
    """The entries of a mail that was read whole."""
    for part in mail.parts:
        plain = b"" if part.is_multipart else part.encoded
        body = decoded(plain, part.encoding)
        yield entry_of(part, part.body, part.end, len(plain if body is None else body))


def entry_of(part: Part, start: int, end: int, length: int) -> Entry:
    """What is kept of one part."""
    cid = part.value(b"content-id").strip(b"<> \t").decode("ascii", "replace")
    return Entry(
        path=part.path,
        type=part.type,
        start=start,
        end=end,
        length=length,
        name=name_of(part),
        disposition=part.disposition,
        cid=cid[:NAME],
        encoding=part.encoding,
        charset=part.charset[:80],
        attached=part.disposition == "attachment" or bool(part.filename and not part.value(b"content-id")),
    )


def name_of(part: Part) -> str:
    """The file's name as one line, without folders; empty when it has none."""
    raw = part.named or part.parameters.get("name", b"")
    said = one_line(words_of(text_of_value(raw))) if raw else ""
    return said.replace("\\", "/").rpartition("/")[2][-NAME:]
