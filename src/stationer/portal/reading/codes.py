"""Codes by mail: digits that belong to the browser that asked (contract/reading.md §2).

An address that may read and one that may not are treated alike, statement by statement: the mail is made and queued for
both, and for the one that may not the queueing is taken back before anybody could see it. What was done for a letter is
never looked at for another: what differs then would tell who may read which.

Mails and guesses are counted by address over all browsers, in the rows themselves. Too many of them only slow: mails
leave one after another, and codes get longer.
"""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet, Sum
from django.utils import timezone

from stationer.portal.delivery.models import Recipient
from stationer.portal.delivery.sending import send
from stationer.portal.delivery.writing import own_address
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope
from stationer.portal.reading import mailing
from stationer.portal.reading.door import plain
from stationer.portal.reading.models import Code
from stationer.portal.vault.models import SecureMessage
from stationer.watch.log import Voice

LETTERS = "BCDFGHJKLMNPQRSTVWXZ"
#: Figures of a code, and of one for an address that was guessed for too often.
SHORT, LONG = 8, 12
LIFE, AGAIN = timedelta(minutes=10), timedelta(seconds=20)
KEPT, KEPT_GUESSED = timedelta(hours=1), timedelta(days=1)
MOST_GUESSES = 5
#: Wrong guesses for one address in a day, beyond which short codes count no more and long ones are sent.
MOST_WRONG = 50
#: Mails to one address in an hour that leave at once; beyond, and far beyond, each leaves so much after the last.
AT_ONCE, LATER = 60, timedelta(seconds=2)
FAR_BEYOND, MUCH_LATER = 500, timedelta(minutes=1)
#: Whoever asks waits no longer than this, however many others asked for their address.
LONGEST = timedelta(minutes=5)
say = Voice("reading")


def digits(row: Code) -> str:
    """The code of a row."""
    return str(int.from_bytes(_made(row, "code"), "big") % 10**row.figures).zfill(row.figures)


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
    row = _again(door, asked, message, address) or _new(door, asked, message, now)
    fresh = not row._state.adding and now - row.mailed_at < AGAIN
    row.asked_at, row.address, row.offered = now, row.address or address, offered
    if not fresh:
        row.mailed_at, row.mails, leaves = now, row.mails + 1, _leaves(row.to, now)
        row.leaves_at = leaves
        row.counts_at, row.expires_at = row.counts_at or leaves, row.expires_at or leaves + LIFE
    with transaction.atomic():
        row.save()
        if not fresh:
            _post(pen, message, row, house, wanted=bool(address))
    say.info("reader-code", message=message.pk.hex)
    return row


def _new(door: str, asked: str, message: SecureMessage, now: datetime) -> Code:
    to = plain(asked)
    figures = LONG if _guessed_for(to, now) else SHORT
    return Code(door=door, asked=asked, letter=message.pk, to=to, figures=figures)


def _leaves(to: str, now: datetime) -> datetime:
    """When the next mail to this address may leave."""
    hour = Code.objects.filter(to=to, mailed_at__gte=now - timedelta(hours=1))
    said = hour.aggregate(many=Sum("mails"), last=Max("leaves_at"))
    many: int = said["many"] or 0
    last: datetime | None = said["last"]
    if many < AT_ONCE:
        return now
    step = MUCH_LATER if many >= FAR_BEYOND else LATER
    return min(max(now, last or now) + step, now + LONGEST)


def _guessed_for(to: str, now: datetime) -> bool:
    """Whether there were too many wrong guesses for this address in a day, of all browsers, for a short code."""
    day = Code.objects.filter(to=to, asked_at__gte=now - timedelta(days=1))
    said = day.aggregate(guesses=Sum("guesses"), right=Count("used_at"))
    return int(said["guesses"] or 0) - int(said["right"]) >= MOST_WRONG


def latest(door: str) -> Code | None:
    """The code that this browser asked for last and can still use."""
    row = _alive(door).order_by("-asked_at").first() if door else None
    return row if row is not None and _long_enough(row) else None


def of_door(door: str, pk: str) -> Code | None:
    """A code that this browser asked for, whether it can still be used or not."""
    return Code.objects.filter(door=door, pk=pk).first() if door else None


def _again(door: str, asked: str, message: SecureMessage, address: str) -> Code | None:
    """The code that is sent again: of this letter, and never one that went to another address of the same spelling."""
    rows = _alive(door).filter(asked=asked, letter=message.pk)
    row = (rows.filter(address__in=["", address]) if address else rows).order_by("-asked_at").first()
    return row if row is not None and _long_enough(row) else None


def _long_enough(row: Code) -> bool:
    return row.figures >= LONG or not _guessed_for(row.to, timezone.now())


def _alive(door: str) -> QuerySet[Code]:
    now = timezone.now()
    return Code.objects.filter(door=door, used_at=None, expires_at__gt=now, guesses__lt=MOST_GUESSES)


def _post(pen: Pen, message: SecureMessage, row: Code, house: str, *, wanted: bool) -> None:
    """The mail is queued; where nobody may read, it is queued and taken back."""
    to = row.address or row.asked
    mail = mailing.with_code(pen, message, to, digits(row), reference(row), house)
    point = transaction.savepoint()
    queued = send(mail, sender=own_address(), recipients=[to], secret=True)
    Recipient.objects.filter(outgoing=queued).update(due_at=row.leaves_at)
    if wanted:
        transaction.savepoint_commit(point)
    else:
        transaction.savepoint_rollback(point)


def use(door: str, pk: str, text: str) -> Code | None:
    """The code's row when this is the code of this browser: it is used up then. Of any number of uses one succeeds.

    A guess counts before it is looked at, so that many at once have no more of them. No code is right before the mail
    that brings it may leave."""
    typed = "".join(one for one in text if one.isdecimal())
    rows = _alive(door).filter(pk=pk)
    row = rows.first()
    if row is None or not rows.update(guesses=F("guesses") + 1):
        return None
    right = hmac.compare_digest(digits(row).encode(), typed.encode()) and _counts(row)
    if not right or not row.address:
        return None
    return row if Code.objects.filter(pk=row.pk, used_at=None).update(used_at=timezone.now()) else None


def _counts(row: Code) -> bool:
    """Whether its mail may have left, and it is long enough after all the guesses before this one."""
    now = timezone.now()
    return bool(row.counts_at and row.counts_at <= now) and _long_enough(row)


def forget_old() -> int:
    """Codes that are over, of every PEN; those that were guessed at count for a day."""
    now = timezone.now()
    over = Q(guesses=0, expires_at__lt=now - KEPT) | Q(expires_at__lt=now - KEPT_GUESSED)
    with outside_scope(reason="codes of readers that are over, of every PEN"):
        return Code.objects.filter(over).delete()[0]
