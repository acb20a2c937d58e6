"""People of a partner: an account is made where there is none, and told where to sign in."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account
from stationer.portal.partners.handing import above
from stationer.portal.partners.hosts import label_of, written
from stationer.portal.partners.letting import spend
from stationer.portal.partners.models import Staff
from stationer.portal.people.models import Partner
from stationer.portal.people.valid import normal_address
from stationer.portal.site.letterhead import sender_called

#: So many people work for one partner.
MOST = 200


class LastOwner(ValidationError):
    """The partner would have no owner left."""


def join(partner: Partner, address: str, role: str) -> Staff:
    """This address works for the partner as `role` from now on, and is told so. Raises ValidationError."""
    email = normal_address(address)
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=partner.pk)
        row = Staff.objects.filter(partner=partner, account__email=email).first()
        if row is not None:
            if row.role == "owner" and role != "owner":
                _keep_owner(row)
            row.role = role
            row.save()
            return row
        if Staff.objects.filter(partner=partner).count() >= MOST:
            raise ValidationError(_("There are {most} people already.").format(most=MOST))
        account = Account.objects.filter(email=email).first() or Account.objects.create_user(email)
        known = {"verified": True, "primary": True}
        EmailAddress.objects.get_or_create(user=account, email=email, defaults=known)
        row = Staff.objects.create(partner=partner, account=account, role=role)
        _tell(partner, email)
    return row


def leave(row: Staff) -> None:
    """This person no longer works for the partner, from the next request on. Raises LastOwner."""
    with transaction.atomic():
        Partner.objects.select_for_update().get(pk=row.partner_id)
        if row.role == "owner":
            _keep_owner(row)
        row.delete()


def _keep_owner(row: Staff) -> None:
    if not Staff.objects.filter(partner=row.partner_id, role="owner").exclude(pk=row.pk).exists():
        raise LastOwner(_("This is the last owner. Make somebody else an owner first."))


def _tell(partner: Partner, email: str) -> None:
    spend(partner)
    label = label_of(above(partner))
    url = written(label.host) if label.host else settings.PUBLIC_URL
    facts = {"partner": partner, "house": label.house or "Stationer", "url": f"{url}/partner/"}
    EmailMessage(
        subject=render_to_string("partners/joined_subject.txt", facts).strip(),
        body=render_to_string("partners/joined.txt", facts).strip() + "\n",
        from_email=sender_called(label.house),
        to=[email],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
