"""A trial begins: what was typed is kept, a code goes to the address, and when it comes back the stamped mail leaves.

Until then nothing of what was typed is sent anywhere (contract/trial.md §2).
"""

from __future__ import annotations

import hmac
import secrets
import uuid
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone, translation

from stationer.portal.access import signing_up
from stationer.portal.partners import hosts
from stationer.portal.partners.labels import OWN, host_of
from stationer.portal.trial import keeping, letters, limits
from stationer.portal.trial.making import Wish
from stationer.portal.trial.models import Asked, Judged, Trial
from stationer.watch.log import Voice

#: Letters and digits that nobody takes for one another, and that make no words.
LETTERS = "BCDFGHJKLMNPQRSTVWXZ23456789"
LONG = 8
CODE_LIFE, MOST_ATTEMPTS = timedelta(minutes=15), 5
#: What was typed is forgotten: without a code that came back, and with one (a day after the link is over).
UNPROVEN_KEPT, KEPT = timedelta(hours=1), timedelta(days=8)
say = Voice("trial")


def offered(request: HttpRequest) -> bool:
    """Whether whoever asks may try it here (contract/trial.md §1)."""
    label = getattr(request, "label", None)
    return bool(settings.PORTAL.trial) and signing_up.may(request) and not getattr(label, "company", "")


def invited(request: HttpRequest) -> str:
    """The one address that may try it, where it takes an invitation."""
    return "" if signing_up.is_open() else str(request.session.get(signing_up.INVITED, "")).lower()


def begin(wish: Wish, request: HttpRequest, house: str) -> Trial:
    """Keep the wish and send the code. Raises limits.Full, and then nothing is kept."""
    asked = (Asked.Kind.CODE, wish.address, request.META.get("REMOTE_ADDR", ""))
    limits.look(*asked)
    code = "".join(secrets.choice(LETTERS) for _ in range(LONG))
    row = row_of(wish, host_of(request))
    row.code = sealed(row.pk, code)
    mail = letters.with_code(wish.address, f"{code[:4]}-{code[4:]}", house)
    with transaction.atomic():
        limits.spend(*asked)
        row.save(force_insert=True)
        letters.post(mail, wish.address)
    say.info("trial-begun", trial=row.pk.hex)
    return row


def row_of(wish: Wish, host: str) -> Trial:
    """The wish as a row that is not saved yet."""
    return Trial(
        address=wish.address,
        company=wish.company,
        person=wish.person,
        website=wish.website,
        colour=wish.colour,
        starter=wish.starter,
        headline=wish.headline,
        logo=wish.logo,
        language=translation.get_language() or settings.LANGUAGE_CODE,
        host=host,
    )


def wish_of(row: Trial) -> Wish:
    """What somebody wants to see."""
    return Wish(
        row.address, row.company, row.person, row.website, row.colour, row.starter, row.headline, bytes(row.logo)
    )  # fmt: skip


def sealed(trial: uuid.UUID, code: str) -> str:
    """What is kept in a code's place."""
    return hmac.digest(
        settings.SECRET_KEY.encode(), f"trial-code:{trial.hex}:{code}".encode(), "sha256"
    ).hex()


def said(text: str) -> str:
    """A code as it was sent, from what was typed."""
    return "".join(c for c in text.upper() if c in LETTERS)


def waits(row: Trial) -> bool:
    """Whether a code can still be typed."""
    fresh = row.created_at > timezone.now() - CODE_LIFE
    return row.proven_at is None and fresh and row.attempts < MOST_ATTEMPTS


def prove(row: Trial, text: str, house: str) -> bool:
    """Whether this is the code; the stamped mail is on its way then. Raises limits.Full, making.Unfit.

    An attempt counts before it is looked at, so that many at once have no more of them."""
    counted = Trial.objects.filter(pk=row.pk, proven_at=None, attempts__lt=MOST_ATTEMPTS)
    if not waits(row) or not counted.update(attempts=F("attempts") + 1):
        return False
    if not hmac.compare_digest(row.code, sealed(row.pk, said(text))):
        return False
    limits.look(Asked.Kind.STAMPED, row.address)
    wish = wish_of(row)
    mail = letters.stamped(wish, target_of(wish, row.host), keeping.url_of(row), house)
    with transaction.atomic():
        if not Trial.objects.filter(pk=row.pk, proven_at=None).update(proven_at=timezone.now(), code=""):
            return False
        limits.used(row.address)
        limits.spend(Asked.Kind.STAMPED, row.address)
        row.outgoing = letters.post(mail, row.address)
        row.save(update_fields=["outgoing"])
    say.info("trial-stamped", trial=row.pk.hex)
    return True


def target_of(wish: Wish, host: str) -> str:
    """Where the campaign's links lead: their website, else the trial's own page."""
    return wish.own_website or f"{hosts.written(host) if host else settings.PUBLIC_URL}{reverse('trial')}"


def house_at(host: str) -> str:
    """What the portal is called at a host."""
    label = hosts.at(host) if host else None
    return label.house if label and label.house else OWN


def forget_old() -> int:
    """What was typed and is over, and what is known of mails that nobody counts any more."""
    now = timezone.now()
    over = Q(proven_at=None, created_at__lt=now - UNPROVEN_KEPT) | Q(created_at__lt=now - KEPT)
    gone = Trial.objects.filter(over).delete()[0]
    gone += Asked.objects.filter(at__lt=now - limits.KEEP).delete()[0]
    return gone + Judged.objects.filter(at__lt=now - limits.KEEP).delete()[0]
