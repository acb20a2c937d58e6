"""A report that came back is noted with the mail that it is of (contract/delivery.md §4).

Believed is the token of the Return-Path, which nobody else can make; never an address that a report names.
"""

from __future__ import annotations

from typing import Literal

from django.db import transaction
from django.utils import timezone

from stationer import bounces
from stationer.portal.delivery.models import Recipient, Suppression
from stationer.portal.delivery.returning import recipient_of
from stationer.portal.delivery.suppressing import suppress
from stationer.watch.log import Voice, person

Heard = Literal["bounced", "complained", "nothing"]
say = Voice("delivery")


def hear(to: str, data: bytes) -> Heard:
    """Note what the mail that came to this address reports; `nothing`: it is no report, or of no mail that is known."""
    report = bounces.read(data)
    found = (recipient_of(to) or recipient_of(report.sender)) if report else None
    if report is None or found is None:
        say.info("report-unread", octets=len(data))
        return "nothing"
    with transaction.atomic():
        rows = Recipient.objects.select_related("outgoing").defer("outgoing__mail")
        row = rows.select_for_update(of=("self",)).filter(pk=found).first()
        if row is None:
            say.info("report-unread", octets=len(data))
            return "nothing"
        return _complained(row) if report.what == "complaint" else _bounced(row, report)


def _complained(row: Recipient) -> Heard:
    suppress(row.outgoing.pen_id, row.address, Suppression.Reason.COMPLAINT)
    say.warning("mail-complained", outgoing=str(row.outgoing_id), to=person(row.address))
    return "complained"


def _bounced(row: Recipient, report: bounces.Report) -> Heard:
    """A failure of ours: by its address, or where the report names one alone (it may have been forwarded to that)."""
    named = [one for one in report.recipients if one.address.lower() == row.address.lower()]
    alone = report.recipients if len(report.recipients) == 1 else ()
    failed = [one for one in (named or alone) if one.action == "failed"]
    if not failed or row.state != Recipient.State.SENT:
        return "nothing"
    one = failed[0]
    row.state, row.status, row.reason = Recipient.State.BOUNCED, one.status, one.said
    row.done_at = timezone.now()
    row.save(update_fields=["state", "status", "reason", "done_at"])
    if one.kind == "hard":
        suppress(row.outgoing.pen_id, row.address, Suppression.Reason.HARD, one.status, one.said)
    say.warning("mail-bounced", outgoing=str(row.outgoing_id), to=person(row.address), status=one.status)
    return "bounced"
