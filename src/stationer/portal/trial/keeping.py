"""The link of a trial's mail, and what it does: the trial becomes a company, once (contract/trial.md §5)."""

from __future__ import annotations

import uuid

import msgspec
from django.conf import settings
from django.core.signing import BadSignature, TimestampSigner
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Account, Membership
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.content.pictures import keep_picture
from stationer.portal.content.starters import STARTERS
from stationer.portal.partners import founding, hosts
from stationer.portal.partners.models import Standing
from stationer.portal.people.members import add_member
from stationer.portal.people.models import Partner
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.site.founding import EVERYBODYS, has_a_pen
from stationer.portal.trial import limits, making
from stationer.portal.trial.making import Wish
from stationer.portal.trial.models import Trial

LIFE_S = 7 * 24 * 3600
SALT = "trial-keep"


class AtHome(Exception):
    """The address's account is in a company already; it founds none by a trial."""


class Over(Exception):
    """The trial was kept already, or is forgotten."""


def token_of(row: Trial) -> str:
    """What stands in the link."""
    signed: str = TimestampSigner(salt=SALT).sign_object(row.pk.hex)
    return signed


def url_of(row: Trial) -> str:
    """The link, at the host where the trial began."""
    base = hosts.written(row.host) if row.host else settings.PUBLIC_URL
    return f"{base}{reverse('trial-keep', args=[token_of(row)])}"


def opened(token: str, host: str) -> Trial | None:
    """The trial of a link at this host; None for one that is over, used, or not ours."""
    try:
        pk = uuid.UUID(TimestampSigner(salt=SALT).unsign_object(token, max_age=LIFE_S))
    except (BadSignature, ValueError, TypeError):
        return None
    found = Trial.objects.filter(pk=pk, proven_at__isnull=False, kept_at=None).first()
    return found if found is not None and found.host == host else None


def account_of(row: Trial) -> Account | None:
    """The account that this address has already."""
    return Account.objects.filter(email=row.address).first()


def keep(row: Trial, wish: Wish) -> Account:
    """The company, once; returns its owner's account. Raises AtHome, Over."""
    with transaction.atomic():
        limits.lock(limits.FOUNDING)  # two trials of one address at once found one company
        if not Trial.objects.filter(pk=row.pk, kept_at=None).update(kept_at=timezone.now()):
            raise Over
        account = account_of(row)
        if account is not None and has_a_pen(account):
            raise AtHome
        actor = Actor("page", row.address, row.address, account.pk if account else None)
        with acting(actor):
            return _founded(row, wish)


def _founded(row: Trial, wish: Wish) -> Account:
    domain = wish.address.rpartition("@")[2]
    partner = _partner(row.host)
    pen = create_pen(wish.company, () if domain in EVERYBODYS else (domain,), partner)
    pen.brand = {"colour": wish.colour}
    if partner is not None:
        pen.slug = founding.door(wish.company)
    pen.save()
    with pen_scope(pen):
        member = add_member(wish.address, attributes=_told(wish))
        owner = give_access(wish.address, role=Membership.Role.OWNER, member=member)
        _furnish(wish, owner.account)
    if partner is not None:
        founding.hand_down(pen)
        # its owner is here: nobody is invited in their place (contract/partners.md §6)
        Standing.objects.filter(pen=pen).update(begun_at=timezone.now())
    return owner.account


def _partner(host: str) -> Partner | None:
    """Whose host the trial began at. Raises Over where it is nobody's any more."""
    if not host:
        return None
    found = hosts.whose(host)
    partner = Partner.objects.filter(pk=found[1]).first() if found else None
    if partner is None:
        raise Over
    return partner


def _told(wish: Wish) -> dict[str, str]:
    """What is known of the owner; address and company stand with everybody by themselves."""
    return {name: value for name, value in making.attributes(wish).items() if name in ("name", "website")}


def _furnish(wish: Wish, account: Account) -> None:
    """Pictures, the template for everyone else, and the campaign with its message, as the mail wore them."""
    for name, data in making.pictures(wish).items():
        keep_picture(data, name=name, alt=wish.company if name == making.LOGO else "")
    parts = {"top": making.letterhead(wish), "signature": making.signature(wish)}
    new = {slot: msgspec.to_builtins(source) for slot, source in parts.items()}
    Template.objects.create(name=_("Letterhead"), fallback=True, parts={"new": new}, changed_by=account)
    starter = STARTERS[wish.starter]
    campaign = Campaign.objects.create(
        name=wish.headline or starter.label(), state=Campaign.State.LIVE, changed_by=account
    )
    Message.objects.create(
        campaign=campaign,
        name=campaign.name,
        slot=starter.slot,
        source=msgspec.to_builtins(making.message(wish, wish.own_website)),
        changed_by=account,
    )
