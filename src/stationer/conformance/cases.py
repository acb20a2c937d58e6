"""The suite's mails and the truth about each, out of the package: `mails/cases.json` and `mails/NAME.eml`.

The files are made by `python -m tests.conformance.make`; a mail may hold one line that asks for filling
(`FILL-BASE64 N`, `FILL-TEXT N`), so that a mail of 10 MB need not travel with the package.
"""

from __future__ import annotations

import base64
import hashlib
import re
from fnmatch import fnmatch
from functools import cache
from importlib.resources import files
from typing import Literal

import msgspec

Expect = Literal["insert", "leave", "garbage", "thread"]
FILL = re.compile(rb"^FILL-(BASE64|TEXT) (\d+)(?=\r?$)", re.MULTILINE)


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One body part that is to show the block. `zones`: where it may stand, as (first, last) offsets in code points
    of the decoded text with LF line ends."""

    path: str
    type: str
    zones: tuple[tuple[int, int], ...]


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One mail and what is true of it.

    `group` is the law it was written for. `keep` are pieces of HTML that must survive. `twice`: the stamped mail is
    given once more. `quoting` (only with expect `thread`) is the client that quotes the stamped mail.
    """

    name: str
    group: str
    expect: Expect
    why: str
    client: str = ""
    language: str = ""
    bodies: tuple[Body, ...] = ()
    keep: tuple[str, ...] = ()
    twice: bool = False
    large: bool = False
    quoting: str = ""


class Block(msgspec.Struct, frozen=True):
    """What the product was told to put in: a token found in each HTML, one in each text, and characters that prove
    charsets (empty: not asked)."""

    html_token: str = "STATIONER-CONFORMANCE"
    text_token: str = "STATIONER-CONFORMANCE"
    characters: str = "Žižek – 電話"


#: The block to configure in a product, unless tokens of one's own are given.
BLOCK_TEXT = "STATIONER-CONFORMANCE\nŽižek – 電話\n"
BLOCK_HTML = "<p>STATIONER-CONFORMANCE<br>Žižek – 電話</p>\n"


@cache
def cases() -> tuple[Case, ...]:
    """All cases, in the order of the laws."""
    table = files("stationer.conformance").joinpath("mails", "cases.json").read_bytes()
    return msgspec.json.decode(table, type=tuple[Case, ...])


def mail_of(case: Case) -> bytes:
    """The case's mail, filled where it asks for it."""
    written = files("stationer.conformance").joinpath("mails", f"{case.name}.eml").read_bytes()
    return filled(written) if case.large else written


def filled(mail: bytes) -> bytes:
    """The mail with its filling."""
    return FILL.sub(_filling, mail)


def _filling(asked: re.Match[bytes]) -> bytes:
    """Lines of about the octets asked for: always the same, and not to be compressed away."""
    end = b"\r\n" if asked.string[asked.end() : asked.end() + 1] == b"\r" else b"\n"
    octets = int(asked[2])
    if asked[1] == b"TEXT":
        lines = [
            b"%07d The quick brown fox jumps over the lazy dog." % number for number in range(octets // 55)
        ]
        return end.join(lines)
    rounds = (hashlib.sha256(b"%d" % number).digest() for number in range(octets // 43))
    coded = base64.b64encode(b"".join(rounds))
    return end.join(coded[at : at + 76] for at in range(0, len(coded), 76))


def chosen(wanted: list[str]) -> list[Case]:
    """The cases of these groups, clients, languages or names (with `*`); all when none is named."""
    if not wanted:
        return list(cases())
    return [case for case in cases() if any(_is_meant(case, word.lower()) for word in wanted)]


def _is_meant(case: Case, word: str) -> bool:
    return word in (case.group, case.client.lower(), case.language.lower()) or fnmatch(case.name, word)


@cache
def digest() -> str:
    """Twelve characters that name this set of mails: two reports compare only when they agree in it."""
    folder = files("stationer.conformance").joinpath("mails")
    summed = hashlib.sha256()
    for case in cases():
        summed.update(msgspec.json.encode(case) + folder.joinpath(f"{case.name}.eml").read_bytes())
    return summed.hexdigest()[:12]
