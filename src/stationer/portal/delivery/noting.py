"""What became of a mail that was handed over, kept: for each recipient its state, code, words, and when it is due."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from stationer.bounces import kind_of
from stationer.portal.delivery import destinations
from stationer.portal.delivery.models import Outgoing, Recipient, Suppression
from stationer.portal.delivery.relay import Fate, Outcome
from stationer.portal.delivery.suppressing import suppress
from stationer.watch.log import Voice, person

#: RFC 5321 §4.5.4.1 asks for four to five days; a code is of no use after one.
LIFE, LIFE_OF_CODES = timedelta(days=5), timedelta(days=1)
EVENTS = {Fate.SENT: "mail-sent", Fate.LATER: "mail-deferred", Fate.NEVER: "mail-failed"}
say = Voice("delivery")


class Dealt(NamedTuple):
    """A mail, those it was handed over for, and what became of each."""

    mail: Outgoing
    rows: list[Recipient]
    fates: dict[str, Outcome]

    @property
    def away(self) -> bool:
        """Whether the relay was not there."""
        return any(one.relay for one in self.fates.values())


def note(dealt: Dealt) -> None:
    """Keep it; of those whose lease was taken over, nothing."""
    now = timezone.now()
    rests = destinations.refused(destinations.RELAY, _first(dealt), now) if dealt.away else None
    for row in dealt.rows:
        _note(dealt.mail, row, dealt.fates[row.address], now, rests)
    blank(dealt.mail)


def _first(dealt: Dealt) -> str:
    return next(iter(dealt.fates.values())).reason


def _note(mail: Outgoing, row: Recipient, outcome: Outcome, now: datetime, rests: datetime | None) -> None:
    fate, status, reason = outcome.fate, outcome.status, outcome.reason
    if fate is Fate.LATER and now - mail.created_at > (LIFE_OF_CODES if mail.secret else LIFE):
        fate, status, reason = Fate.NEVER, "4.4.7", f"tried too long; at last: {reason}"
    fields: dict[str, Any] = {
        "attempts": row.attempts + 1, "reason": reason[:1000], "status": status,
        "lease": None, "leased_until": None, "holder": None, "begun_at": None, "twice": row.twice or outcome.unsure,
    }  # fmt: skip
    if fate is Fate.LATER:
        if rests is None:
            rests = destinations.refused(row.domain, reason, now)
        fields["due_at"] = max(now + destinations.wait_after(row.attempts + 1), rests or now)
        if outcome.relay:
            fields["due_at"] = rests
    else:
        destinations.took(row.domain)
        state = Recipient.State.SENT if fate is Fate.SENT else Recipient.State.FAILED
        fields |= {"state": state, "done_at": now}
    kept = Recipient.objects.filter(pk=row.pk, lease=row.lease, state=Recipient.State.WAITING).update(
        **fields
    )
    if kept and fate is Fate.NEVER and kind_of(status, reason) == "hard":
        suppress(mail.pen_id, row.address, Suppression.Reason.HARD, status, reason)
    tell = say.info if fate is Fate.SENT else say.warning
    tell(
        EVENTS[fate], outgoing=str(mail.pk), to=person(row.address), attempts=row.attempts + 1, status=status
    )


def dropped(row: Recipient, why: Suppression) -> None:
    """It is not tried: the address is suppressed."""
    reason = f"{why.get_why_display()}: {why.said}"[:1000]
    fields: dict[str, Any] = {
        "state": Recipient.State.SUPPRESSED, "status": why.status, "reason": reason, "done_at": timezone.now(),
        "lease": None, "leased_until": None, "holder": None,
    }  # fmt: skip
    Recipient.objects.filter(pk=row.pk, lease=row.lease).update(**fields)
    say.info("mail-suppressed", outgoing=str(row.outgoing_id), to=person(row.address), why=why.why)


def blank(mail: Outgoing) -> None:
    """Keep no octet of a secret mail that has nobody left to go to."""
    if mail.secret and not mail.recipients.filter(state__in=Recipient.KEPT).exists():
        Outgoing.objects.filter(pk=mail.pk).update(mail=b"")
