"""Who may read what: one question, asked everywhere (contract/vault.md §6)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet

from stationer.notice import canonical
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.vault.models import Grant, SecureMessage

#: Of several grants of one message the one that says most.
ORDER = {kind: at for at, kind in enumerate(("from", "to", "cc", "blind", "forwarded"))}


def addresses_of(member: Member) -> frozenset[str]:
    """What a member reads with: their address and aliases."""
    return frozenset(canonical(one) for one in (member.address, *member.aliases))


def grant_of(message: SecureMessage, addresses: Iterable[str]) -> Grant | None:
    """A grant of this message for one of these addresses that was not withdrawn."""
    wanted = {canonical(one) for one in addresses}
    rows = Grant.objects.filter(message=message, address__in=wanted, withdrawn_at=None)
    return min(rows, key=lambda row: ORDER[row.kind], default=None)


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
    mine = Grant.objects.filter(message=OuterRef("pk"), address__in=wanted, withdrawn_at=None)
    return SecureMessage.objects.filter(Q(Exists(mine)), state=SecureMessage.State.READY)
