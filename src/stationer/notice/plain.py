"""One line of text out of anything: what comes from outside can start no field, no line and no tag, and turn no text.

Also display names (RFC 5322 §3.4, RFC 2047): as shown, or nothing where one reads as a link or an address.
"""

from __future__ import annotations

import re
import unicodedata

from stationer.mime.charset import codec, text_of
from stationer.mime.coding import decoded

LONGEST_NAME = 80
ENCODED = re.compile(r"=\?([!->@-~]+?)(?:\*[A-Za-z0-9-]*)?\?([BbQq])\?([!->@-~]*)\?=")
#: White space between two encoded words is no part of the text (RFC 2047 §6.2).
BETWEEN = re.compile(r"(\?=)\s+(?==\?[!->@-~]+\?[BbQq]\?)")
QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"?', re.DOTALL)
COMMENT = re.compile(r"\((?:[^()\\]|\\.)*\)", re.DOTALL)
#: What programs make a link of, or what reads as another's address.
LINKISH = re.compile(r"[@＠﹫]|//|\bwww\.|\w[.。．｡][^\W\d_]{2,}", re.IGNORECASE)
#: Control, format, surrogate, private and unassigned characters; line and paragraph separators.
UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
#: Joiners that scripts need inside words.
JOINERS = "\u200c\u200d"
SPACES = re.compile(r"\s+")


def one_line(text: str) -> str:
    """The text as one line: control characters become spaces, invisible format characters (bidirectional controls
    among them) go, runs of white space become one space."""
    if text.isascii() and text.isprintable():
        return SPACES.sub(" ", text).strip()
    kept = (_seen(char) for char in text)
    return SPACES.sub(" ", "".join(kept)).strip()


def _seen(char: str) -> str:
    kind = unicodedata.category(char)
    if kind not in UNSEEN or char in JOINERS:
        return char
    return " " if kind in ("Cc", "Zl", "Zp") else ""


def words_of(value: str) -> str:
    """An unstructured value with its encoded words decoded (RFC 2047). What cannot be decoded stays as written."""
    return ENCODED.sub(lambda found: decoded_word(*found.groups()) or found[0], BETWEEN.sub(r"\1", value))


def decoded_word(charset: str, coding: str, held: str) -> str | None:
    """The text of one encoded word; None when its charset or encoding does not hold."""
    name = codec(charset.lower())
    raw = held.encode("ascii")
    plain = (
        decoded(raw, "base64") if coding in "Bb" else decoded(raw.replace(b"_", b"=20"), "quoted-printable")
    )
    return None if name is None or plain is None else text_of(plain, name)


def text_of_value(raw: bytes) -> str:
    """The octets of a field's value as text: UTF-8 (RFC 6532), or one character an octet."""
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _comment(value: str) -> str:
    """What the first comment of an address list says; nothing when it stands behind another address."""
    found = COMMENT.search(value)
    return found[0][1:-1] if found and "," not in value[: found.start()] else ""


def display_name(value: str) -> str:
    """The display name of an address list's first address, as one line; empty when there is none that may be shown."""
    head = value.partition("<")[0] if "<" in value else _comment(value)
    quoted = QUOTED.search(head)
    said = re.sub(r"\\(.)", r"\1", quoted[1], flags=re.DOTALL) if quoted else COMMENT.sub("", head)
    return shown_name(words_of(said))


def shown_name(text: str) -> str:
    """A name as one line of at most 80 characters; empty where it reads as a link, a host or an address."""
    name = one_line(text)
    if "=?" in name or LINKISH.search(unicodedata.normalize("NFKC", name)):
        return ""
    return name if len(name) <= LONGEST_NAME else name[: LONGEST_NAME - 1].rstrip() + "…"
