"""What becomes of votes in time: comments first, then the mail that they name, then what was answered (surveys.md §6).

A vote without its mail is a number of a day: it counts in figures and leads back to nobody.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils import timezone

from stationer.pick.addresses import naming
from stationer.portal.content.models import Message, Template
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.addressing import pieces
from stationer.portal.statistics.forgetting import months_before
from stationer.portal.statistics.models import Keeping, Mail, Masking
from stationer.portal.statistics.rolling import clock
from stationer.portal.surveys.models import Question, Vote

AT_ONCE = 1_000
#: Stands in a comment in the place of an address that is forgotten.
GONE = "…"
_NOBODY: dict[str, Any] = {"pick": None, "comment": "", "commented_at": None, "due_at": None}


def erase(address: str, mails: Sequence[uuid.UUID] = (), **_: Any) -> None:
    """The listener of `statistics.signals.erased`: of mails to them alone nobody is left, of mails to several no
    comment, for it may have been theirs; and what others wrote names them no more."""
    for some in pieces(list(mails)):
        theirs = _said_to(Mail.objects.filter(pk__in=some).values_list("pick", "copy"))
        Vote.objects.filter(pk__in=theirs).update(comment="", commented_at=None)
    _of_nobody()
    named = naming(address)
    rows = list(Vote.objects.filter(comment__icontains=address).only("pk", "comment", "pen_id"))
    for row in rows:
        row.comment = named.sub(GONE, row.comment)
    Vote.objects.bulk_update(rows, ["comment"], batch_size=200)


def hush(mails: Sequence[Mail], **_: Any) -> None:
    """The listener of `statistics.signals.quieted`: nothing was to be kept of what was said to these mails."""
    for some in pieces(mails):
        Vote.objects.filter(pk__in=_said_to((mail.pick, mail.copy) for mail in some)).delete()


def _said_to(copies: Iterable[tuple[uuid.UUID, int]]) -> list[uuid.UUID]:
    """The votes on these copies."""
    wanted = set(copies)
    rows = Vote.objects.filter(pick__in={pick for pick, _ in wanted})
    return [pk for pk, *key in rows.values_list("pk", "pick", "copy") if tuple(key) in wanted]


def _of_nobody() -> None:
    """Votes on mails that went to nobody but who was forgotten, or whose mail was told after that. Whoever objected
    keeps what they said before: it is not followed any further, and it is not forgotten."""
    quiet = Mail.objects.filter(pick=OuterRef("pick"), copy=OuterRef("copy"), quiet=True, addressees=None)
    _cut(Vote.objects.exclude(pick=None).filter(Exists(quiet)))


def _cut(rows: QuerySet[Vote]) -> None:
    for some in pieces(list(rows.values_list("pk", flat=True))):
        Vote.objects.filter(pk__in=some).update(**_NOBODY)


def forget_old() -> None:
    """Once an hour, in every PEN."""
    now = timezone.now()
    for pen in Pen.objects.all():
        with pen_scope(pen):
            if Vote.objects.exists():
                forget(pen, now)


def forget(pen: Pen, now: datetime) -> None:
    """What this PEN, in scope, keeps no longer of votes."""
    kept = Keeping.objects.first() or Keeping()
    masking = Masking.objects.filter(days__gt=0).first()
    if masking is not None:
        old = Vote.objects.filter(sent_at__lt=now - timedelta(days=masking.days)).exclude(comment="")
        old.update(comment="", commented_at=None)
    _cut(Vote.objects.filter(sent_at__lt=named_since(pen, now, kept)).exclude(pick=None))
    _of_nobody()
    first = clock.begins(months_before(clock.day_of(now, pen.zone), kept.figure_months), pen.zone)
    Vote.objects.filter(sent_at__lt=first).delete()
    asked, pk = Vote.objects.filter(of=OuterRef("of")), OuterRef("of")
    standing = Exists(Message.objects.filter(pk=pk)) | Exists(Template.objects.filter(pk=pk))
    Question.objects.filter(asked_at__lt=first).exclude(Exists(asked)).exclude(standing).delete()


def named_since(pen: Pen, now: datetime, kept: Keeping | None = None) -> datetime:
    """Votes on mails of before name them no more; the PEN is in scope."""
    kept = kept or Keeping.objects.first() or Keeping()
    return clock.begins(clock.day_of(now, pen.zone) - timedelta(days=kept.raw_days), pen.zone)
