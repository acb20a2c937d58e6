"""Who may read what: one question, asked everywhere (contract/vault.md §6)."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from stationer.notice import canonical
from stationer.portal.access import domains
from stationer.portal.access.models import Membership
from stationer.portal.people.models import Member, Pen
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
    it. Grants of before the member was there are not theirs (`since`)."""
    proven = domains.proven()
    own = frozenset(one for one in named(member) if domains.is_of(one.rpartition("@")[2], proven))
    return own | _signs_in(member)


def _signs_in(member: Member) -> frozenset[str]:
    mine = Membership.objects.filter(member=member, account__email=member.address)
    return frozenset({canonical(member.address)}) if mine.exists() else frozenset()


def since(member: Member) -> Q:
    """Of grants: those that were made since the member was there. Whoever had an address before read with it."""
    return Q(made_at__gte=member.created_at)


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
