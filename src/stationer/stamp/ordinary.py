"""A quick look for consent: what nearly every mail is made of, and what no judge has anything to ask about.

A part or a header that is not ordinary proves nothing; the judges look. One that is ordinary shows them nothing
(tests/stamp/test_ordinary.py).
"""

from __future__ import annotations

import re

from stationer.mime import Part
from stationer.stamp.body import TEXTS
from stationer.stamp.sealed import of_attachment, of_text

MIXTURES = frozenset({"multipart/mixed", "multipart/alternative", "multipart/related"})
#: What a mixture says of itself: anything else may be a protocol's.
OF_MIXTURES = frozenset({"boundary", "type", "start", "charset"})
FILES = ("application/", "image/", "audio/", "video/", "font/")
WATCHED_FILES = (b".p7m", b".p7z", b".p7s", b".rpmsg", b".ics", b"winmail.dat")
#: In the types that are asked for, one of these stands; hardly in another.
WATCHED_TYPES = re.compile("pgp|pkcs7|autocrypt|tnef|rpmsg|/ics")


def is_ordinary(part: Part) -> bool:
    """Whether the part is a text without armour, a mixture, or a file that nothing is known by."""
    kind = part.type
    if kind in MIXTURES:
        return part.parameters.keys() <= OF_MIXTURES and not part.filename
    if kind in TEXTS:
        return not part.filename and part.disposition != "attachment" and of_text(part) is None
    return kind.startswith(FILES) and not WATCHED_TYPES.search(kind) and is_plain_file(part)


def is_plain_file(part: Part) -> bool:
    """Whether neither a name of a file nor how it begins says more."""
    for name in (part.parameters.get("name"), part.named):
        if name and name.strip().lower().endswith(WATCHED_FILES):
            return False
    return of_attachment(part) is None
