"""What a contact knows: the secret that a member told them by another way, and a password of their own.

Both are kept as argon2id. Wrong ones only slow: after five in an hour a further secret is looked at a minute after the
last, and whoever set it is told; no password is right any more that hour, for a code does it as well.
"""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from typing import Literal

from django.contrib.auth.hashers import check_password, make_password
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.portal.delivery.sending import send
from stationer.portal.delivery.writing import own_address
from stationer.portal.people.models import Member, Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.reading import levels, mailing
from stationer.portal.reading.door import plain
from stationer.portal.reading.models import Contact
from stationer.portal.site.counting import tally

MOST_WRONG = 5
HOUR, WAIT = timedelta(hours=1), timedelta(minutes=1)
#: Passwords that are looked at for one address in an hour.
MOST_PASSWORDS = 10


def said(text: str) -> str:
    """A secret as it is compared: case, and what stands between its words, make no other one."""
    return " ".join(text.casefold().split())


def agree(address: str, text: str, member: Member) -> Contact:
    """A member sets the secret of a contact; nobody can read it again."""
    with transaction.atomic():
        row, _new = Contact.objects.get_or_create(address=address)
        row.secret, row.secret_at, row.secret_by = make_password(said(text)), timezone.now(), member
        row.wrong, row.wrong_at, row.level = 0, None, max(row.level, levels.MEANS)
        row.save()
    return row


def forget(row: Contact) -> None:
    """The secret counts no more; the passkeys do."""
    row.secret, row.secret_at, row.secret_by = "", None, None
    row.level = levels.MEANS if row.passkeys.filter(level__gte=levels.MEANS).exists() else levels.CODE
    row.save()


def shown(pen: Pen, address: str, text: str) -> Literal["right", "wrong", "wait"]:
    """Whether this is the secret of the address. An attempt counts before it is looked at."""
    now = timezone.now()
    rows = Contact.objects.filter(address=address).exclude(secret="")
    rows.filter(wrong_at__lt=now - HOUR).update(wrong=0)
    free = rows.filter(Q(wrong__lt=MOST_WRONG) | Q(wrong_at__lt=now - WAIT))
    if not free.update(wrong=F("wrong") + 1, wrong_at=now):
        return "wait" if rows.exists() else "wrong"
    row = rows.select_related("secret_by").first()
    if row is None or not check_password(said(text), row.secret):
        if row is not None and row.wrong == MOST_WRONG:
            _tell(pen, row)
        return "wrong"
    rows.update(wrong=0)
    return "right"


def _tell(pen: Pen, row: Contact) -> None:
    """Whoever set the secret hears that it is being guessed, or was forgotten."""
    if row.secret_by is None:
        return
    to = row.secret_by.address
    mail = mailing.headed(to, _("A shared secret was wrong five times"), pen.name)
    text = render_to_string("reading/guessed.txt", {"contact": row.address, "company": pen.name})
    mail.set_content(text.strip() + "\n")
    send(mail, sender=own_address(), recipients=[to], pen=pen)


def choose(address: str, password: str) -> None:
    """A contact's own password; an empty one takes it away."""
    Contact.objects.filter(address=address).update(password=make_password(password) if password else "")


def known(typed: str, meant: str, password: str) -> bool:
    """Whether this is the password of the address `meant`, which what was typed leads to here, if to any. The same work
    is done whether somebody has one or not, and however often it was tried; tries are counted by what was typed alone,
    since whom it leads to is nobody's to learn."""
    name = f"reader-passwords-{current_pen_id().hex}-{sha256(plain(typed).encode()).hexdigest()[:32]}"
    many = tally(name, 3600)
    row = Contact.objects.filter(address=meant or typed).exclude(password="").first()
    if row is None:
        make_password(password)
        return False
    return check_password(password, row.password) and bool(meant) and many <= MOST_PASSWORDS
