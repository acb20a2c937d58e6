"""Which vote counts: the last that a person made, by click or on the page (contract/surveys.md §4).

What is thought of a hit may change, so a mail's vote is made anew from all its hits whenever one of them was looked
at; what is the same stays, and nobody is told of it twice.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unicodedata import category

from django.db import transaction
from django.utils import timezone

from stationer import links
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.statistics.addressing import known, pieces
from stationer.portal.statistics.models import Hit, Mail, Shown
from stationer.portal.statistics.privacy import outs
from stationer.portal.surveys.models import LONGEST, Question, Vote
from stationer.portal.surveys.signals import voted

#: The pick, the copy, and the content by the first 6 bytes of its digest in hex.
Key = tuple[uuid.UUID, int, str]
FIELDS = ("campaign", "of", "sent_at", "value", "at", "clicked", "clicked_at", "due_at")
#: A vote whose mail is not told within so long is told to nobody.
WAITS = timedelta(days=1)
AFTER = timedelta(microseconds=1)
#: Are no signs to see, and writing needs them: zero width non-joiner and joiner (Unicode 16.0 §23.2).
JOINERS = "\u200c\u200d"


def hear(hits: Sequence[Hit], **_: Any) -> None:
    """The listener of `statistics.signals.weighed`; in a PEN that follows nobody now, nothing more is made."""
    keys = {key for hit in hits if links.vote_of(hit.target) and (key := _key(hit)) is not None}
    if keys and outs.here().management().tracking != "off":
        count(keys)


def _key(hit: Hit) -> Key | None:
    return (hit.pick, hit.copy, hit.content) if hit.pick is not None else None


def count(keys: Iterable[Key]) -> None:
    """Say anew what these mails' hits come to, in the running transaction; the PEN's scope is open. What was said to a
    mail whose readers object by now stays as it is."""
    wanted = set(keys)
    mails = known((pick, copy) for pick, copy, _ in wanted)
    wanted -= {key for key in wanted if (mail := mails.get(key[:2])) is not None and mail.quiet}
    new = {row.pk: row for row in (_new(key, hit) for key, hit in _last_clicks(wanted).items())}
    Vote.objects.bulk_create(new.values(), ignore_conflicts=True)  # those that are there stay as they are
    rows = _locked(wanted)
    clicked = _last_clicks(wanted)  # another worker may have settled one before the rows were locked
    changed, gone = [], []
    for row in rows:
        before = None if row.pk in new else row.value
        hit = clicked.get(_key_of(row))
        said = links.vote_of(hit.target) if hit is not None else None
        row.clicked, row.clicked_at = (said.value, hit.at) if said and hit else (None, None)
        if not row.settle():
            gone.append(row.pk)
        elif row.value != before or row.of is None:
            changed.append(row)
    for some in pieces(gone):
        Vote.objects.filter(pk__in=some).delete()
    tell(changed, mails)
    Vote.objects.bulk_update(changed, FIELDS, batch_size=100)


def _key_of(row: Vote) -> Key:
    assert row.pick is not None  # it was asked for by it
    return (row.pick, row.copy, row.content)


def _last_clicks(keys: set[Key]) -> dict[Key, Hit]:
    """The last settled hit of a person on an answer, by mail; not on one of a scale that the content does not ask."""
    found: dict[Key, Hit] = {}
    asked = dict(
        Question.objects.filter(content__in={key[2] for key in keys}).values_list("content", "scale")
    )
    for some in pieces(sorted({pick for pick, _, _ in keys})):
        rows = Hit.objects.filter(pick__in=some, human=True).exclude(settled_at=None)
        for row in rows.order_by("at", "id").only("pick", "copy", "content", "target", "at", "pen_id"):
            key, said = _key(row), links.vote_of(row.target)
            if key is not None and key in keys and said and asked.get(row.content, said.scale) == said.scale:
                found[key] = row
    return found


def _new(key: Key, hit: Hit) -> Vote:
    said = links.vote_of(hit.target)
    assert said is not None  # it was looked for
    pick, copy, content = key
    return Vote(
        pick=pick, copy=copy, content=content, sent_at=moment_of(pick), scale=said.scale, value=said.value, at=hit.at
    )  # fmt: skip


def moment_of(pick: uuid.UUID) -> datetime:
    """When a mail was picked: the first 48 bits of a UUIDv7 (RFC 9562 §5.7)."""
    return datetime.fromtimestamp((pick.int >> 80) / 1000, UTC)


def _locked(keys: set[Key]) -> list[Vote]:
    found: list[Vote] = []
    for some in pieces(sorted({pick for pick, _, _ in keys})):
        found += Vote.objects.select_for_update().filter(pick__in=some).order_by("pk")
    return [row for row in found if (row.pick, row.copy, row.content) in keys]


def tell(rows: Sequence[Vote], mails: Mapping[tuple[uuid.UUID, int], Mail]) -> None:
    """Put these together with what asked, and make them known; those whose mail is not known wait for it. The rows are
    written by whoever calls."""
    offered = _offered(mails.values())
    told = []
    for row in rows:
        mail = mails.get((row.pick, row.copy)) if row.pick else None
        row.due_at = timezone.now() if mail is None else None
        if mail is not None:
            row.sent_at = mail.at
            if shown := offered.get((mail.pk, row.content)):
                row.campaign, row.of = shown.campaign, shown.of
            told.append(row)
    if told:
        voted.send(sender=Vote, votes=told)


def _offered(mails: Iterable[Mail]) -> dict[tuple[uuid.UUID, str], Shown]:
    found: dict[tuple[uuid.UUID, str], Shown] = {}
    for some in pieces([mail.pk for mail in mails]):
        for row in Shown.objects.filter(mail_id__in=some, held=False):
            if (row.mail_id, row.content) not in found or row.used:
                found[row.mail_id, row.content] = row
    return found


def choose(key: Key, said: links.Voted, comment: str) -> bool:
    """What somebody says on the page, in the PEN in scope. Returns whether it is kept: not of a mail whose readers
    are not followed."""
    pick, copy, content = key
    now = timezone.now()
    with transaction.atomic():
        mails = known([(pick, copy)])
        mail = mails.get((pick, copy))
        if mail is not None and mail.quiet:
            return False
        blank = {"sent_at": moment_of(pick), "scale": said.scale, "at": now}
        row, new = Vote.objects.select_for_update().get_or_create(
            pick=pick, copy=copy, content=content, defaults=blank
        )
        before = None if new else (row.value, row.comment)
        # an edge's clock may be ahead of ours; what the page says now is said after the press
        row.chosen_at = now if row.clicked_at is None else max(now, row.clicked_at + AFTER)
        row.chosen = said.value
        row.settle()
        if text := clean(comment):
            row.comment, row.commented_at = text, now
        if (row.value, row.comment) != before:
            tell([row], mails)
        row.save()
    return True


def clean(comment: str) -> str:
    """A comment as it is kept: its lines, without characters that nobody sees; every blank is a blank."""
    lines = comment.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept = ("".join(map(_shown, line)).rstrip() for line in lines)
    return "\n".join(kept).strip()[:LONGEST]


def _shown(sign: str) -> str:
    if sign == "\t" or category(sign) == "Zs":
        return " "
    return sign if sign.isprintable() or sign in JOINERS else ""


def turn() -> int:
    """A worker's part: votes that waited for their mail. Returns how many were made known."""
    with outside_scope(reason="which PENs' votes wait for their mails"):
        waiting = Vote.objects.exclude(due_at=None).order_by()
        pens = list(waiting.values_list("pen_id", flat=True).distinct())
    done = 0
    for pen_id in pens:
        with pen_scope(pen_id), transaction.atomic():
            done += _join(timezone.now())
    return done


def _join(now: datetime) -> int:
    rows = list(
        Vote.objects.select_for_update().exclude(due_at=None).exclude(pick=None).order_by("due_at")[:500]
    )
    if outs.here().management().tracking == "off":
        Vote.objects.filter(pk__in=[row.pk for row in rows]).delete()
        return 0
    mails = known((row.pick, row.copy) for row in rows if row.pick is not None)
    there = [row for row in rows if row.pick is not None and (row.pick, row.copy) in mails]
    quiet = {row.pk for row in there if row.pick is not None and mails[row.pick, row.copy].quiet}
    Vote.objects.filter(pk__in=quiet).delete()
    there = [row for row in there if row.pk not in quiet]
    tell(there, mails)
    Vote.objects.bulk_update(there, ["campaign", "of", "sent_at", "due_at"], batch_size=100)
    Vote.objects.filter(due_at__lt=now - WAITS).update(due_at=None)
    return len(there)
