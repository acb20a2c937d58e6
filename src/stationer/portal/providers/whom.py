"""Who somebody is here whom a provider vouches for: the law of contract/sign-in.md §5. All of it in the PEN's scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from stationer.portal.access.accounts import give_access
from stationer.portal.access.domains import challenges
from stationer.portal.access.models import Account, Membership
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.providers.claims import Becomes, becomes, put
from stationer.portal.providers.models import Identity, Provider
from stationer.portal.providers.told import Refused, Said
from stationer.wire import ids


def domains_of(row: Provider) -> set[str]:
    """Those that it is for and that are proven for its PEN today."""
    proven = {one.domain for one in challenges(row.pen) if one.proven_at}
    return set(row.domains) & proven


def come_in(row: Provider, said: Said, path: str = "") -> Account:
    """The account of whoever the provider vouches for, with the details that it says. Raises Refused."""
    if not row.on:
        raise Refused("gone")
    if row.pen.standing == Pen.Standing.ENDED:
        raise Refused("resting")
    found = becomes(row, said)
    with transaction.atomic():
        Pen.objects.select_for_update(no_key=True).filter(
            pk=row.pen_id
        ).first()  # two at once make one account
        if not Provider.objects.filter(pk=row.pk).exclude(way=Provider.Way.OFF).exists():
            raise Refused("gone")  # switched off or deleted just now
        membership = _known(row, said, found) or _new(row, said, found, path)
        who = Actor(
            "page", membership.member.name, membership.account.email, membership.account_id, row.name, path
        )
        with acting(who):
            if row.pen.standing == Pen.Standing.ACTIVE:
                put(membership.member, found)
        told = {"account": membership.account, "seen_at": timezone.now()}
        Identity.objects.update_or_create(
            provider=row, issuer=said.issuer, subject=said.subject, defaults=told
        )
    return membership.account


def still(account: Account, bound: Mapping[str, Any]) -> bool:
    """Whether the sign-in that a session is bound by (access.bound) counts yet: while it waited for a second factor its
    provider may have been switched off or deleted, or the person been forgotten. In a transaction: the PEN is locked
    until its end, so that whoever switches it off then finds the session."""
    with pen_scope(ids.inside("pen", str(bound["pen"]))) as pen:
        Pen.objects.select_for_update(no_key=True).filter(pk=pen).first()
        row = Provider.objects.filter(pk=ids.inside("provider", str(bound["provider"]))).first()
        return row is not None and row.on and Identity.objects.filter(provider=row, account=account).exists()


def _in_domains(row: Provider, *addresses: str) -> None:
    allowed = domains_of(row)
    for address in addresses:
        if address.rpartition("@")[2] not in allowed:
            raise Refused("domain", address=address)


def _known(row: Provider, said: Said, found: Becomes) -> Membership | None:
    """Somebody who was here before, by issuer and subject alone. Who was shut out since stays out."""
    identity = Identity.objects.filter(provider=row, issuer=said.issuer, subject=said.subject).first()
    if identity is None:
        return None
    email = identity.account.email
    _in_domains(row, email, *([found.address] if found.address else []))
    membership = (
        Membership.objects.filter(account=identity.account_id).select_related("member", "account").first()
    )
    if membership is None:
        raise Refused("stranger", address=email)
    return membership


def _new(row: Provider, said: Said, found: Becomes, path: str) -> Membership:
    """Somebody who comes for the first time: by an address that is proven twice, by DNS and by the provider."""
    address = found.address
    if not address:
        raise Refused("no-address")
    _in_domains(row, address)
    vouched = row.kind == Provider.Kind.SAML and row.vouched
    if not vouched and said.verified != address:
        raise Refused("unverified", address=address)
    membership = Membership.objects.filter(account__email=address).select_related("member", "account").first()
    membership = membership or _joined(row, address, path)
    if Identity.objects.filter(provider=row, issuer=said.issuer, account=membership.account_id).exists():
        raise Refused("taken", address=address)
    return membership


def _joined(row: Provider, address: str, path: str) -> Membership:
    """A new membership where the PEN wants that. Nobody who signs in already gets another account or role by it."""
    member = find_member(address)
    if member is not None and member.memberships.exists():
        raise Refused("other-account", address=address)
    if row.pen.standing != Pen.Standing.ACTIVE:
        raise Refused("resting")
    if row.joining != Provider.Joining.MEMBER:
        raise Refused("stranger", address=address)
    try:
        with acting(Actor("page", address, address, None, row.name, path)):
            return give_access(address, role=Membership.Role.MEMBER, member=member)
    except ValidationError as error:
        raise Refused("other-account", str(error), address=address) from error
