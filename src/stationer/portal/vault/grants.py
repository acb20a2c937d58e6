"""Who may read what: one question, asked everywhere (contract/vault.md §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import Exists, OuterRef, Q, QuerySet

from stationer.notice import canonical
from stationer.portal.access import domains
from stationer.portal.access.models import Membership
from stationer.portal.people.models import Delegation, Member, Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.vault.faces import face, faces
from stationer.portal.vault.models import Grant, SecureMessage

#: Of several grants of one message the one that says most.
ORDER = {kind: at for at, kind in enumerate(("from", "to", "cc", "blind", "forwarded"))}


def named(member: Member) -> frozenset[str]:
    """What the company says are a member's addresses: they write with them."""
    return frozenset(canonical(one) for one in (member.address, *member.aliases))


def addresses_of(member: Member) -> frozenset[str]:
    """What a member reads with: of their address and aliases those in a domain that the PEN has proven, and their
    address where their account signs in with it. What nobody proved gives no right: whoever may change people writes
    it. Grants of before the member was there are not theirs (`readings`)."""
    proven = domains.proven()
    own = frozenset(one for one in named(member) if domains.is_of(one.rpartition("@")[2], proven))
    return own | _signs_in(member)


def _signs_in(member: Member) -> frozenset[str]:
    mine = Membership.objects.filter(member=member, account__email=member.address)
    return frozenset({canonical(member.address)}) if mine.exists() else frozenset()


class Reading(NamedTuple):
    """How a member reads with an address: since when grants of it count, and whose it is where they are a delegate."""

    since: datetime
    mailbox: Member | None = None


def readings(member: Member) -> dict[str, Reading]:
    """All addresses that a member reads with. Their own, since they were there: whoever had an address before read with
    it. And of those whom they read for (contract/people.md §6) the ones that the PEN has proven, since they were made
    their delegate, or since those were there."""
    rows = list(Delegation.objects.filter(delegate=member).select_related("mailbox"))
    proven, found = domains.proven() if rows else frozenset(), {}
    for row in rows:
        since = row.mailbox.created_at if row.earlier else row.made_at
        for address in named(row.mailbox):
            if domains.is_of(address.rpartition("@")[2], proven):
                found[address] = Reading(since, row.mailbox)
    return found | dict.fromkeys(addresses_of(member), Reading(member.created_at))


def counts(readings: Mapping[str, Reading]) -> Q:
    """Of grants: those in force that one of these is good for."""
    since: dict[datetime, list[str]] = {}
    for address, reading in readings.items():
        since.setdefault(reading.since, []).append(address)
    found = Q(pk__in=[])
    for moment, addresses in since.items():
        found |= in_force(addresses) & Q(made_at__gte=moment)
    return found


def grants_of(message: SecureMessage, addresses: Iterable[str]) -> list[Grant]:
    """Grants of this message for these addresses that were not withdrawn, the one that says most first."""
    wanted = {canonical(one) for one in addresses}
    hidden = faces(wanted)
    rows = list(Grant.objects.filter(in_force(wanted), message=message))
    for row in rows:
        row.address = hidden.get(row.address, row.address)
    return sorted(rows, key=lambda row: ORDER[row.kind])


def in_force(addresses: Collection[str]) -> Q:
    """Of grants: those of these addresses (canonical) that were not withdrawn, also of one that was erased since and is
    shown again."""
    return Q(address__in=addresses, withdrawn_at=None) | Q(address__in=list(faces(addresses)))


def come_back(address: str) -> None:
    """Somebody who was erased has shown this address: they are known again."""
    rows = Grant.objects.filter(address=face(address))
    rows.update(address=canonical(address), withdrawn_at=None)


def grant_of(message: SecureMessage, addresses: Iterable[str]) -> Grant | None:
    """A grant of this message for one of these addresses that was not withdrawn."""
    return next(iter(grants_of(message, addresses)), None)


def found(locator: str) -> SecureMessage | None:
    """The message of this locator in the PEN in scope, when it is ready."""
    return SecureMessage.objects.filter(locator=locator, state=SecureMessage.State.READY).first()


def pen_of(locator: str) -> Pen | None:
    """The PEN whose message has this locator: whoever follows a link has nothing else to say which."""
    with outside_scope(reason="which PEN's message a locator finds"):
        row = SecureMessage.objects.filter(locator=locator).select_related("pen").first()
    return row.pen if row else None


def of(addresses: Iterable[str]) -> QuerySet[SecureMessage]:
    """Messages that one of these addresses may read."""
    wanted = {canonical(one) for one in addresses}
    mine = Grant.objects.filter(in_force(wanted), message=OuterRef("pk"))
    return SecureMessage.objects.filter(Q(Exists(mine)), state=SecureMessage.State.READY)
