"""The subject's tag and the field that ask for a seal: found, and taken off (contract/notice.md §1)."""

from __future__ import annotations

import re

from stationer.mime import Cut, header_values
from stationer.mime.coding import base64_lines
from stationer.mime.fields import Field, header_of, unfolded
from stationer.notice.plain import ENCODED, one_line, text_of_value, words_of

SEAL = "stationer-seal"
#: Encoded words with nothing but white space between them are one run of text.
RUN = re.compile(rf"{ENCODED.pattern}(?:\s+{ENCODED.pattern})*")
#: UTF-8 octets of one encoded word, so that it has room behind the field's name (RFC 2047 §2).
WORD_OCTETS = 39


def asks_for_seal(mail: bytes, tag: str) -> bool:
    """Whether the mail asks to be sealed: `Stationer-Seal: yes`, or the tag in its subject."""
    if any(value.lower() == b"yes" for value in header_values(mail, SEAL)):
        return True
    subjects = (_said(value) for value in header_values(mail, "subject"))
    return bool(tag.strip()) and any(_found(tag.strip(), subject) for subject in subjects)


def untagged(mail: bytes, tag: str) -> list[Cut]:
    """The cuts that take the first tag out of each subject of the mail's own header."""
    if not tag.strip():
        return []
    subjects = (field for field in header_of(mail, 0).fields if field.name == b"subject")
    return [cut for field in subjects if (cut := _cut(mail, field, tag.strip()))]


def without_tag(subject: str, tag: str) -> str:
    """A subject as its readers see it, decoded already: without the first tag."""
    left = _without(tag.strip(), subject) if tag.strip() else None
    return subject if left is None else left


def _said(raw: bytes) -> str:
    """What a subject says, decoded and without folding."""
    return words_of(text_of_value(unfolded(raw)))


def _found(tag: str, text: str) -> re.Match[str] | None:
    """The first tag in a text, in any case."""
    return re.search(re.escape(tag), text, re.IGNORECASE)


def _without(tag: str, text: str) -> str | None:
    """The text without its first tag and the white space behind it, or before it where nothing is behind."""
    if not (tagged := _found(tag, text)):
        return None
    head, tail = text[: tagged.start()], text[tagged.end() :].lstrip()
    return head + tail if tail else head.rstrip()


def _cut(mail: bytes, field: Field, tag: str) -> Cut | None:
    """What takes the tag out of one subject: as it stands or out of a run of encoded words, where what is left says
    the subject without it; else the subject is written anew."""
    raw = mail[field.value : field.end]
    wanted = _without(tag, _said(raw))
    if wanted is None:
        return None
    start, end, new = _as_it_stands(raw, tag)
    if one_line(_said(raw[:start] + new + raw[end:])) != one_line(wanted):
        written = encoded_words(wanted, _end_of(raw))
        start, end, new = 0, _end_of_words(raw.decode("latin-1")), b" " + written if written else b""
    return Cut(field.value + start, field.value + end, new)


def _as_it_stands(raw: bytes, tag: str) -> tuple[int, int, bytes]:
    """Where the first tag stands in a value, by octets, and what is left there; nothing at all where none does."""
    text = text_of_value(raw)
    coding = "latin-1" if len(text) == len(raw) else "utf-8"
    start, end, rest = _first(text, tag)
    new = encoded_words(rest, _end_of(raw))
    return len(text[:start].encode(coding)), len(text[:end].encode(coding)), new


def _first(text: str, tag: str) -> tuple[int, int, str]:
    """The same by characters; what is left of a run of encoded words, decoded."""
    pattern = re.compile(re.escape(tag), re.IGNORECASE)
    at = 0
    for run in RUN.finditer(text):
        if plain := pattern.search(text, at, run.start()):
            return (*_with_white(text, plain.start(), plain.end()), "")
        if (rest := _without(tag, words_of(run[0]))) is not None:
            return (run.start(), run.end(), rest) if rest else (*_with_white(text, *run.span()), "")
        at = run.end()
    if plain := pattern.search(text, at):
        return (*_with_white(text, plain.start(), plain.end()), "")
    return 0, 0, ""


def _with_white(text: str, start: int, end: int) -> tuple[int, int]:
    """With the white space behind it, folds included; where nothing is behind with that before it, to the field's name
    if nothing is before it either."""
    behind = text[end:].lstrip()
    if behind:
        return start, len(text) - len(behind)
    return len(text[:start].rstrip()), _end_of_words(text)


def _end_of_words(text: str) -> int:
    """Where the field's own line end begins."""
    return len(text[:-1].rstrip("\r")) if text.endswith("\n") else len(text)


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
