"""Header fields as spans of bytes: found, unfolded, taken out, put in; never rewritten (RFC 5322 §2.2, §3.6).

A field runs from the first byte of its name to the end of its last continuation line, line end included.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# A name is any printable ASCII but the colon (RFC 5322 §2.2); one that begins with two hyphens is a
# delimiter line that happens to hold a colon. White space before the colon is obsolete syntax (§4.5).
FIELD = re.compile(rb"(?!--)([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)(?:\n|\Z)")
# What a mailbox file leaves before a mail, and what its quoting makes of a line that looks like it. A field called From
# with white space before its colon (RFC 5322 §4.5) is none.
ENVELOPE_LINE = re.compile(rb">?From (?![ \t]*:)[^\n]*(?:\n|\Z)")
STRAY_LINE = re.compile(rb"[ \t][^\n]*[^\s][^\n]*(?:\n|\Z)")
# A line with a colon but no proper name: passed over when a field or a continuation follows it.
MALFORMED = re.compile(
    rb"(?:(?!--|[ \t\r\n])[^\n:]{1,200}:[^\n]*(?:\n[ \t][^\n]*)*\n){1,9}?(?=[!-9;-~]+[ \t]*:|\r?\n)"
)
BLANK = re.compile(rb"\r*\n")
# Most headers hold nothing else than fields, each with its line end, and end in a blank line: known in one step.
WHOLE = re.compile(rb"(?!>?From )(?:(?!--)[!-9;-~]++[ \t]*+:[^\n]*+\n(?:[ \t][^\n]*+\n)*)+\r*+\n")
PAIR = re.compile(rb"([!-9;-~]+)[ \t]*:([^\n]*(?:\n[ \t][^\n]*)*)\n")
# Looked for from the first of several CRs alone: from each of them, those of a line that is none would take hours.
FOLD = re.compile(rb"(?<!\r)\r*\n(?=[ \t])")

#: What a stray first line begins with.
STRAY = frozenset((b">", b"F", b" ", b"\t"))

MOST_FIELDS = 2_000
MOST_HEADER_BYTES = 1_000_000


class Field(NamedTuple):
    """One field: its name in lower case, where it starts, where its value starts, and its end."""

    name: bytes
    start: int
    value: int
    end: int


class Header(NamedTuple):
    """All fields of one entity; `body` is where the body starts; `closed` when a blank line ends the header."""

    fields: list[Field]
    body: int
    closed: bool
    excess: bool


def header_of(data: bytes, start: int) -> Header:
    """The header that begins at `start`. A line that is no field ends it, as a blank line does."""
    fields: list[Field] = []
    match = FIELD.match
    at = _skip_stray(data, start)
    limit = start + MOST_HEADER_BYTES
    while True:
        while found := match(data, at):
            end = found.end()
            fields.append(Field(found[1].lower(), at, found.start(2), end))
            at = end
            if len(fields) > MOST_FIELDS or at > limit:
                return Header(fields, at, False, True)
        stray = _stray(data, at) if fields else 0
        if not stray:
            break
        at = stray
    if blank := BLANK.match(data, at):
        return Header(fields, blank.end(), True, False)
    # what would follow a line without a line end would continue it
    white = data[at - 1 : at] == b"\n" and not data[data.rfind(b"\n", start, at - 1) + 1 : at].strip()
    return Header(fields, at, white and not _may_be_stray(data, at), False)


def _may_be_stray(data: bytes, at: int) -> bool:
    """Whether the line has a colon: with a line end and a blank line behind it, it would be one of the header."""
    end = data.find(b"\n", at)
    return data.find(b":", at, end if end >= 0 else len(data)) >= 0


def whole_header(data: bytes, start: int) -> bytes | None:
    """The header at `start` with its blank line, when it is nothing but fields; else `header_of` has to read it.

    What is in it is read the same alone as in its place, as nothing looks beyond a blank line.
    """
    found = WHOLE.match(data, start)
    return found[0] if found and found.end() - start <= MOST_HEADER_BYTES else None


def pairs_of(header: bytes) -> list[tuple[bytes, bytes]]:
    """Name and raw value of each field of a `whole_header`."""
    return PAIR.findall(header)


def _stray(data: bytes, at: int) -> int:
    """The end of a line inside a header that is no field and yet does not end it; 0 when there is none."""
    if data[at : at + 1] in (b"\r", b"\n", b""):
        return 0
    stray = ENVELOPE_LINE.match(data, at) if data[at : at + 1] == b">" else MALFORMED.match(data, at)
    return stray.end() if stray else 0


def _skip_stray(data: bytes, at: int) -> int:
    """Past a mailbox file's envelope line and a first line that is only a continuation."""
    if data[at : at + 1] not in STRAY:
        return at
    if (line := ENVELOPE_LINE.match(data, at)) or (
        (line := STRAY_LINE.match(data, at)) and FIELD.match(data, line.end())
    ):
        return line.end()
    return at


def unfolded(raw: bytes) -> bytes:
    """A field's value without its folding (RFC 5322 §2.2.3), trimmed."""
    held = raw.strip()
    return FOLD.sub(b"", held) if b"\n" in held else held


def value_of(data: bytes, field: Field) -> bytes:
    """The unfolded value of one field."""
    return unfolded(data[field.value : field.end])


def header_values(mail: bytes, name: str) -> list[bytes]:
    """All values of the mail's own fields called `name`, in order, unfolded and trimmed."""
    wanted = name.lower().encode("ascii", "replace")
    return [value_of(mail, field) for field in header_of(mail, 0).fields if field.name == wanted]


def message_id(mail: bytes) -> str | None:
    """The Message-ID with its angle brackets (RFC 5322 §3.6.4), or None when there is none to speak of."""
    for value in header_values(mail, "message-id"):
        if found := re.search(rb"<[!-;=?-~]+>", value):
            return found[0].decode("ascii")
    return None


def without_headers(mail: bytes, names: frozenset[str]) -> bytes:
    """The mail without the fields of these names, with all their continuation lines. No other byte changes."""
    wanted = {name.lower().encode("ascii", "replace") for name in names}
    pieces: list[bytes] = []
    at = 0
    for field in header_of(mail, 0).fields:
        if field.name in wanted:
            pieces.append(mail[at : field.start])
            at = field.end
    return b"".join([*pieces, mail[at:]]) if at else mail


def line_end(mail: bytes) -> bytes:
    """The line end that the mail's first line uses; CRLF (RFC 5322 §2.1) when it has none."""
    end = mail.find(b"\n")
    return b"\n" if (end > 0 and mail[end - 1] != 13) or end == 0 else b"\r\n"


def top_of(mail: bytes) -> int:
    """Where a new first field goes: behind a mailbox file's envelope line, and never before a stray continuation."""
    return _skip_stray(mail, 0)


def with_header(mail: bytes, name: str, value: str) -> bytes:
    """The mail with one more field on top, in its own line ends.

    `value` may hold line feeds that are followed by white space: they become folds. Raises ValueError for
    anything else that would start another field.
    """
    if not re.fullmatch(r"[!-9;-~]+", name) or re.search(r"\r|\x00|\n(?![ \t])", value):
        raise ValueError(f"{name!r} with this value is not one header field")
    end = line_end(mail)
    field = f"{name}: {value}".encode().replace(b"\n", end) + end
    at = top_of(mail)
    return mail[:at] + field + mail[at:]
