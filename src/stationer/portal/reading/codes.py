"""Codes by mail: 8 digits that belong to the browser that asked (contract/reading.md §2).

An address that may read and one that may not are treated alike, statement by statement: the mail is made and queued for
both, and for the one that may not the queueing is taken back before anybody could see it.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from stationer.portal.delivery.models import Recipient
from stationer.portal.delivery.sending import send
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.reading import mailing
from stationer.portal.reading.models import Code
from stationer.portal.site.counting import tally
from stationer.portal.vault.announcing import own_address
from stationer.portal.vault.models import SecureMessage
from stationer.watch.log import Voice

DIGITS, LETTERS = 8, "BCDFGHJKLMNPQRSTVWXZ"
LIFE, AGAIN, KEPT = timedelta(minutes=10), timedelta(seconds=20), timedelta(hours=1)
MOST_GUESSES = 5
#: Mails to one address in an hour that leave at once; beyond, and far beyond, each leaves so much later.
AT_ONCE, LATER = 20, timedelta(seconds=5)
FAR_BEYOND, MUCH_LATER = 500, timedelta(minutes=1)
say = Voice("reading")


def digits(row: Code) -> str:
    """The code of a row."""
    return str(int.from_bytes(_made(row, "code"), "big") % 10**DIGITS).zfill(DIGITS)


def reference(row: Code) -> str:
    """Four letters that stand in the mail and on the page."""
    number, found = int.from_bytes(_made(row, "reference"), "big"), ""
    for _ in range(4):
        number, one = divmod(number, len(LETTERS))
        found += LETTERS[one]
    return found


def _made(row: Code, what: str) -> bytes:
    said = f"reader-{what}:{row.pk.hex}:".encode() + bytes(row.salt)
    return hmac.digest(settings.SECRET_KEY.encode(), said, "sha256")


def ask(
    pen: Pen, message: SecureMessage, *, door: str, asked: str, address: str, offered: bool, house: str
) -> Code:
    """A code for this browser: the one it has, sent again, or a new one. `address`: whom it is for, empty where nobody
    who may read was named; the same is done then, but no mail is left in the queue."""
    now = timezone.now()
    row = _again(door, asked, address) or Code(door=door, asked=asked, expires_at=now + LIFE)
    # what was asked for nobody a moment ago, at a letter of others, has sent nothing yet
    fresh = not row._state.adding and now - row.mailed_at < AGAIN and bool(row.address) >= bool(address)
    row.asked_at, row.address, row.offered = now, row.address or address, offered
    if not fresh:
        row.mailed_at = now
    with transaction.atomic():
        row.save()
        if not fresh:
            _post(pen, message, row, now, house, wanted=bool(address))
    say.info("reader-code", message=message.pk.hex)
    return row


def latest(door: str) -> Code | None:
    """The code that this browser asked for last and can still use."""
    return _alive(door).order_by("-asked_at").first() if door else None


def of_door(door: str, pk: str) -> Code | None:
    """A code that this browser asked for, whether it can still be used or not."""
    return Code.objects.filter(door=door, pk=pk).first() if door else None


def _again(door: str, asked: str, address: str) -> Code | None:
    """The code that is sent again: never one that went to another address of the same spelling."""
    rows = _alive(door).filter(asked=asked)
    return (rows.filter(address__in=["", address]) if address else rows).order_by("-asked_at").first()


def _alive(door: str) -> QuerySet[Code]:
    now = timezone.now()
    return Code.objects.filter(door=door, used_at=None, expires_at__gt=now, guesses__lt=MOST_GUESSES)


def _post(pen: Pen, message: SecureMessage, row: Code, now: datetime, house: str, *, wanted: bool) -> None:
    """The mail is queued; where nobody may read, it is queued and taken back."""
    to = row.address or row.asked
    mail = mailing.with_code(pen, message, to, digits(row), reference(row), house)
    many = tally(f"reader-mails-{sha256(to.encode()).hexdigest()[:32]}", 3600)
    later = MUCH_LATER if many > FAR_BEYOND else LATER if many > AT_ONCE else timedelta()
    point = transaction.savepoint()
    queued = send(mail, sender=own_address(), recipients=[to])
    if later:
        Recipient.objects.filter(outgoing=queued).update(due_at=now + later)
    if wanted:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)


def use(door: str, pk: str, text: str) -> Code | None:
    """The code's row when this is the code of this browser: it is used up then. Of any number of uses one succeeds.

    A guess counts before it is looked at, so that many at once have no more of them."""
    typed = "".join(one for one in text if one.isdecimal())
    rows = _alive(door).filter(pk=pk)
    row = rows.first()
    if row is None or not rows.update(guesses=F("guesses") + 1):
        return None
    right = hmac.compare_digest(digits(row).encode(), typed.encode())
    if not right or not row.address:
        return None
    return row if Code.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()) else None


def forget_old() -> int:
    """Codes that are over, of every PEN."""
    with outside_scope(reason="codes of readers that are over, of every PEN"):
        return Code.objects.filter(expires_at__lt=timezone.now() - KEPT).delete()[0]
