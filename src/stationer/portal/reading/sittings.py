"""Sittings: which addresses a browser has shown, at which level (contract/reading.md §3).

The cookie holds 256 random bits and the PEN's part of its name; its SHA-256 is in the row. A sitting that gains an
address gets a new secret. A member's signed-in session of the portal is one as well, for the member's addresses.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from stationer.portal.access import factor
from stationer.portal.access.bound import bound_pen
from stationer.portal.access.models import Account, Membership
from stationer.portal.partners.labels import host_of
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.reading.models import Contact, Sitting
from stationer.portal.vault import grants

LIFE, OWN_DEVICE = timedelta(hours=12), timedelta(days=30)
READER, DOOR = "stationer-reader", "stationer-door"


@dataclass(frozen=True)
class Reader:
    """Whoever reads a letter: `address` is the one that its grant names, shown at `level`; `addresses` are all that
    were shown here. `member` of the PEN, or by `sitting`, or both. `mailbox`: the member whose delegate they are, where
    they read by that alone."""

    address: str
    level: int
    addresses: tuple[str, ...]
    member: Member | None = None
    sitting: Sitting | None = None
    mailbox: Member | None = None

    @property
    def doing(self) -> dict[str, str]:
        """Who does it, where it is done for somebody else; for the rows of what was done."""
        return {"delegate": self.member.address} if self.mailbox and self.member else {}


@dataclass(frozen=True)
class Here:
    """What was shown in this browser, for one PEN; `as_member`: of that what a member's sign-in shows, and how."""

    shown: Mapping[str, int] = field(default_factory=dict)
    as_member: Mapping[str, int] = field(default_factory=dict)
    readings: Mapping[str, grants.Reading] = field(default_factory=dict)
    member: Member | None = None
    sitting: Sitting | None = None


def digest(secret: str) -> str:
    """What is kept in a cookie's place."""
    return hashlib.sha256(secret.encode()).hexdigest()


def cookie(pen: Pen) -> str:
    """The name of the PEN's cookie: a browser may sit with several companies at one host."""
    return f"{_prefix()}{READER}-{pen.id.hex[-12:]}"


def _prefix() -> str:
    return "__Host-" if settings.SESSION_COOKIE_SECURE else ""


def here(request: HttpRequest, pen: Pen) -> Here:
    """What this browser has shown; looking changes nothing. Inside the PEN's scope."""
    row, member = _of(request, pen), None
    shown: dict[str, int] = dict(row.shown) if row else {}
    signed: dict[str, int] = {}
    readings: dict[str, grants.Reading] = {}
    found = _signed_in(request, pen)
    if found is not None:
        member, level = found
        readings = grants.readings(member)
        signed = dict.fromkeys(readings, level)
        shown |= {address: max(level, shown.get(address, 0)) for address in signed}
    return Here(shown, signed, readings, member, row)


def _of(request: HttpRequest, pen: Pen) -> Sitting | None:
    secret = request.COOKIES.get(cookie(pen), "")
    if not secret:
        return None
    rows = Sitting.objects.filter(secret=digest(secret), host=host_of(request))
    return rows.filter(ends_at__gt=timezone.now()).first()


def _signed_in(request: HttpRequest, pen: Pen) -> tuple[Member, int] | None:
    """The member whom the portal's own session is of, and the level of their sign-in: 3 by their company's provider or
    with a second factor, else 1. A company that is suspended or ended lets nobody in by it."""
    if not request.user.is_authenticated:
        return None
    bound = bound_pen(request)
    found = _member(request, pen, bound)
    if found is None:
        return None
    strong = bound == pen.outside_id or factor.shown(request)
    return found, 3 if strong else 1


def _member(request: HttpRequest, pen: Pen, bound: str) -> Member | None:
    """The member of this PEN whom the session's account is, by the portal's own rules (access.presence)."""
    account = cast(Account, request.user)
    row = Membership.objects.filter(account=account).select_related("member").first()
    if row is None or pen.standing != Pen.Standing.ACTIVE or (bound and bound != pen.outside_id):
        return None
    domain = account.email.rpartition("@")[2]
    return None if not bound and domain in pen.sign_in_only else row.member


def add(
    request: HttpRequest, pen: Pen, address: str, level: int, *, own_device: bool = False
) -> tuple[Sitting, str]:
    """This browser has shown an address. Returns its sitting and the cookie's new secret, for `carry`."""
    now, secret = timezone.now(), secrets.token_urlsafe(32)
    with transaction.atomic():
        row = _of(request, pen) or Sitting(host=host_of(request), began_at=now)
        row.shown = {**row.shown, address: max(level, row.shown.get(address, 0))}
        row.own_device = row.own_device or own_device
        row.ends_at = now + (OWN_DEVICE if row.own_device else LIFE)
        row.secret = digest(secret)
        row.save()
        contact, _ = Contact.objects.get_or_create(address=address)
        said = {"sittings": F("sittings") + 1, "seen_at": now}
        Contact.objects.filter(pk=contact.pk).update(**said)
    return row, secret


def carry(answer: HttpResponseBase, pen: Pen, row: Sitting, secret: str) -> None:
    """Give the browser its sitting."""
    life = int(OWN_DEVICE.total_seconds()) if row.own_device else None
    _set(answer, cookie(pen), secret, life)


def end(request: HttpRequest, answer: HttpResponseBase, pen: Pen) -> None:
    """Sign out: the row is gone, and the cookie."""
    row = _of(request, pen)
    if row is not None:
        row.delete()
    answer.delete_cookie(cookie(pen), samesite="Lax")


def door(request: HttpRequest) -> str:
    """The digest of the browser's own mark, which codes belong to; nothing where it has none yet."""
    secret = request.COOKIES.get(_prefix() + DOOR, "")
    return digest(secret) if secret else ""


def new_door() -> str:
    """A mark for a browser that has none."""
    return secrets.token_urlsafe(32)


def carry_door(answer: HttpResponseBase, secret: str) -> None:
    """Give the browser its mark, for as long as it is open."""
    _set(answer, _prefix() + DOOR, secret, None)


def _set(answer: HttpResponseBase, name: str, secret: str, life: int | None) -> None:
    answer.set_cookie(
        name, secret, max_age=life, path="/", secure=bool(settings.SESSION_COOKIE_SECURE), httponly=True, samesite="Lax"
    )  # fmt: skip


def forget_old() -> int:
    """Sittings that are over, of every PEN."""
    with outside_scope(reason="sittings that are over, of every PEN"):
        return Sitting.objects.filter(ends_at__lt=timezone.now()).delete()[0]
