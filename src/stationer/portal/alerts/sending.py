"""Due alerts → mails in the queue. That an alert is told and that its mail waits in the queue is one transaction.

So it is told once: a worker that is killed has written both or neither, and of two workers one waits for the other's
rows and finds them done. What cannot be told now is tried again, ever later, and after a day it is given up.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation

from stationer.portal.alerts import mailing, wanting
from stationer.portal.alerts.models import AlertPreference, AlertRule, Due
from stationer.portal.alerts.telling import Visit, visits
from stationer.portal.delivery.sending import Unsendable, send
from stationer.portal.hooks import events
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.watch.log import Voice, person

FIRST_WAIT, LONGEST_WAIT, MOST_ATTEMPTS = timedelta(seconds=30), timedelta(hours=4), 12
#: Alerts that one digest tells.
MOST_IN_DIGEST = 500
KEEP = timedelta(days=90)

say = Voice("alerts")


def turn() -> int:
    """Tell whoever has waited longest. Returns how many alerts were dealt with; 0: nothing is due."""
    now = timezone.now()
    with outside_scope(reason="which PENs' alerts are due"):
        waiting = Due.objects.filter(state=Due.State.WAITING, due_at__lte=now)
        first = waiting.order_by("due_at", "id").select_related("pen").first()
    if first is None:
        return 0
    with pen_scope(first.pen_id):
        try:
            with transaction.atomic():
                return tell(first.pen, first, now)
        except Exception as error:
            say.fault("fault", alert=str(first.pk))
            later(first, error)
            return 1


def tell(pen: Pen, first: Due, now: datetime) -> int:
    """One mail: that alert, or of a digest all that is due to the same address."""
    rows = Due.objects.select_for_update(of=("self",)).filter(state=Due.State.WAITING)
    if first.pace == AlertRule.Pace.DIGEST:
        rows = rows.filter(to=first.to, pace=first.pace, due_at__lte=now)
    else:
        rows = rows.filter(pk=first.pk)
    dues = list(rows.select_related("rule").order_by("last_at", "id")[:MOST_IN_DIGEST])
    wish = wanting.preference(first.to)
    wanted = [due for due in dues if _is_wanted(due, wish)]
    told: dict[uuid.UUID, Visit] = {}
    language = wanting.language_of(wish, wanting.terms())
    with translation.override(language), timezone.override(wanting.zone_of(wish, pen)):
        if wanted:
            told = visits(wanted)
            _send(pen, [due for due in wanted if due.pk in told], told)
    for due in dues:
        state = Due.State.DONE if due.pk in told else Due.State.DROPPED
        Due.objects.filter(pk=due.pk).update(state=state, done_at=now)
    return len(dues)


def _is_wanted(due: Due, wish: AlertPreference) -> bool:
    """Whether nobody has switched it off since it was raised."""
    digest = due.pace == AlertRule.Pace.DIGEST and wanting.DIGEST in wish.muted
    muted = digest or (due.rule is not None and due.rule.outside_id in wish.muted)
    return wish.how != AlertPreference.How.NONE and not muted


def _send(pen: Pen, dues: Sequence[Due], told: dict[uuid.UUID, Visit]) -> None:
    if not dues:
        return
    mail = mailing.mail_of(pen, dues[0].to, dues, [told[due.pk] for due in dues])
    send(mail, sender=settings.PORTAL.relay.sender, recipients=[dues[0].to], pen=pen)
    for due in dues:
        events.emit("alert", events.alert(due, told[due.pk]))
    say.info("alert-told", to=person(dues[0].to), alerts=len(dues))


def later(due: Due, error: Exception) -> None:
    """Try again after a while; what nobody can be sent is given up at once."""
    attempts = due.attempts + 1
    over = attempts >= MOST_ATTEMPTS or isinstance(error, Unsendable)
    wait = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    now = timezone.now()
    Due.objects.filter(pk=due.pk, state=Due.State.WAITING).update(
        attempts=attempts,
        due_at=now + wait,
        reason=f"{type(error).__name__}: {error}"[:300],
        state=Due.State.FAILED if over else Due.State.WAITING,
        done_at=now if over else None,
    )


def forget_old() -> int:
    """Delete alerts that were told three months ago. Returns how many rows went."""
    with outside_scope(reason="alerts that are over, of every PEN"):
        old = Due.objects.filter(last_at__lt=timezone.now() - KEEP)
        return old.exclude(state=Due.State.WAITING).delete()[0]
