"""Addresses as keys: one canonical spelling, and the domains an address stands in.

Local parts are compared without case: RFC 5321 §2.4 lets a server tell them apart, but none that people use does,
and a rule that misses `Bob@` for `bob@` would surprise its author.
"""

from __future__ import annotations

import re

from stationer.wire.domains import ascii_domain

LONGEST = 320  # octets: RFC 5321 §4.5.3.1, 64 + "@" + 255
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]").search


def canonical(address: str) -> str:
    """The key of an addr-spec: trimmed, lower case, its domain in ASCII (RFC 5890) where it can be."""
    if address.isascii() and address.isprintable() and " " not in address:
        return address.lower().rstrip(".")  # the same, for nearly all there are, in a fifth of the time
    local, at, domain = address.strip().rpartition("@")
    return f"{local.lower()}{at}{canonical_domain(domain)}"


def canonical_all(addresses: list[str]) -> list[str]:
    """`canonical` of each; nothing for what can be no address (`matchable`). Plain addresses, which nearly all are,
    are looked at in one piece: a blank parts them."""
    text = " ".join(addresses)
    plain = text.isascii() and text.isprintable() and text.count(" ") == len(addresses) - 1
    if not plain or (len(text) > LONGEST and max(map(len, addresses)) > LONGEST):
        return [canonical(address) if matchable(address) else "" for address in addresses]
    text = text.lower()
    if ". " in text or text.endswith("."):
        return [address.rstrip(".") for address in text.split(" ")]
    return text.split(" ")


def matchable(address: str) -> bool:
    """Whether a rule may name this: no longer than an address can be, no control character (contract/http.md §1)."""
    return len(address.encode("utf-8", "surrogatepass")) <= LONGEST and not _CONTROL(address)


def canonical_domain(domain: str) -> str:
    """Lower case, in ASCII, without the root's dot; a domain that has no ASCII form stays as it is."""
    plain = domain.strip().rstrip(".")
    if plain.isascii():
        return plain.lower()
    written = ascii_domain(plain)
    return plain.lower() if written is None else written.rstrip(".")  # other scripts have full stops as well


def parents(domain: str) -> list[str]:
    """Every domain above: `a.b.example` → `b.example`, `example`. These are what `*.` entries are kept by."""
    labels = domain.split(".")
    return [".".join(labels[n:]) for n in range(1, len(labels))]


def names(text: str, address: str) -> bool:
    """Whether a text, also one written as JSON, names this very address: not as a part of a longer one."""
    return address.lower() in text.lower() and naming(address).search(text) is not None


def naming(address: str) -> re.Pattern[str]:
    """What finds this very address in a text."""
    alone = rf"(?:(?<!\w)(?<!\w[.+'-])|(?<=\\[nrt])|(?<=\\u[0-9a-f]{{4}})){re.escape(address)}(?![.-]?\w)"
    return re.compile(alone, re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether a rule or a person may have this as an address: one `@`, something on both sides, no blanks."""
    local, at, domain = text.strip().rpartition("@")
    return (
        bool(local and at and is_domain(domain))
        and "@" not in local
        and text.isprintable()
        and " " not in local
    )


def is_domain(text: str) -> bool:
    """Whether this may be a domain (without a wildcard): labels of letters, digits and hyphens, in any script."""
    labels = text.strip().removesuffix(".").split(".")
    return all(label and label.replace("-", "a").isalnum() for label in labels)
