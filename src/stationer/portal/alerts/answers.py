"""Answers to surveys → due rows, in the transaction that made them: a vote is told with what was written to it.

An alert waits a minute, for a comment is written after the press; what comes while it waits is told with it, what comes
later begins another. Nobody is told of their own answers, nor of those of whoever does not want to be followed.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from stationer.portal.access.models import Membership
from stationer.portal.alerts import wanting
from stationer.portal.alerts.models import AlertRule, Due
from stationer.portal.people.models import Pen
from stationer.portal.statistics.addressing import known
from stationer.portal.statistics.models import Addressee, Mail
from stationer.portal.surveys.models import Vote
from stationer.wire.words import SCALES

#: So long an answer waits for its comment.
WRITES = timedelta(minutes=1)


def hear(votes: Sequence[Vote], **_: Any) -> None:
    """The listener of `surveys.signals.voted`."""
    rules = list(AlertRule.objects.filter(about=AlertRule.About.SURVEYS).exclude(pace=AlertRule.Pace.NEVER))
    if not rules:
        return
    mails = known((row.pick, row.copy) for row in votes if row.pick is not None)
    readers: dict[uuid.UUID, list[str]] = defaultdict(list)
    for pk, address in Addressee.objects.filter(mail__in=mails.values()).values_list("mail_id", "address"):
        readers[pk].append(address.lower())
    found: list[tuple[Vote, Mail, dict[str, AlertRule]]] = []
    for row in votes:
        mail = mails.get((row.pick, row.copy)) if row.pick is not None else None
        if mail is not None and not mail.quiet:
            found.append((row, mail, _wanted(row, mail, rules, readers)))
    _raise(found)


def is_about(rule: AlertRule, row: Vote) -> bool:
    """Whether a rule of surveys speaks of such an answer. Low is what lies no higher on its scale than `most` of
    5 stars do."""
    if rule.answer == AlertRule.Answer.COMMENT:
        return row.comment != ""
    if rule.answer == AlertRule.Answer.ANY:
        return True
    scale = SCALES[row.voted.scale]
    return 4 * (row.value - scale[0]) <= (rule.most - 1) * (scale[-1] - scale[0])


def _wanted(
    row: Vote, mail: Mail, rules: Sequence[AlertRule], readers: Mapping[uuid.UUID, Sequence[str]]
) -> dict[str, AlertRule]:
    """Who is to be told of this answer, each address once, the soonest way."""
    wanted: dict[str, AlertRule] = {}
    for rule in rules:
        if is_about(rule, row):
            for to in _whom(rule, mail, readers.get(mail.pk, ())):
                if to not in wanted or rule.pace == AlertRule.Pace.ONCE:
                    wanted[to] = rule
    return wanted


def _raise(found: Sequence[tuple[Vote, Mail, Mapping[str, AlertRule]]]) -> None:
    """Write what is due because of these answers."""
    everyone = {to for _, _, wanted in found for to in wanted}
    if not everyone:
        return
    wishes, held, now = wanting.preferences(everyone), wanting.terms(), timezone.now()
    pen = Pen.objects.get(pk=found[0][0].pen_id)
    for row, mail, wanted in found:
        for to, rule in wanted.items():
            pace = wanting.pace_for(wishes[to], rule, row)
            if pace != AlertRule.Pace.NEVER:
                at = wanting.due_at(pace, wishes[to], pen, held, now)
                _keep(row, mail, to, rule, pace, max(at, now + WRITES))


def _whom(rule: AlertRule, mail: Mail, readers: Sequence[str]) -> list[str]:
    if rule.whom == AlertRule.Whom.SENDER:
        found = [mail.sender.address] if mail.sender else []
    elif rule.whom == AlertRule.Whom.OWNER:
        owners = Membership.objects.filter(role=Membership.Role.OWNER)
        found = list(owners.values_list("member__address", flat=True))
    else:
        found = [rule.address]
    alone = readers[0] if len(readers) == 1 else ""
    return [one.lower() for one in found if one.lower() != alone]


def _keep(row: Vote, mail: Mail, to: str, rule: AlertRule, pace: str, at: datetime) -> None:
    """Join the alert of this vote that waits, or begin one."""
    key = f"vote:{row.pk}"
    last = Due.objects.select_for_update().filter(to=to, key=key).order_by("number").last()
    if last is not None and last.state == Due.State.WAITING:
        Due.objects.filter(pk=last.pk).update(last_at=max(last.last_at, row.at))
        return
    Due.objects.bulk_create(
        [
            Due(to=to, key=key, number=last.number + 1 if last else 1, pace=pace, rule=rule, mail_id=mail.pk,
                vote=row.pk, first_at=row.at, last_at=row.at, due_at=at)
        ],
        ignore_conflicts=True,
    )  # fmt: skip
