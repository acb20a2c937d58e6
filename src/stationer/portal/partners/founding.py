"""A partner sets a company up: its PEN, its first owner, what is handed down, and the owner's invitation. One minute.

Only while nobody of the company has ever signed in can the invitation be sent anew, to this address or another: after
that a partner has no way to make itself an owner.
"""

from __future__ import annotations

import msgspec
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Membership
from stationer.portal.content.models import Template
from stationer.portal.content.writing import first_shape
from stationer.portal.partners import handing
from stationer.portal.partners.letting import spend
from stationer.portal.partners.models import Standing
from stationer.portal.partners.saying import BEGINS
from stationer.portal.people.models import Member, Partner, Pen
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import normal_address
from stationer.portal.site.founding import EVERYBODYS
from stationer.portal.site.letterhead import sender_called
from stationer.wire.source import Source

#: Names that are no company's door.
TAKEN = frozenset(
    {"www", "mail", "api", "admin", "partner", "operator", "static", "stationer", "portal", "smtp"}
)


def found(partner: Partner, name: str, address: str, slug: str = "", language: str = "") -> Pen:
    """The PEN of a new company below this partner; its first owner is invited. Raises ValidationError."""
    email = normal_address(address)
    domain = email.rpartition("@")[2]
    with transaction.atomic():
        pen = create_pen(name, () if domain in EVERYBODYS else (domain,), partner)
        pen.slug = door(slug or name)
        pen.save(update_fields=["slug"])
        with pen_scope(pen):
            give_access(email, role=Membership.Role.OWNER)
            source = msgspec.to_builtins(Source(first_shape("template", "signature")))
            Template.objects.create(name=_("Letterhead"), fallback=True, parts={"new": {"signature": source}})
        hand_down(pen)
        invite(pen, email)
    return pen


def hand_down(pen: Pen) -> None:
    """A new company is counted and handed what holds below its partner. What is a company's own to say, where its
    partner says it without a lock, it begins with."""
    handing.begin(pen)
    pen.refresh_from_db()
    said, locks = pen.inherited.get("management", {}), pen.inherited.get("locks", ())
    own = [name for name in BEGINS if name in said and name not in locks]
    for name in own:
        setattr(pen, name, said[name])
    pen.save(update_fields=own)


def door(said: str) -> str:
    """A free name for the company's own door, made from what was said."""
    plain = slugify(said).replace("_", "-")[:32].strip("-") or "company"  # a host name has no underscore
    taken = TAKEN | set(Pen.objects.filter(slug__startswith=plain).values_list("slug", flat=True))
    return next(
        one for one in (plain, *(f"{plain}-{n}" for n in range(2, len(taken) + 3))) if one not in taken
    )


def invite(pen: Pen, email: str) -> None:
    """The mail to the first owner: where to sign in. Who has the address gets in by a code, nobody else does. Raises
    TooMany."""
    if pen.partner is not None:
        spend(pen.partner)
    house = pen.from_above().house
    facts = {
        "pen": pen,
        "partner": pen.partner,
        "address": email,
        "url": f"{pen.url}/",
        "house": house or "Stationer",
    }
    EmailMessage(
        subject=render_to_string("partners/invitation_subject.txt", facts).strip(),
        body=render_to_string("partners/invitation.txt", facts).strip() + "\n",
        from_email=sender_called(house),
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()


def invite_again(pen: Pen, address: str) -> None:
    """Invite this address as the owner, in place of whoever was invited before. Raises ValidationError, also when
    somebody has signed in already, or the company has ended."""
    email = normal_address(address)
    with transaction.atomic():
        locked = Pen.objects.select_for_update(no_key=True).get(pk=pen.pk)
        if locked.standing == Pen.Standing.ENDED:
            sentence = _("{company} has ended. Its mail leaves as it is written.")
            raise ValidationError(sentence.format(company=locked.name))
        row = Standing.objects.select_for_update().filter(pen=pen, begun_at=None).first()
        if row is None:
            raise ValidationError(
                _("Somebody of this company has been here: from now on its owners say who else may sign in.")
            )
        with pen_scope(locked):
            before = Membership.objects.filter(role=Membership.Role.OWNER)
            new = give_access(email, role=Membership.Role.OWNER)
            for former in before.exclude(pk=new.pk):
                Member.objects.filter(pk=former.member_id).delete()
        Standing.objects.filter(pen=pen).update(invited_at=timezone.now())
        invite(locked, email)
