"""Hits as edges told them: a row for each, joined to its mail or to the sender's link as soon as that is known."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from stationer.portal.people.models import Pen
from stationer.portal.statistics import judging
from stationer.portal.statistics.addressing import Key, known, pieces
from stationer.portal.statistics.models import Hit, Link, Mail, Shown, id_at, moment
from stationer.portal.statistics.privacy import masking
from stationer.portal.statistics.privacy.outs import are_out
from stationer.portal.statistics.signals import arrived
from stationer.portal.statistics.targets import targets_in
from stationer.portal.statistics.tokens import DECOY, MailLink, SendersLink, told
from stationer.wire.uplink import Clicked

#: Of so many new hits the first judgement is not left to the worker.
AT_ONCE = 200
#: What a hit is joined by: its mail, and the content in it.
Offered = dict[tuple[uuid.UUID, str], Shown]


def take(pen: Pen, clicked: Sequence[Clicked], at: datetime) -> list[Hit]:
    """Rows of these clicks in the PEN in scope; they are due to be judged at once. A click on a link that its sender
    has deleted is forgotten with it, and so is one of whoever does not want to be followed; where the PEN follows
    nobody, all are."""
    if not clicked or pen.management().tracking == "off":
        return []
    rows = _of_mails(pen, clicked, at) + _of_senders(clicked, at)
    late = masking.Late(pen, min((row.at for row in rows), default=at), at)
    for row in rows:
        row.address = late.network(row.address, row.at)
    judging.again(rows, at)
    Hit.objects.bulk_create(rows)
    arrived.send(sender=Hit, hits=rows)
    if len(rows) <= AT_ONCE:
        judging.judge_rows(rows, at)
    return rows


def _of_mails(pen: Pen, clicked: Sequence[Clicked], at: datetime) -> list[Hit]:
    said = [(one, link) for one in clicked if isinstance(link := told(one.token), MailLink)]
    mails = known((link.pick, link.copy) for _, link in said)
    offered = _offered(mails.values())
    targets = targets_in(pen) if said else {}
    rows = []
    for one, link in said:
        mail = mails.get((link.pick, link.copy))
        if mail is not None and mail.quiet:
            continue
        row = _row(one, at)
        row.pick, row.copy, row.content, row.number = link.pick, link.copy, link.content, link.number
        row.target = "" if link.number == DECOY else targets.get((link.content, link.number), "")
        _put_together(row, mails, offered)
        rows.append(row)
    return rows


def _of_senders(clicked: Sequence[Clicked], at: datetime) -> list[Hit]:
    said = [(one, link) for one in clicked if isinstance(link := told(one.token), SendersLink)]
    codes = sorted({link.code for _, link in said})
    links = {row.code: row for some in pieces(codes) for row in Link.objects.filter(code__in=some)}
    out = are_out(row.address for row in links.values() if row.address)
    rows = []
    for one, link in said:
        if (made := links.get(link.code)) and made.address not in out:
            row = _row(one, at)
            row.link, row.target = made, made.target
            rows.append(row)
    return rows


def _row(one: Clicked, at: datetime) -> Hit:
    row = Hit(
        id=id_at(one.at),
        at=moment(one.at),
        method=one.method[:8],
        address=one.address[:64],
        agent=one.agent[:300],
        hints={name[:40]: value[:100] for name, value in one.hints.items()},
        due_at=at,
    )
    row.handed = one.visit
    return row


def join(mails: dict[Key, Mail], at: datetime) -> int:
    """Hits that came before their mail, which is known now; they are due again, but those of whom does not want to be
    followed, which are forgotten. Returns how many."""
    if not mails:
        return 0
    picks = sorted({pick for pick, _ in mails})
    waiting = [row for some in pieces(picks) for row in Hit.objects.filter(mail=None, pick__in=some)]
    mails = known(mails) if waiting else {}  # a report may have made one quiet since
    rows = [row for row in waiting if row.pick is not None and (row.pick, row.copy) in mails]
    quiet = [row.pk for row in rows if row.pick is not None and mails[row.pick, row.copy].quiet]
    for some in pieces(quiet):
        Hit.objects.filter(pk__in=some).delete()
    rows = [row for row in rows if row.pk not in set(quiet)]
    offered = _offered(mails.values()) if rows else {}
    for row in rows:
        _put_together(row, mails, offered)
        row.due_at = at
    Hit.objects.bulk_update(rows, ["mail", "campaign", "of", "due_at"], batch_size=200)
    return len(rows)


def _put_together(row: Hit, mails: dict[Key, Mail], offered: Offered) -> None:
    mail = mails.get((row.pick, row.copy)) if row.pick is not None else None
    if mail is not None:
        row.mail = mail
        if shown := offered.get((mail.pk, row.content)):
            row.campaign, row.of = shown.campaign, shown.of


def _offered(mails: Iterable[Mail]) -> Offered:
    """What stood in these mails, by content; of two that show the same content, the one that is known as used."""
    found: Offered = {}
    for some in pieces([mail.pk for mail in mails]):
        for row in Shown.objects.filter(mail_id__in=some, held=False):
            key = (row.mail_id, row.content)
            if key not in found or row.used:
                found[key] = row
    return found
