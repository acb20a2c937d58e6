"""Codes by telephone: asked for, sent again, typed; how many go to one number (contract/reading.md §4.1)."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

import phonenumbers
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, QuerySet, Sum
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from stationer.portal.people.models import Member
from stationer.portal.people.scope import outside_scope
from stationer.portal.reading import codes, levels
from stationer.portal.reading.models import Contact, Sitting
from stationer.portal.reading.phone_rows import PhoneCode

LIFE, AGAIN = codes.LIFE, timedelta(seconds=30)
#: The gateway is called no more so long after a code was asked for.
DEADLINE = timedelta(seconds=90)
MOST_GUESSES = codes.MOST_GUESSES
#: Codes to one number of a PEN.
IN_AN_HOUR, IN_A_DAY = 5, 15
KEPT = timedelta(days=1)
_DEAR = (phonenumbers.PhoneNumberType.PREMIUM_RATE, phonenumbers.PhoneNumberType.SHARED_COST)


class TooMany(Exception):
    """No more codes go to this number for now; the message is the sentence for its reader."""


def normal_number(text: str) -> str:
    """The number in E.164. Raises ValidationError."""
    try:
        number = phonenumbers.parse(text.strip(), None)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_possible_number(number) or number.extension:
        raise ValidationError(
            _("“{text}” is no telephone number: write it with its country, as +49 30 1234567.").format(
                text=text
            ),
            code="phone",
        )
    if phonenumbers.number_type(number) in _DEAR:
        raise ValidationError(
            _("Whoever is called at this number pays for it. Take another one."), code="phone"
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def give(address: str, number: str, member: Member) -> Contact:
    """A member says at which number a contact is reached; codes for another one are over."""
    with transaction.atomic():
        row, _new = Contact.objects.get_or_create(address=address)
        row.phone, row.phone_at, row.phone_by = number, timezone.now(), member
        row.level = max(row.level, levels.MEANS)
        row.save()
    return row


def take_away(row: Contact) -> None:
    """No code goes to this contact's telephone any more."""
    row.phone, row.phone_at, row.phone_by = "", None, None
    row.level = levels.of(row)
    row.save()


def ask(contact: Contact, sitting: Sitting) -> PhoneCode:
    """The code of this sitting, sent again, or a new one; the worker calls the gateway. Raises TooMany."""
    now = timezone.now()
    with transaction.atomic():
        Contact.objects.select_for_update().get(pk=contact.pk)  # two at once are counted one after the other
        row = _alive(contact, sitting).order_by("-asked_at").first()
        if row is not None and now - row.asked_at < AGAIN and row.state != PhoneCode.State.REFUSED:
            return row
        _within_bounds(contact.phone, now)
        row = row or PhoneCode(
            contact=contact, sitting=sitting, number=contact.phone, expires_at=now + LIFE,
            language=(get_language() or "en").partition("-")[0],
        )  # fmt: skip
        return _send(row, now)


def test(number: str) -> PhoneCode:
    """An administrator tries the gateway. Raises TooMany."""
    now = timezone.now()
    with transaction.atomic():
        _within_bounds(number, now)
        language = (get_language() or "en").partition("-")[0]
        return _send(PhoneCode(number=number, expires_at=now + LIFE, language=language), now)


def _send(row: PhoneCode, now: datetime) -> PhoneCode:
    row.asked_at, row.sends, row.attempts = now, row.sends + 1, 0
    row.state, row.due_at, row.gives_up_at = PhoneCode.State.WAITING, now, now + DEADLINE
    row.lease = row.leased_until = None
    row.save()
    return row


def _within_bounds(number: str, now: datetime) -> None:
    rows = PhoneCode.objects.filter(number=number)
    for most, span, sentence in (
        (
            IN_AN_HOUR,
            timedelta(hours=1),
            _("Five codes went to this telephone within an hour: wait an hour."),
        ),
        (IN_A_DAY, KEPT, _("Fifteen codes went to this telephone today: wait until tomorrow.")),
    ):
        sent = rows.filter(asked_at__gte=now - span).aggregate(many=Sum("sends"))["many"] or 0
        if sent >= most:
            raise TooMany(sentence)


def latest(contact: Contact, sitting: Sitting) -> PhoneCode | None:
    """The code that this sitting asked for last and can still use."""
    return _alive(contact, sitting).order_by("-asked_at").first()


def _alive(contact: Contact, sitting: Sitting) -> QuerySet[PhoneCode]:
    """Of this number alone: where another was given meanwhile, or none, nothing is right."""
    return PhoneCode.objects.filter(
        contact=contact, sitting=sitting, number=contact.phone or "-", used_at=None,
        expires_at__gt=timezone.now(), guesses__lt=MOST_GUESSES,
    )  # fmt: skip


def use(contact: Contact, sitting: Sitting, pk: str, text: str) -> bool:
    """Whether this is the code; it is used up then, and of any number of uses one succeeds. A guess counts before it
    is looked at."""
    typed = "".join(one for one in text if one.isdecimal())
    rows = _alive(contact, sitting).filter(pk=pk, called=True)
    row = rows.first()
    if row is None or not rows.update(guesses=F("guesses") + 1):
        return False
    if not hmac.compare_digest(codes.digits(row).encode(), typed.encode()):
        return False
    return bool(PhoneCode.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()))


def forget_old() -> int:
    """Codes of the day before, of every PEN."""
    with outside_scope(reason="codes by telephone that are over, of every PEN"):
        return PhoneCode.objects.filter(asked_at__lt=timezone.now() - KEPT).delete()[0]
