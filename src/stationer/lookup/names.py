"""One question to the name servers (RFC 1035), and its answer as `repute` reads it."""

from __future__ import annotations

from ipaddress import ip_address
from typing import Any

import dns.exception
import dns.resolver

from stationer.repute import Answer, Question

#: More records than this say nothing more, and may be somebody's joke.
MOST_RECORDS = 100


def answer(resolver: dns.resolver.Resolver, question: Question, seconds: float) -> Answer:
    """Never raises: a name that is not there is `none`, all else that is no record `failed`, with the reason."""
    try:
        found = resolver.resolve(question.name, question.kind, lifetime=seconds, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return Answer("none")
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as error:
        return Answer("failed", said=f"{type(error).__name__}: {error}"[:200])
    return Answer("found", tuple(_written(question.kind, one) for one in list(found)[:MOST_RECORDS]))


def addresses(resolver: dns.resolver.Resolver, host: str, seconds: float, *, inside: bool) -> list[str]:
    """All addresses of a name; without `inside` only those that everybody can reach."""
    found = [one for kind in ("A", "AAAA") for one in answer(resolver, Question(host, kind), seconds).records]
    return [one for one in found if inside or ip_address(one).is_global]


def _written(kind: str, record: Any) -> str:
    if kind == "TXT":
        return b"".join(record.strings).decode("utf-8", "replace")
    if kind == "MX":
        return f"{record.preference} {_name(record.exchange)}"
    return _name(record.target) if kind == "PTR" else str(record.address)


def _name(name: Any) -> str:
    text: str = name.to_text(omit_final_dot=True)
    return text
