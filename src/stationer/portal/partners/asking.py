"""Enquiries of those who would like to be a partner: kept, counted, told to whoever runs the installation."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone, translation

from stationer.portal.partners.models import Enquiry
from stationer.portal.site.counting import tally
from stationer.watch.log import Voice

#: Enquiries in an hour from one network address, and in a day from all.
MOST_AN_HOUR, MOST_A_DAY = 5, 100
say = Voice("partners")


def room(ip: str) -> bool:
    """Whether another enquiry from this network address is taken now; asking counts."""
    if Enquiry.objects.filter(created_at__gte=timezone.now() - timedelta(days=1)).count() >= MOST_A_DAY:
        return False
    return tally(f"enquiry:{sha256(ip.encode()).hexdigest()[:32]}", 3600) <= MOST_AN_HOUR


def keep(name: str, company: str, address: str, words: str) -> Enquiry:
    """Keep it, and tell the operator that there is one."""
    row = Enquiry.objects.create(name=name, company=company, address=address, words=words)
    say.info("enquiry-came", enquiry=row.outside_id)
    if settings.PORTAL.operator:
        with translation.override(settings.LANGUAGE_CODE):
            _tell(row)
    return row


def _tell(row: Enquiry) -> None:
    """Only the body has words of the enquiry in it; nobody else gets this mail, and an answer to it goes nowhere."""
    facts = {"row": row, "url": f"{settings.PUBLIC_URL}/operator/"}
    EmailMessage(
        subject="Stationer: somebody would like to become a partner",
        body=render_to_string("partners/enquiry.txt", facts).strip() + "\n",
        to=[settings.PORTAL.operator],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
