"""What leaves via an address of the PEN's, for somebody whom its server may not send for (contract/notice.md §2.1)."""

from __future__ import annotations

import re
from typing import NamedTuple
from urllib.parse import quote, unquote_to_bytes

from stationer.mime import addresses, fault_of, header_values
from stationer.notice.parties import Parties, canonical
from stationer.notice.plain import shown_name, text_of_value
from stationer.notice.tag import encoded_words

#: The author's fields that stay behind, and that the PEN writes.
REPLACED = frozenset({b"from", b"sender", b"reply-to"})
MOST_AUTHORS = 50
#: Addresses as a parameter has them.
ADDRESS = r"(?:[A-Za-z0-9._~@-]|%[0-9A-F]{2})+"
ADDRESSES = re.compile(rf"(?:{ADDRESS}(?:,{ADDRESS})*)?")
#: Characters of a parameter's line.
WIDTH = 70


class Via(NamedTuple):
    """The PEN's own address; where the author receives answers, or nothing."""

    address: str
    reply_to: str = ""


def checked(via: Via) -> Via:
    """The same in canonical addresses. Raises ValueError for one that is none."""
    for address in filter(None, (via.address, via.reply_to)):
        if fault := fault_of(address.strip()):
            raise ValueError(f"{address!r} {fault}")
    if not via.address:
        raise ValueError("an address is needed, via which the notification leaves")
    return Via(canonical(via.address), via.reply_to and canonical(via.reply_to))


def sent_for(end: bytes, who: Parties, house: str, via: Via, author: str) -> bytes:
    """The fields From and, where it may be, Reply-To. `author`: as they are shown; a name or an address."""
    name = called(author, house)
    address = f"<{via.address}>" if name else via.address
    fields = [b"From: " + b" ".join(filter(None, (phrase(name, end), address.encode())))]
    if via.reply_to and not looks_forged(via, who):
        fields.append(b"Reply-To: " + via.reply_to.encode())
    return b"".join(field + end for field in fields)


def called(author: str, house: str) -> str:
    """`NAME via PEN`, as far as each may be shown in a display name."""
    name, house = shown_name(author), shown_name(house)
    return f"{name} via {house}" if name and house else house


def phrase(text: str, end: bytes) -> bytes:
    """A display name as a header has it (RFC 5322 §3.2.5, RFC 2047 §5), folded."""
    if not text.isascii():
        return encoded_words(text, end)
    return ('"' + re.sub(r'(["\\])', r"\\\1", text) + '"').encode() if text else b""


def looks_forged(via: Via, who: Parties) -> bool:
    """Whether answers would leave the domain of the via address and of a recipient."""
    here = via.address.rpartition("@")[2]
    return via.reply_to.rpartition("@")[2] != here and _house(here) in {
        _house(one.rpartition("@")[2]) for one in who.recipients
    }


def _house(domain: str) -> str:
    return ".".join(domain.split(".")[-2:])


def written(authors: tuple[str, ...]) -> str:
    """Addresses as the parameter `a`, folded."""
    text = ",".join(quote(address, safe="@", errors="surrogatepass") for address in authors)
    return "\n ".join(text[at : at + WIDTH] for at in range(0, len(text), WIDTH))


def authors_of(text: str) -> tuple[str, ...] | None:
    """What the parameter `a` says; None where it is not written as it has to be."""
    if not ADDRESSES.fullmatch(text):
        return None
    try:
        found = tuple(unquote_to_bytes(one).decode("utf-8") for one in text.split(",") if one)
    except UnicodeDecodeError:
        return None
    sound = all(not fault_of(one) and canonical(one) == one for one in found)
    return found if sound and list(found) == sorted(set(found)) else None


def is_ours(mail: bytes, who: Parties) -> bool:
    """Whether the Reply-To of what went via is one that a PEN may have written: to an author, or none."""
    answers = {
        canonical(one) for value in header_values(mail, "reply-to") for one in addresses(text_of_value(value))
    }
    return answers <= set(who.authors)
