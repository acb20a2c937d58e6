"""The subject's tag and the field that ask for a seal: found, and taken off (contract/notice.md §1)."""

from __future__ import annotations

import re

from stationer.mime import Cut, header_values
from stationer.mime.coding import base64_lines
from stationer.mime.fields import Field, header_of
from stationer.notice.plain import ENCODED, text_of_value, words_of

SEAL = "stationer-seal"
#: Encoded words with nothing but white space between them are one run of text.
RUN = re.compile(rf"{ENCODED.pattern}(?:\s+{ENCODED.pattern})*".encode())
#: UTF-8 octets of one encoded word, so that it has room behind the field's name (RFC 2047 §2).
WORD_OCTETS = 39


def asks_for_seal(mail: bytes, tag: str) -> bool:
    """Whether the mail asks to be sealed: `Stationer-Seal: yes`, or the tag in its subject."""
    if any(value.lower() == b"yes" for value in header_values(mail, SEAL)):
        return True
    wanted = tag.strip().lower()
    subjects = (words_of(text_of_value(value)) for value in header_values(mail, "subject"))
    return bool(wanted) and any(wanted in subject.lower() for subject in subjects)


def untagged(mail: bytes, tag: str) -> list[Cut]:
    """The cuts that take the first tag out of each subject of the mail's own header."""
    if not tag.strip():
        return []
    subjects = (field for field in header_of(mail, 0).fields if field.name == b"subject")
    return [cut for field in subjects if (cut := _cut(mail, field, tag.strip()))]


def _cut(mail: bytes, field: Field, tag: str) -> Cut | None:
    """What takes the tag out of one subject: as it stands, or out of a run of encoded words."""
    raw = mail[field.value : field.end]
    for found in _pieces(raw, tag):
        start, end, new = found
        return Cut(field.value + start, field.value + end, new)
    return None


def _pieces(raw: bytes, tag: str) -> list[tuple[int, int, bytes]]:
    """Where tags stand in a value, in order: plain ones and those in runs of encoded words."""
    pattern = re.escape(tag)
    found: list[tuple[int, int, bytes]] = []
    runs = [(run.start(), run.end()) for run in RUN.finditer(raw)]
    plain = re.finditer(pattern.encode(), raw, re.IGNORECASE)
    outside = [one for one in plain if not any(start <= one.start() < end for start, end in runs)]
    found += [(*_with_white(raw, one.start(), one.end()), b"") for one in outside]
    for start, end in runs:
        text = words_of(raw[start:end].decode("latin-1"))
        if tagged := re.search(pattern, text, re.IGNORECASE):
            head, tail = text[: tagged.start()], text[tagged.end() :].lstrip()
            rest = head + tail if tail else head.rstrip()
            first, last = (start, end) if rest else _with_white(raw, start, end)
            found.append((first, last, encoded_words(rest, _end_of(raw))))
    return sorted(found)


def _with_white(raw: bytes, start: int, end: int) -> tuple[int, int]:
    """With the white space behind it, folds included; at the end of the value with that before it, but one space."""
    behind = re.compile(rb"(?:\r*\n(?=[ \t])|[ \t])*").match(raw, end)
    after = behind.end() if behind else end
    if raw[after:].strip():
        return start, after
    before = len(raw[:start].rstrip(b" \t\r\n"))
    return (before, end) if before else (start, end)


def _end_of(raw: bytes) -> bytes:
    """The line end that the field uses."""
    return b"\r\n" if b"\r\n" in raw else b"\n"


def encoded_words(text: str, end: bytes) -> bytes:
    """Text as encoded words in UTF-8, folded (RFC 2047 §2); no character is torn."""
    words: list[bytes] = []
    held = b""
    for char in text:
        octets = char.encode("utf-8", "replace")
        if len(held) + len(octets) > WORD_OCTETS:
            words.append(held)
            held = b""
        held += octets
    return (end + b" ").join(
        b"=?utf-8?B?" + base64_lines(word, b"") + b"?=" for word in [*words, held] if word
    )
