"""Devices and API keys: made with a secret that is shown once, found by its hash, revoked for good."""

from __future__ import annotations

import secrets
from datetime import timedelta
from hashlib import sha256

from django.utils import timezone

from stationer.portal.access.models import Device
from stationer.portal.access.rights import EVERYTHING, Right, closed
from stationer.portal.people.models import Member
from stationer.portal.people.scope import outside_scope

#: `last_seen_at` is good to this much, so that a busy key does not write a row for each request.
SEEN = timedelta(minutes=5)


def new_token() -> str:
    """256 random bits, base64url without padding: 43 characters."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogateescape")).digest()


def enrol(member: Member, name: str, kind: str = Device.Kind.AGENT) -> tuple[Device, str]:
    """A new device of this member, and its token. The roll follows by itself."""
    token = new_token()
    row = Device.objects.create(
        name=name, kind=kind, member=member, token_sha256=token_hash(token), scopes=["pick"]
    )
    return row, token


def make_api_key(name: str, scopes: tuple[str, ...] = ("manage",)) -> tuple[Device, str]:
    """A new API key of the PEN in scope, and its token."""
    token = new_token()
    row = Device.objects.create(
        name=name, kind=Device.Kind.API, token_sha256=token_hash(token), scopes=list(scopes)
    )
    return row, token


def rights_of(row: Device) -> frozenset[Right]:
    """What an API key may do: its scopes are rights, or `manage` for all of them. A device has none."""
    if row.kind != Device.Kind.API:
        return frozenset()
    return EVERYTHING if "manage" in row.scopes else closed(row.scopes)


def revoke(row: Device) -> None:
    """Out of force: in the portal at once, at the edge within 2 s. Revoking again changes nothing."""
    if row.revoked_at is None:
        row.revoked_at = timezone.now()
        row.save(update_fields=["revoked_at"])


def by_token(token: str) -> Device | None:
    """The device in force that has this token, with its PEN and member."""
    if not token:
        return None
    with outside_scope(reason="a bearer token says which PEN a program is for"):
        rows = Device.objects.filter(token_sha256=token_hash(token), revoked_at=None)
        return rows.select_related("pen", "member").first()


def seen(row: Device) -> None:
    """Note that it asked just now."""
    now = timezone.now()
    if row.last_seen_at is None or now - row.last_seen_at > SEEN:
        Device.objects.filter(pk=row.pk).update(last_seen_at=now)
