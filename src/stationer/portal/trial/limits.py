"""How many mails a trial may cause: to a mailbox, a domain, from a network, in all (contract/trial.md §3).

Counted in the database under one lock, inside the transaction that queues the mail: what is refused leaves nothing,
and no number of requests at once gets past a limit. A mail is made before that (`look`, make it, `spend`), so that
nobody waits at the lock for one that is being made.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network
from typing import NamedTuple

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from stationer.portal.site.founding import EVERYBODYS
from stationer.portal.trial.models import Asked, Gate

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
#: What is done by one at a time (`lock`).
COUNTING, FOUNDING = 1, 2
#: How long it is known who was sent what.
KEEP = timedelta(days=30)
#: Of a week's codes to one mailbox so many may lie there unused; then it gets no more.
UNUSED, UNUSED_IN = 3, timedelta(days=7)


class Full(Exception):
    """A limit is reached; nobody is told which."""


class Limit(NamedTuple):
    """At most so many within so long, of what these fields say together (none: of all)."""

    fields: tuple[str, ...]
    most: int
    within: timedelta


LIMITS: dict[str, tuple[Limit, ...]] = {
    Asked.Kind.CODE: (
        Limit(("mailbox",), 1, 2 * MINUTE),
        Limit(("mailbox",), 3, DAY),
        Limit(("domain",), 30, DAY),
        Limit(("network", "domain"), 5, DAY),  # one network alone fills no domain's day
        Limit(("network",), 10, HOUR),
        Limit(("network",), 30, DAY),
        Limit((), 600, DAY),
    ),
    Asked.Kind.STAMPED: (Limit(("mailbox",), 5, DAY), Limit((), 1_000, DAY)),
    Asked.Kind.ANSWER: (Limit(("mailbox",), 3, DAY), Limit(("domain",), 20, DAY), Limit((), 500, DAY)),
}
#: At a public provider so many times as many people sit behind one domain.
PUBLIC = 10
GOOGLES = ("gmail.com", "googlemail.com")


def spend(kind: Asked.Kind, address: str, ip: str = "") -> Asked:
    """One more mail of this kind; the row goes with the transaction. Raises Full."""
    with transaction.atomic():
        lock(COUNTING)
        look(kind, address, ip)
        return Asked.objects.create(kind=kind, at=timezone.now(), **_counted(address, ip))


def look(kind: Asked.Kind, address: str, ip: str = "") -> None:
    """Whether one more may be sent, as it stands now; `spend` has the last word. Raises Full."""
    if _full(kind, _counted(address, ip), address.rpartition("@")[2], timezone.now()):
        raise Full


def _counted(address: str, ip: str) -> dict[str, str]:
    """What is kept of whom a mail goes to, and who asked for it."""
    domain = address.rpartition("@")[2]
    return {
        "mailbox": hashed(mailbox(address)),
        "domain": hashed(domain),
        "network": hashed(network(ip)) if ip else "",
    }


def lock(turn: int) -> None:
    """Wait until no other transaction is at this turn; held until this transaction ends."""
    Gate.objects.get_or_create(pk=turn)
    Gate.objects.select_for_update().get(pk=turn)


def _full(kind: str, said: dict[str, str], domain: str, now: datetime) -> bool:
    """Whether one of the limits of this kind is reached; counted by one statement."""
    wanted = {f"n{n}": one for n, one in enumerate(LIMITS[kind])}
    counts = {
        name: Count("pk", filter=Q(at__gt=now - one.within, **_of(one, said))) for name, one in wanted.items()
    }
    unused = Q(mailbox=said["mailbox"], used=False)
    rows = Asked.objects.filter(kind=kind, at__gt=now - UNUSED_IN)
    found = rows.aggregate(unused=Count("pk", filter=unused), **counts)
    times = PUBLIC if domain in EVERYBODYS else 1
    full = any(
        found[name] >= one.most * (times if "domain" in one.fields else 1) for name, one in wanted.items()
    )
    return full or (kind == Asked.Kind.CODE and found["unused"] >= UNUSED)


def _of(limit: Limit, said: dict[str, str]) -> dict[str, str]:
    return {name: said[name] for name in limit.fields}


def used(address: str) -> None:
    """Whoever has this mailbox wants the mails: a code came back."""
    Asked.objects.filter(kind=Asked.Kind.CODE, mailbox=hashed(mailbox(address))).update(used=True)


def mailbox(address: str) -> str:
    """One name for each mailbox: without what stands behind a plus (RFC 5233), at Gmail without dots."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0] or local
    if domain in GOOGLES:
        local, domain = local.replace(".", ""), GOOGLES[0]
    return f"{local}@{domain}"


def network(ip: str) -> str:
    """Whom an address of the net likely belongs to: its /24, or /48 in IPv6. What is no address is its own."""
    try:
        one = ip_address(ip)
    except ValueError:
        return ip
    mapped = getattr(one, "ipv4_mapped", None)
    one = mapped or one
    return str(ip_network(f"{one}/{24 if one.version == 4 else 48}", strict=False))


def hashed(text: str) -> str:
    """What is kept in its place."""
    return hmac.digest(settings.SECRET_KEY.encode(), f"trial:{text}".encode(), "sha256").hex()[:32]
