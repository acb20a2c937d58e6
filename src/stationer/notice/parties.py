"""Who a mail is from and to, as a notification signs it: sets of canonical addr-specs (contract/notice.md §3)."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from stationer.mime import addresses, fault_of, header_values
from stationer.mime.addresses import MOST_ADDRESSES, TOO_LONG
from stationer.notice.pen import Pen
from stationer.notice.plain import display_name, one_line, text_of_value
from stationer.wire.domains import ascii_domain

#: A local part that needs no quotes (RFC 5322 §3.2.3, RFC 6532 §3.2).
DOT_ATOM = re.compile(r"[^\s()<>\[\]:;@\\,\".\x00-\x1f]+(?:\.[^\s()<>\[\]:;@\\,\".\x00-\x1f]+)*")
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Parties(NamedTuple):
    """The addr-specs of all From fields; those of all To and Cc fields. Canonical, sorted, each once."""

    authors: tuple[str, ...]
    recipients: tuple[str, ...]


def parties(mail: bytes) -> Parties | None:
    """Read them; what is no address is in neither. None when not all can be known: a field of too many addresses, or
    one that is too long. Never raises."""
    authors, recipients = _set(mail, "from"), _set(mail, "to", "cc")
    return None if authors is None or recipients is None else Parties(authors, recipients)


def _set(mail: bytes, *names: str) -> tuple[str, ...] | None:
    lists = [addresses(text_of_value(value)) for name in names for value in header_values(mail, name)]
    faults = {address: fault_of(address) for each in lists for address in each}
    if any(len(each) >= MOST_ADDRESSES for each in lists) or TOO_LONG in faults.values():
        return None
    return tuple(sorted({canonical(address) for address, fault in faults.items() if not fault}))


def canonical(address: str) -> str:
    """One spelling of an addr-spec. A local part is compared without case, as every server that people use does."""
    local, _, domain = address.strip().rpartition("@")
    if local.startswith('"'):
        bare = ESCAPED.sub(r"\1", local[1:-1])
        local = bare if DOT_ATOM.fullmatch(bare) else local
    domain = domain.rstrip(".")
    written = ascii_domain(domain)
    held = (domain.lower() if written is None else written).rstrip(".")
    return f"{unicodedata.normalize('NFC', local).lower()}@{unicodedata.normalize('NFC', held)}"


def author_of(mail: bytes) -> str:
    """Who wrote, to be shown: a display name that may be shown, else the address, else nothing."""
    for value in header_values(mail, "from"):
        text = text_of_value(value)
        sound = [address for address in addresses(text) if not fault_of(address)]
        if sound:
            return display_name(text) or one_line(sound[0])
    return ""


def package_of(pen: Pen, authors: tuple[str, ...]) -> str | None:
    """The name of the package that decides for this sender: by address, else by domain, else by `*`."""
    wanted = [*authors, *("@" + address.rpartition("@")[2] for address in authors), "*"]
    for one in wanted:
        for name, package in pen.packages.items():
            if one in map(sender_pattern, package.senders):
                return name
    return None


def sender_pattern(text: str) -> str:
    """A package's sender as it is compared: `@domain` and `*` are patterns, all else is an address."""
    return "*" if text.strip() == "*" else canonical(text)
