"""Tokens: what one consists of, how those of an answer are signed together, and how one is read (links.md §2, §3).

A token says where it was and never where it leads. Whoever has no `mark_key` can make none: the tag is a keyed hash of
everything else in it.
"""

from __future__ import annotations

from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable
from hashlib import blake2b
from hmac import compare_digest
from typing import NamedTuple

#: The link number of what nobody sees (contract/links.md §6).
DECOY = 255
MOST_COPIES = 256

_MAIL, _SENDER = b"\x01", b"\x02"
_TAG, _GROUP = 10, 6  # bytes of a tag; how many one hash gives
#: Bytes before the link's number; letters of a mail's token, of a sender's.
_HEAD, _LETTERS, _FEWER = 28, 52, 36
_BYTES = [bytes((number,)) for number in range(256)]
_URL = bytes.maketrans(b"+/", b"-_")
#: What is none of base64url's letters becomes what no base64 has.
_PLAIN = bytes({43: 33, 47: 33, 61: 33, 45: 43, 95: 47}.get(n, n) for n in range(256))
#: From the letters of base32 (RFC 4648 §6, lower case) to the digits that `int` knows; all else to what it refuses.
_LETTERS_32, _DIGITS_32 = b"abcdefghijklmnopqrstuvwxyz234567", b"0123456789abcdefghijklmnopqrstuv"
_DIGITS = bytes(_DIGITS_32[_LETTERS_32.index(n)] if n in _LETTERS_32 else 126 for n in range(256))


class Signer(NamedTuple):
    """A PEN's key, ready to sign: the keyed hash before anything was put in, and the PEN's four bytes."""

    keyed: blake2b
    pen: bytes


class Asked(NamedTuple):
    """Which links of a content want tokens. For each hash what is hashed besides the copy's own bytes, and for each
    link what stands before its tag, and where in the hash that is."""

    groups: tuple[tuple[bytes, tuple[tuple[bytes, slice], ...]], ...]


class MailToken(NamedTuple):
    """A mail's token: 4 bytes of the PEN, 16 of the pick, the copy, 6 bytes of the content, the link. `start`: all that
    stands before the link, as it is hashed."""

    pen: bytes
    pick: bytes
    copy: int
    content: bytes
    link: int
    tag: bytes
    start: bytes


class SenderToken(NamedTuple):
    """The token of a link that a sender made: 4 bytes of the PEN, the 12 bytes of its id."""

    pen: bytes
    id: bytes
    tag: bytes


def name_of(pen: str) -> bytes:
    """The four bytes by which a token names a PEN."""
    said = pen.encode("utf-8", "surrogatepass")
    return blake2b(said, digest_size=4, person=b"stationer-pen").digest()


def signer(pen: str, mark_key: bytes) -> Signer:
    """What signs the tokens of a PEN."""
    return Signer(blake2b(key=mark_key[:64], person=b"stationer-link"), name_of(pen))


def pick_bytes(pick: str) -> bytes | None:
    """The 16 bytes of a pick's id; None for what no edge gave out."""
    try:
        number = int(pick[3:].encode("ascii").translate(_DIGITS), 32)
    except ValueError:
        return None
    if number & 3 or len(pick) != 29 or not pick.startswith("pk_"):
        return None
    return (number >> 2).to_bytes(16, "big")


def ask(content: bytes, links: Iterable[int]) -> Asked:
    """These links of a content (6 bytes), to be signed for any number of mails."""
    groups: dict[int, list[tuple[bytes, slice]]] = {}
    for link in links:
        group, place = divmod(link, _GROUP)
        tag = slice(place * _TAG, (place + 1) * _TAG)
        groups.setdefault(group, []).append((content + _BYTES[link], tag))
    return Asked(tuple((content + _BYTES[group], tuple(places)) for group, places in groups.items()))


def sign(by: Signer, pick: bytes, copy: int, contents: Iterable[Asked]) -> list[bytes]:
    """The tokens of all these links, in their order, as they stand in an address.

    Raises IndexError for a copy that no token can name (`MOST_COPIES`)."""
    start = _MAIL + by.pen + pick + _BYTES[copy]
    raw = []
    for (groups,) in contents:
        for group, links in groups:
            hashed = by.keyed.copy()
            hashed.update(start + group)
            tags = hashed.digest()
            for link, tag in links:
                raw.append(start + link + tags[tag])
    written = b2a_base64(b"".join(raw), newline=False).translate(_URL)  # 39 bytes are 52 letters and no rest
    return [written[at : at + _LETTERS] for at in range(0, len(written), _LETTERS)]


def sign_sender(by: Signer, link: bytes) -> str:
    """The token of a link that a sender made, by its id (12 bytes)."""
    head = _SENDER + by.pen + link
    return b2a_base64(head + tag_of(by, head), newline=False).translate(_URL).decode("ascii")


def read(text: str) -> MailToken | SenderToken | None:
    """What a token says; None for what is none. Whether it says the truth: `proven`."""
    try:
        raw = raw_of(text)
    except ValueError:
        return None
    kind = raw[:1]
    if len(text) == _LETTERS and kind == _MAIL:
        return MailToken(raw[1:5], raw[5:21], raw[21], raw[22:_HEAD], raw[_HEAD], raw[_HEAD + 1 :], raw[:_HEAD])
    if len(text) == _FEWER and kind == _SENDER:
        return SenderToken(raw[1:5], raw[5:17], raw[17:])
    return None


def raw_of(text: str) -> bytes:
    """The bytes of a token. Raises ValueError for what is not written as one (RFC 4648 §5, without padding)."""
    return a2b_base64(text.encode("ascii").translate(_PLAIN), strict_mode=True)


def proven(token: MailToken | SenderToken, by: Signer) -> bool:
    """Whether it names this PEN, and the PEN's key has signed it."""
    if token.pen != by.pen:
        return False
    if isinstance(token, SenderToken):
        return compare_digest(tag_of(by, _SENDER + token.pen + token.id), token.tag)
    group, place = divmod(token.link, _GROUP)
    hashed = by.keyed.copy()
    hashed.update(token.start + _BYTES[group])
    return compare_digest(hashed.digest()[place * _TAG : (place + 1) * _TAG], token.tag)


def tag_of(by: Signer, said: bytes) -> bytes:
    """The tag of a token that is alone in its hash: ten bytes."""
    hashed = by.keyed.copy()
    hashed.update(said)
    return hashed.digest()[:_TAG]
