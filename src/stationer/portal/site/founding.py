"""A company begins: its PEN, its first owner, and a template to start from."""

from __future__ import annotations

from typing import Any

import msgspec
from allauth.account.models import EmailAddress
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from stationer.portal.access import signing_up
from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Account, Membership
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.content.models import Template
from stationer.portal.content.writing import first_shape
from stationer.portal.people.models import Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.wire.source import Source

#: Whoever writes from here belongs to no company by that: such a domain is never a PEN's own.
EVERYBODYS = frozenset(
    (
        "gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "live.com", "msn.com", "yahoo.com",
        "yahoo.co.uk", "yahoo.de", "icloud.com", "me.com", "mac.com", "aol.com", "gmx.de", "gmx.net", "gmx.com",
        "gmx.at", "gmx.ch", "web.de", "t-online.de", "freenet.de", "mail.com", "proton.me", "protonmail.com",
        "fastmail.com", "zoho.com", "btinternet.com",
    )
)  # fmt: skip


def found(account: Account, name: str) -> Pen:
    """The PEN of a new company: this account owns it, its domain is that of their address, its template is theirs to
    edit. The account is somebody who has proven their address."""
    domain = account.email.rpartition("@")[2]
    with transaction.atomic(), acting(Actor("page", account.email, account.email, account.pk)):
        pen = create_pen(name, () if domain in EVERYBODYS else (domain,))
        with pen_scope(pen):
            give_access(account.email, role=Membership.Role.OWNER)
            source = msgspec.to_builtins(Source(first_shape("template", "signature")))
            Template.objects.create(
                name=_("Letterhead"), fallback=True, parts={"new": {"signature": source}}, changed_by=account
            )
    return pen


def after_sign_in(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:
    """Whoever signs in with a company in mind, a proven address, and the right to found one, has founded it."""
    if request is None or not (name := request.session.pop(signing_up.COMPANY, "")):
        return
    proven = EmailAddress.objects.filter(user=user, email=user.email, verified=True).exists()
    if proven and signing_up.may(request) and not has_a_pen(user):
        found(user, name)
        request.session.pop(signing_up.INVITED, None)


def has_a_pen(account: Account) -> bool:
    """Whether this account is a member anywhere, also where it comes in by a company's own sign-in alone."""
    with outside_scope(reason="whether an account belongs to a company already"):
        return Membership.objects.filter(account=account).exists()
