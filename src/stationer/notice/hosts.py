"""Hosts that links may lead to (contract/notice.md §6): a host name, and on one's own machine also a port.

What is said of loopback here is said of nothing else: a mail that leads to it leads nowhere from another machine.
"""

from __future__ import annotations

import re

from stationer.wire.domains import ascii_domain

#: RFC 6761 §6.3, RFC 1122 §3.2.1.3, RFC 4291 §2.5.3: one spelling each, and a port without leading zeros.
LOOPBACK = re.compile(
    r"(?:(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*localhost|127\.0\.0\.1|\[::1\])(?::([1-9][0-9]{0,4}))?"
)
PORT = re.compile(r":[0-9]+\Z")


def is_loopback(host: str) -> bool:
    """Whether this is one's own machine, in the one spelling that a PEN has: `localhost`, a name below it, 127.0.0.1
    or [::1], each with a port or without."""
    found = LOOPBACK.fullmatch(host)
    return found is not None and len(host) < 254 and int(found[1] or 1) < 65_536


def is_host(text: str) -> bool:
    """Whether this is a host name in lower case and ASCII, of two labels at least (RFC 1123 §2.1), or loopback."""
    if is_loopback(text):
        return True
    labels = text.split(".")
    sound = all(label and not label.startswith("-") and not label.endswith("-") for label in labels)
    plain = text.replace("-", "").replace(".", "")
    return len(labels) > 1 and sound and plain.isalnum() and ascii_domain(text) == text and len(text) < 254


def origin(host: str) -> str:
    """Where its pages are: `https://HOST`, on loopback `http://HOST`."""
    return f"{'http' if is_loopback(host) else 'https'}://{host}"


def bare(host: str) -> str:
    """The host without a port: what may stand in a Content-ID (RFC 5322 §3.6.4)."""
    return PORT.sub("", host)


def link(host: str, message: str) -> str:
    """The locator of a secure message."""
    return f"{origin(host)}/m/{message}"
