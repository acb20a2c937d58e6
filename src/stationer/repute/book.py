"""Questions, answers, and the book that holds what was answered and notes what was not asked yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, NamedTuple

import msgspec

#: `TLS` is the certificate at NAME:PORT, `POLICY` the MTA-STS policy of a domain; the others are types of DNS.
Kind = Literal["A", "AAAA", "TXT", "MX", "PTR", "TLS", "POLICY"]


class Question(NamedTuple):
    """A name in ASCII and small letters, without the dot at its end; and what is asked of it."""

    name: str
    kind: Kind


class Answer(msgspec.Struct, frozen=True):
    """`found` with records; `none`: surely not there (NXDOMAIN or no such records; no valid certificate or policy);
    `failed`: nobody knows (a time-out, SERVFAIL). `said` is the reason in the asked program's words.

    Records: addresses; a TXT's strings joined; `10 mail.example` of MX; names without their dot; of TLS the end of the
    certificate in ms since 1970; of POLICY its text.
    """

    state: Literal["found", "none", "failed"]
    records: tuple[str, ...] = ()
    said: str = ""


UNASKED = Answer("failed", said="not asked")


class Book:
    """What is known. `missing`: what a check wanted and nobody had asked, in order, each once."""

    def __init__(self, known: Mapping[Question, Answer]) -> None:
        self.known = known
        self.missing: list[Question] = []

    def get(self, name: str, kind: Kind) -> Answer:
        """The answer; a failed one where nobody asked yet, which is noted."""
        question = Question(name.lower().rstrip("."), kind)
        found = self.known.get(question)
        if found is None:
            if question not in self.missing:
                self.missing.append(question)
            return UNASKED
        return found

    def addresses(self, name: str) -> Answer:
        """A and AAAA together: `none` where both are, `failed` where nothing is found and one failed."""
        both = (self.get(name, "A"), self.get(name, "AAAA"))
        records = tuple(record for one in both for record in one.records)
        if records:
            return Answer("found", records)
        return next((one for one in both if one.state == "failed"), Answer("none"))


def tags(text: str) -> dict[str, str] | None:
    """A tag-list (RFC 6376 §3.2): `v=DKIM1; p=…`. None where it is none, or a tag stands twice."""
    found: dict[str, str] = {}
    for part in text.strip().rstrip(";").split(";"):
        name, equals, value = part.partition("=")
        if not equals or not name.strip().isidentifier() or name.strip() in found:
            return None
        found[name.strip()] = value.strip()
    return found
