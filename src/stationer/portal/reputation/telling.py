"""Who is told that something is wrong, or is well again: the company's owners, or whoever runs the installation."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import translation

from stationer.portal.access.models import Membership
from stationer.portal.alerts import wanting
from stationer.portal.people.scope import pen_scope
from stationer.portal.reputation import wording
from stationer.portal.reputation.models import Trouble, Watched
from stationer.portal.site.letterhead import sender_called
from stationer.repute import Finding


def tell(row: Watched, trouble: Trouble) -> None:
    """Queue the mails, in the transaction that has noted it."""
    if row.pen is None:
        if settings.PORTAL.operator:
            with translation.override(settings.LANGUAGE_CODE):
                _mail(row, trouble, settings.PORTAL.operator, "Stationer")
        return
    with pen_scope(row.pen):
        held, house = wanting.terms(), row.pen.from_above().house
        owners = Membership.objects.filter(role=Membership.Role.OWNER).values_list(
            "member__address", flat=True
        )
        for address in owners:
            wish = wanting.preference(address)
            with translation.override(wanting.language_of(wish, held)):
                _mail(row, trouble, address, house or "Stationer")


def _mail(row: Watched, trouble: Trouble, address: str, house: str) -> None:
    finding = Finding(trouble.rule, trouble.saw)
    facts: dict[str, Any] = {
        "watched": row,
        "over": trouble.healed_at is not None,
        "sentence": wording.sentence(finding),
        "mend": wording.mend(finding),
        "reason": trouble.saw.get("reason", ""),
        "since": trouble.since,
        "url": row.pen.url if row.pen else "",
        "house": house,
    }
    EmailMultiAlternatives(
        subject=render_to_string("reputation/alarm_subject.txt", facts).strip(),
        body=render_to_string("reputation/alarm.txt", facts).strip() + "\n",
        from_email=sender_called(house if row.pen else ""),
        to=[address],
        headers={"Auto-Submitted": "auto-generated"},
    ).send()
