"""Where a link may lead (contract/links.md §1): the web, a mailbox, a telephone, a place in the same text.

Browsers forgive much in an address: they take a backslash for a slash, drop tabs and line ends, and send a user name
along. So a link that a person reads as one place may lead to another; what is written here has one reading.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from stationer.wire.content import Target
from stationer.wire.domains import ascii_domain

_WEB = re.compile(r"(https?)://([^/?#]*)(.*)", re.IGNORECASE | re.DOTALL)
_OTHER = re.compile(r"(?:mailto:|tel:).|#", re.IGNORECASE | re.DOTALL)
_UNSEEN = re.compile(
    r"[\x00-\x1f\x7f-\xa0\u1680\u2000-\u200f\u2028-\u202f\u205f\u2060\u2066-\u2069\u3000\ufeff\ud800-\udfff]"
)
_HOST = re.compile(r"(?:\[[0-9A-Fa-f:.]+\]|[^\s@:\[\]<>\"'`{}|^%,;()*!$&+=]+)(?::[0-9]{0,5})?")
_USER = re.compile(r"[^/?#]*@")
#: What may stand behind the host as it is (RFC 3986 §2.2, §2.3), and what is percent-encoded already.
_SAFE = ":/?#[]@!$&'()*+,;=%-._~"
#: Stands for a person's attribute, which is percent-encoded where it is filled in.
_FILLED = "x"


def fault(target: Target) -> str:
    """Why nobody may be sent there, in a sentence; empty when they may. An address that begins with an attribute is
    checked when it is filled in."""
    if not isinstance(target, str):
        if not target or not isinstance(target[0], str):
            return "" if target else "The link has no address."
        target = "".join(part if isinstance(part, str) else _FILLED for part in target)
    if _UNSEEN.search(target):
        return f"The address {target!r} has a character in it that nobody sees."
    if "\\" in target:
        return f"The address {target!r} has a backslash in it; programs do not agree on where it leads."
    web = _WEB.fullmatch(target)
    if web is None:
        return "" if _OTHER.match(target) else _of_another_kind(target)
    if _USER.match(web[2]):
        return f"The address {target!r} has a user name in it, so it looks like another place than it is."
    return "" if _HOST.fullmatch(web[2]) else f"The address {target!r} names no website behind its //."


def _of_another_kind(target: str) -> str:
    if target.startswith("//"):
        return f"The address {target!r} does not say whether it is https."
    return f"{target!r} is no address of a web page, a mailbox or a telephone."


def location(target: str) -> str:
    """A web address in ASCII, as it stands in a header (RFC 9110 §10.2.2): the host by IDNA, the rest percent-encoded.
    Empty for what `fault` refuses, for what leads to no website, and for a host that has no ASCII form."""
    web = _WEB.fullmatch(target)
    if web is None or fault(target):
        return ""
    host, colon, port = web[2].partition(":") if not web[2].startswith("[") else (web[2], "", "")
    written = host if host.isascii() else ascii_domain(host)
    return f"{web[1].lower()}://{written}{colon}{port}{quote(web[3], safe=_SAFE)}" if written else ""
