"""The DNS records that say which keys are the PEN's: TXT at `_stationer.HOST`, one each (contract/notice.md §4).

Whoever restores mail finds there what the host itself could not give them falsely.
"""

from __future__ import annotations

from base64 import b64encode
from dataclasses import dataclass

import dns.exception
import dns.resolver
from django.utils.translation import gettext as _

from stationer.notice import is_loopback
from stationer.portal.access.domains import PATIENCE_S, resolver
from stationer.portal.notices.models import SigningKey
from stationer.portal.notices.pens import host_of
from stationer.portal.people.models import Pen

LABEL = "_stationer"


@dataclass(frozen=True)
class Record:
    """What to publish for one key. `there`: whether DNS has it; None before anybody looked."""

    key: SigningKey
    name: str
    value: str
    there: bool | None = None


def records(pen: Pen, rows: list[SigningKey]) -> list[Record]:
    """Those to publish; none where the host is one's own machine, which has no zone."""
    host = host_of(pen)
    if not host or is_loopback(host):
        return []
    return [Record(row, f"{LABEL}.{host}", value_of(pen, row)) for row in rows]


def value_of(pen: Pen, row: SigningKey) -> str:
    """The record's text."""
    return f"v=1; pen={pen.outside_id}; k={row.name}; p={b64encode(bytes(row.public)).decode('ascii')}"


def looked(wanted: list[Record]) -> tuple[list[Record], str]:
    """The same, each with whether it is there, and what is wrong in a sentence; empty when all are."""
    if not wanted:
        return [], ""
    try:
        answer = resolver().resolve(wanted[0].name, "TXT", lifetime=PATIENCE_S, search=False)
        values = {_plain(b"".join(one.strings).decode("ascii", "replace")) for one in answer}
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        values = set()
    except (dns.exception.DNSException, OSError):
        return wanted, _("The name server did not answer. Try again in a few minutes.")
    found = [Record(one.key, one.name, one.value, _plain(one.value) in values) for one in wanted]
    if all(one.there for one in found):
        return found, ""
    return found, _("There is no such record yet. A new one can take an hour to be seen everywhere.")


def _plain(text: str) -> str:
    """Without the white space that editors of zones put in or take out."""
    return "".join(text.split())
