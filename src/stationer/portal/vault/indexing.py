"""The index of a message: its parts, where they stand and how they are written; and a digest of each segment, so that
what is read later is what was checked (contract/vault.md §1)."""

from __future__ import annotations

from hashlib import sha256

import msgspec

from stationer.mime import Part, Scanned
from stationer.mime.metering import Measured
from stationer.mime.parts import Problem
from stationer.notice.plain import one_line, text_of_value, words_of

#: Octets of a segment's digest, and of a name.
DIGEST, NAME = 16, 255


class Entry(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part. `head`: where its own header begins; `start`–`end`: its body as written; `length`: octets when decoded;
    `name`: its file's, of one line; `cid`: its Content-ID without brackets; `attached`: it is a file that travels with
    the mail; `letters`, `step`: of base64 in lines of one length (`mime.metering`). Multiparts are entries as well
    (`type` says so): they have a path and no length."""

    path: str
    type: str
    head: int
    start: int
    end: int
    length: int
    name: str = ""
    disposition: str = ""
    cid: str = ""
    encoding: str = "7bit"
    charset: str = "us-ascii"
    attached: bool = False
    letters: int = 0
    step: int = 0

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


def entries(found: Scanned) -> tuple[Entry, ...]:
    """The entries of a mail. A body that does not hold what its encoding says is given as it is written."""
    return tuple(_entry(part, found.measured.get(part.path)) for part in found.parts)


def _entry(part: Part, measured: Measured | None) -> Entry:
    if part.is_multipart or measured is None:
        return Entry(part.path, part.type, part.start, part.body, part.end, 0)
    cid = part.value(b"content-id")
    return Entry(
        path=part.path,
        type=part.type,
        head=part.start,
        start=part.body,
        end=part.end,
        length=measured.length,
        name=name_of(part),
        disposition=part.disposition,
        cid=cid.strip(b"<> \t").decode("ascii", "replace")[:NAME],
        encoding=part.encoding if measured.holds else "binary",
        charset=part.charset[:80],
        attached=part.disposition == "attachment" or bool(part.filename and not cid),
        letters=measured.letters,
        step=measured.step,
    )


def name_of(part: Part) -> str:
    """The file's name as one line, without folders; empty when it has none."""
    raw = part.named or part.parameters.get("name", b"")
    said = one_line(words_of(text_of_value(raw))) if raw else ""
    return said.replace("\\", "/").rpartition("/")[2][-NAME:]
