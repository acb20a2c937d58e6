"""What a mail's header says of itself, as rows keep it: subject, people, dates."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, NamedTuple

from stationer.mime import addresses, envelope, header_values, message_id
from stationer.mime.addresses import TOKEN
from stationer.notice import canonical, without_tag
from stationer.notice.parties import author_of
from stationer.notice.plain import display_name, one_line, text_of_value, words_of
from stationer.portal.vault.models import SUBJECT


class Said(NamedTuple):
    """The columns of a message, and the sets of addresses that its header names."""

    columns: dict[str, Any]
    to: frozenset[str]
    cc: frozenset[str]

    def kinds(self, author: str, recipients: Sequence[str]) -> Iterator[tuple[str, str]]:
        """Each address with what it is granted for: who is named, as named; all others are blind."""
        yield author, "from"
        for address in recipients:
            yield address, "to" if address in self.to else "cc" if address in self.cc else "blind"


def read(header: bytes, tag: str = "") -> Said:
    """What a header says. `tag`: the PEN's, which its subject is kept without (contract/notice.md §1)."""
    who = envelope(header)
    written = words_of(text_of_value(b" ".join(header_values(header, "subject")[:1])))
    subject = one_line(without_tag(written, tag))[:SUBJECT]
    columns = {
        "subject": subject,
        "words": subject.casefold(),
        "author_name": author_of(header),
        "sent_at": date_of(header),
        "message_id": (message_id(header) or "")[:998],
        "to": named(header, "to", who.to),
        "cc": named(header, "cc", who.cc),
    }
    return Said(columns, frozenset(map(canonical, who.to)), frozenset(map(canonical, who.cc)))


def named(header: bytes, field: str, sound: Sequence[str]) -> list[list[str]]:
    """`[[name, address]…]` of a field, each address once; a name that may not be shown is empty."""
    names: dict[str, str] = {}
    for value in header_values(header, field):
        for mailbox in mailboxes(text_of_value(value)):
            names |= {canonical(one): display_name(mailbox) for one in addresses(mailbox)[:1]}
    return [[names.get(key, ""), address] for key, address in {canonical(one): one for one in sound}.items()]


def mailboxes(text: str) -> Iterator[str]:
    """An address list as written, parted into its mailboxes; names of groups are left out (RFC 5322 §3.4)."""
    start = depth = 0
    angle = False
    for token in TOKEN.finditer(text):
        sign = token[0]
        depth += (sign == "(") - (sign == ")" and depth > 0)
        if depth:
            continue
        angle = (angle or sign == "<") and sign != ">"
        if not angle and sign in (",", ";"):
            yield text[start : token.start()]
            start = token.end()
        elif not angle and sign == ":":
            start = token.end()
    yield text[start:]


def date_of(header: bytes) -> datetime | None:
    """When the author says it was written; None where that is no date."""
    for value in header_values(header, "date"):
        try:
            found = parsedate_to_datetime(value.decode("ascii", "replace"))
            return (found if found.tzinfo else found.replace(tzinfo=UTC)).astimezone(UTC)
        except (ValueError, TypeError, OverflowError, IndexError):
            continue
    return None


def names_blind(header: bytes) -> bool:
    """Whether it has a field that no recipient may see."""
    return any(header_values(header, name) for name in ("bcc", "resent-bcc"))
