"""Bounces in words alone, as qmail, Exim, older Exchange and large providers write them: no part says what failed.

Only what a mail system sent is looked at, and only up to where the returned mail begins.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import NamedTuple

from stationer.bounces.status import FULL, UNKNOWN, status_of
from stationer.mime.addresses import addresses
from stationer.mime.charset import codec_for, text_of
from stationer.mime.coding import decoded
from stationer.mime.fields import unfolded
from stationer.mime.parts import Mail

FROM = re.compile(r"(?i)^(?:mailer[-_.]?daemon|postmaster|mail[-_.]?delivery[-_.]?\w{0,12}|mda)(?:@|$)")
#: Where the returned mail begins.
BELOW = re.compile(
    r"(?im)^(?:[- ]{0,40}(?:below this line is a copy|this is a copy of|the header of the original|original message"
    r"|returned message|unsent message|message headers? follows?|the following is a copy|the body of the message)"
    r"|received: |return-path: ?<)"
)
ADDRESS = re.compile(
    r"(?<![\w.!#$%&'*+/=?^`{|}~@-])[\w.!#$%&'*+/=?^`{|}~-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
)
MESSAGE_ID = re.compile(r"(?im)^[> \t]{0,8}message-id:\s{0,80}(<[!-;=?-~]{1,250}>)")
CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f]")
MOST_TEXT, MOST_PLACES, MOST_ADDRESSES, MOST_WORDS = 64_000, 300, 50, 2_000


class Told(NamedTuple):
    """Addresses with the words said of each, and the returned mail's id where it is quoted."""

    said: tuple[tuple[str, str], ...]
    message_id: str | None


def told(mail: Mail) -> Told | None:
    """What a mail system says in words; None where it is none, or says of nobody why."""
    values = mail.root.values
    named = [*addresses(_text(values.get(b"x-failed-recipients", b"")))]
    # Exchange calls its reports automatic replies; somebody's postmaster on holiday sends no report
    away = (
        mail.root.type != "multipart/report" and b"auto-replied" in mail.root.value(b"auto-submitted").lower()
    )
    if not named and (away or not _from_a_system(values.get(b"from", b""))):
        return None
    words = _words(mail)
    below = BELOW.search(words)
    above = words[: below.start()] if below else words
    quoted = MESSAGE_ID.search(words, below.start()) if below else None
    said = _of_each(above, named, set(addresses(_text(values.get(b"to", b"")))))
    return Told(said, quoted[1] if quoted else None) if said else None


def _from_a_system(value: bytes) -> bool:
    text = _text(value)
    return any(FROM.match(one) for one in [*addresses(text), text.strip(' "<>')])


def _text(value: bytes) -> str:
    return unfolded(value).decode("utf-8", "replace")


def _words(mail: Mail) -> str:
    """The first text, decoded."""
    for part in mail.parts:
        if part.type == "text/plain":
            plain = decoded(part.encoded[: 2 * MOST_TEXT], part.encoding) or b""
            text = text_of(plain, codec_for(part.charset, plain) or "latin-1")
            return CONTROL.sub(" ", text.replace("\r\n", "\n"))[:MOST_TEXT]
    return ""


def _of_each(above: str, named: list[str], ours: set[str]) -> tuple[tuple[str, str], ...]:
    """Each address with what is said from it to the next; of those that a field names, what is said of them. An address
    of which nothing is said that is a reason is none that failed."""
    places = [
        (match.start(), match.end(), match[0])
        for match in islice(ADDRESS.finditer(above), MOST_PLACES)
        if match[0] not in ours and not FROM.match(match[0])
    ]
    said: dict[str, str] = dict.fromkeys(named, "")
    until, behind = len(above), ""
    untils: list[int] = []
    for start, _, address in reversed(places):
        until = untils[-1] if address == behind else until
        untils.append(until)
        until, behind = start, address
    for (_, end, address), until in zip(places, reversed(untils), strict=True):
        said.setdefault(address, "")
        if not _reason(said[address]):
            said[address] = " ".join(above[end : min(until, end + MOST_WORDS)].split())[:MOST_WORDS]
    alone = " ".join(above.split())[:MOST_WORDS]
    whole = {address: words if _reason(words) else alone for address, words in said.items()}
    sure = {address: words for address, words in whole.items() if address in named or _reason(said[address])}
    if not sure and len(whole) == 1 and _reason(alone):
        sure = whole
    return tuple(sure.items())[:MOST_ADDRESSES]


def _reason(words: str) -> bool:
    return bool(status_of(words) or FULL.search(words) or UNKNOWN.search(words))
