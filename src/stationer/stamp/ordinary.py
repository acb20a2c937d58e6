"""A quick look for consent: what nearly every mail is made of, and what no judge has anything to ask about.

A part or a header that is not ordinary proves nothing; the judges look. One that is ordinary shows them nothing
(tests/stamp/test_consent.py).
"""

from __future__ import annotations

import re

from stationer.mime import Part
from stationer.mime.coding import PLAIN
from stationer.stamp.body import TEXTS
from stationer.stamp.sealed import ARMOUR_IN_BASE64, HEAD

MIXTURES = frozenset({"multipart/mixed", "multipart/alternative", "multipart/related"})
#: What a mixture says of itself: anything else may be a protocol's.
OF_MIXTURES = frozenset({"boundary", "type", "start", "charset"})
FILES = ("application/", "image/", "audio/", "video/", "font/")
WATCHED_FILES = (".p7m", ".p7z", ".p7s", ".rpmsg", ".ics", "winmail.dat")
#: In the types that are asked for, one of these stands; hardly in another.
WATCHED_TYPES = re.compile("pgp|pkcs7|autocrypt|tnef|rpmsg|/ics")
NAMED = tuple(name.encode() for name in WATCHED_FILES)


def is_ordinary(part: Part) -> bool:
    """Whether the part is a text without armour, a mixture, or a file that nothing is known by."""
    kind = part.type
    if kind in MIXTURES:
        return part.parameters.keys() <= OF_MIXTURES and not part.filename
    if kind in TEXTS:
        return not part.filename and part.disposition != "attachment" and has_no_armour(part)
    return part.encoding == "base64" and kind.startswith(FILES) and is_plain_file(part)


def has_no_armour(part: Part) -> bool:
    """Whether the octets of a text cannot hold an OpenPGP armour."""
    armour = b"-----BEGIN PGP " if part.encoding in PLAIN else b"PGP"
    return part.encoding != "base64" and part.data.find(armour, part.body, part.end) < 0


def is_plain_file(part: Part) -> bool:
    """Whether neither the type nor a name of a file in base64 says more, and it does not begin with an armour."""
    for name in (part.parameters.get("name"), part.named):
        if name and name.strip().lower().endswith(NAMED):
            return False
    if WATCHED_TYPES.search(part.type):
        return False
    return not part.data[part.body : part.body + HEAD].lstrip().startswith(ARMOUR_IN_BASE64)
