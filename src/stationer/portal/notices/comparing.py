"""What of a pasted notification is not as it was sent: the part of it that no signature covers (contract/notice.md §4).

Pure: the octets of both are all it sees. Encodings, folding and white space count for nothing; a word does.
"""

from __future__ import annotations

import re

from stationer.mime import read as read_mail
from stationer.mime.charset import codec_for, text_of
from stationer.mime.coding import decoded
from stationer.mime.fields import value_of
from stationer.notice.plain import one_line, text_of_value, words_of

#: What is compared of the header, by what a person would call it.
FIELDS = {
    "subject": (b"subject",),
    "names": (b"from", b"sender", b"to", b"cc"),
    "answers": (b"reply-to", b"mail-reply-to", b"mail-followup-to"),
    "date": (b"date",),
}
SPACE = re.compile(r"\s+")


def differences(pasted: bytes, sent: bytes, *, whole: bool) -> frozenset[str]:
    """Which of `FIELDS`, and of `words`, say something else than what was sent. `whole`: whether a body was pasted."""
    found = {what for what, names in FIELDS.items() if _said(pasted, names) != _said(sent, names)}
    if whole and not _parts(pasted) <= _parts(sent):
        found.add("words")
    return frozenset(found)


def _said(mail: bytes, names: tuple[bytes, ...]) -> list[tuple[bytes, str]]:
    """What the fields of these names say, decoded, as one line each; quotation marks round a name are no part of it."""
    fields = [field for field in read_mail(mail).root.fields if field.name in names]
    said = [(field.name, one_line(words_of(text_of_value(value_of(mail, field))))) for field in fields]
    return sorted((name, SPACE.sub("", text.replace('"', ""))) for name, text in said)


def _parts(mail: bytes) -> frozenset[tuple[str, str]]:
    """What each part that is no multipart says: words without white space, anything else as it is."""
    found = set()
    for part in read_mail(mail).parts:
        if not part.is_multipart:
            plain = decoded(part.encoded, part.encoding) or b""
            words = text_of(plain, codec_for(part.charset, plain) or "latin-1")
            is_text = part.type.startswith("text/")
            found.add((part.type, SPACE.sub("", words) if is_text else plain.hex()))
    return frozenset(found)
