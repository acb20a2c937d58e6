"""The way in without the provider: a few codes an owner has written down, each good once (contract/sign-in.md §8)."""

from __future__ import annotations

import secrets
from base64 import b32encode
from hashlib import sha256
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils import timezone

from stationer.portal.access.models import Account, Membership
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.audit.recording import record
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.providers.models import EmergencyCode
from stationer.portal.providers.told import Refused
from stationer.portal.site.counting import tally
from stationer.watch.log import Voice

MANY = 8
#: So often within a quarter of an hour, by one network. Not for one address of mail: 80 bits are not guessed, and
#: whoever knows an owner's address would shut them out.
MOST_TRIES, STRETCH_S = 10, 900
say = Voice("providers")


def _digest(code: str) -> bytes:
    plain = "".join(c for c in code.upper() if c.isalnum())
    return sha256(plain.encode()).digest()


def _network(ip: str) -> str:
    """An address of IPv4, or the /64 that one line of IPv6 has; empty where none is known."""
    try:
        return ip if ip_address(ip).version == 4 else str(ip_network(f"{ip}/64", strict=False))
    except ValueError:
        return ""


def make(account: Account) -> list[str]:
    """New codes of 80 random bits, in place of those the account has in this PEN. They are shown once."""
    written = [b32encode(secrets.token_bytes(10)).decode() for _ in range(MANY)]
    codes = ["-".join(one[n : n + 4] for n in range(0, 16, 4)) for one in written]
    with transaction.atomic():
        EmergencyCode.objects.filter(account=account).delete()
        EmergencyCode.objects.bulk_create(
            [EmergencyCode(account=account, sha256=_digest(code)) for code in codes]
        )
        record("made", "emergencycode", account.email, count=MANY)
    return codes


def left(account: Account) -> int:
    """How many of the account's codes are good here."""
    return EmergencyCode.objects.filter(account=account, used_at=None).count()


def any_owner_has() -> bool:
    """Whether an owner of the PEN in scope has a code that is good."""
    owners = Membership.objects.filter(role=Membership.Role.OWNER).values("account")
    return EmergencyCode.objects.filter(account__in=owners, used_at=None).exists()


def use(address: str, code: str, ip: str, path: str) -> tuple[Account, Pen]:
    """Whose code it is, and which company it opens; it is used up. Raises Refused `code`, `often`."""
    if tally(f"emergency-ip:{_network(ip)}", STRETCH_S) > MOST_TRIES:
        raise Refused("often")
    with outside_scope(reason="whose emergency code this is"):
        row = (
            EmergencyCode.objects.filter(sha256=_digest(code), used_at=None)
            .select_related("account", "pen")
            .first()
        )
    if row is None or row.account.email != address.strip().lower() or row.pen.standing == Pen.Standing.ENDED:
        raise Refused("code")
    with pen_scope(row.pen_id), transaction.atomic():
        owner = Membership.objects.filter(account=row.account_id, role=Membership.Role.OWNER).first()
        used = EmergencyCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now())
        if owner is None or not used:
            raise Refused("code")
        with acting(Actor("page", owner.member.name, row.account.email, row.account_id, path=path)):
            record("used", "emergencycode", row.account.email)
    say.warning("emergency-code-used", pen=row.pen.outside_id)
    return row.account, row.pen
