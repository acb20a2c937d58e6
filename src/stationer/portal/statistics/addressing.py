"""Mails as edges told them: a row for each copy, whom it was addressed to, what was offered, what became of it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from django.utils import timezone

from stationer.portal.people.models import Member, Pen
from stationer.portal.statistics.models import Addressee, EarlyReport, Hit, Mail, Shown, id_at, moment
from stationer.portal.statistics.privacy import masking, outs
from stationer.portal.statistics.signals import quieted
from stationer.wire import ids
from stationer.wire.uplink import Addressed, AddressedCopy, Reported

#: So many ids stand in one question to the database.
AT_ONCE = 500
Key = tuple[uuid.UUID, int]
T = TypeVar("T")


def pieces(rows: Sequence[T], size: int = AT_ONCE) -> Iterator[Sequence[T]]:
    """These rows, some at a time."""
    return (rows[start : start + size] for start in range(0, len(rows), size))


def inside(kind: str, text: str) -> uuid.UUID | None:
    """The UUID of an outside id; None for what is none (an offline company's ids, or nothing)."""
    try:
        return ids.inside(kind, text)
    except ValueError:
        return None


def take(pen: Pen, told: Sequence[Addressed]) -> dict[Key, Mail]:
    """Rows of the mails that are new in the PEN in scope, by pick and copy. What waited for them is known then."""
    wanted: dict[Key, tuple[Addressed, AddressedCopy]] = {}
    for one in told:
        pick = inside("pick", one.pick)
        if pick is not None:
            wanted.update({(pick, index): (one, copy) for index, copy in enumerate(one.copies)})
    for key in known(list(wanted)):
        del wanted[key]
    senders = _members({one.sender for one, _ in wanted.values()})
    named = {address for _, copy in wanted.values() for address in copy.addresses}
    out, erased = outs.are_out(named), outs.were_erased(named)
    tracking = pen.management().tracking  # what was told before it was changed is kept as it is wanted now
    mails = {key: _mail(key, one, copy, senders) for key, (one, copy) in wanted.items()}
    now = timezone.now()
    late = masking.Late(pen, min((mail.at for mail in mails.values()), default=now), now)
    for key, (_, copy) in wanted.items():
        gone = out | {address for address, at in erased.items() if mails[key].at <= at}
        all_out = bool(copy.addresses) and not copy.rest and set(copy.addresses) <= gone
        mails[key].quiet = all_out or tracking == "off"
    Mail.objects.bulk_create(mails.values())
    Addressee.objects.bulk_create(
        Addressee(id=id_at(one.at), mail=mails[key], address=late.address(left, mails[key].at)[:320])
        for key, (one, copy) in wanted.items()
        for address in copy.addresses
        if address not in out
        and not (address in erased and mails[key].at <= erased[address])
        and (left := outs.kept(address, tracking))
    )
    Shown.objects.bulk_create(
        row for key, (one, copy) in wanted.items() for row in _shown(mails[key], one, copy)
    )
    _report_early(mails)
    return mails


def known(keys: Iterable[Key]) -> dict[Key, Mail]:
    """Those of these mails that the PEN in scope has."""
    wanted = set(keys)
    picks = sorted({pick for pick, _ in wanted})
    rows = (row for some in pieces(picks) for row in Mail.objects.filter(pick__in=some))
    return {(row.pick, row.copy): row for row in rows if (row.pick, row.copy) in wanted}


def _members(texts: Iterable[str]) -> dict[str, uuid.UUID]:
    """Members who are still there, by their outside id."""
    wanted = {text: inside("member", text) for text in texts}
    pks = [pk for pk in wanted.values() if pk is not None]
    there = {
        pk for some in pieces(pks) for pk in Member.objects.filter(pk__in=some).values_list("pk", flat=True)
    }
    return {text: pk for text, pk in wanted.items() if pk in there and pk is not None}


def _mail(key: Key, one: Addressed, copy: AddressedCopy, senders: dict[str, uuid.UUID]) -> Mail:
    return Mail(
        pick=key[0],
        copy=key[1],
        at=moment(one.at),
        sender_id=senders.get(one.sender),
        people=copy.count,
        unnamed=copy.rest,
    )


def _shown(mail: Mail, one: Addressed, copy: AddressedCopy) -> Iterator[Shown]:
    for offer in copy.offers:
        campaign = inside("campaign", offer.campaign)
        yield Shown(
            id=id_at(one.at),
            mail=mail,
            campaign=campaign,
            of=inside("message" if campaign else "template", offer.of),
            mark=offer.mark[:64],
            content=offer.content[:6].hex(),
        )
    for text in one.held:
        if (campaign := inside("campaign", text)) is not None:
            yield Shown(id=id_at(one.at), mail=mail, campaign=campaign, held=True)


# ── what became of them ──


def report(pen: Pen, told: Sequence[Reported]) -> None:
    """Note what became of mails; what is told of a mail that is not known yet waits for it, unless its PEN keeps
    nothing of mails. The first report counts."""
    first: dict[Key, EarlyReport] = {}
    for one in told:
        pick = inside("pick", one.pick)
        if pick is not None and 0 <= one.copy < 32_768:
            row = EarlyReport(
                id=id_at(one.at),
                pick=pick,
                copy=one.copy,
                at=moment(one.at),
                outcome=one.outcome,
                used=list(one.used),
                rest=one.rest,
            )
            first.setdefault((pick, one.copy), row)
    mails = known(first)
    early = [row for key, row in first.items() if key not in mails]
    if early and pen.management().tracking != "off":
        EarlyReport.objects.bulk_create(early, ignore_conflicts=True)
    _apply({key: row for key, row in first.items() if key in mails}, mails)


def _report_early(mails: dict[Key, Mail]) -> None:
    """What was told of these mails before they were known."""
    picks = sorted({pick for pick, _ in mails})
    rows = [row for some in pieces(picks) for row in EarlyReport.objects.filter(pick__in=some)]
    early = {(row.pick, row.copy): row for row in rows if (row.pick, row.copy) in mails}
    if early:
        _apply(early, mails)
        for some in pieces([row.pk for row in early.values()]):
            EarlyReport.objects.filter(pk__in=some).delete()


def _apply(reports: dict[Key, EarlyReport], mails: dict[Key, Mail]) -> None:
    changed: dict[uuid.UUID, EarlyReport] = {}
    rows: list[Mail] = []
    for key, row in reports.items():
        mail = mails[key]
        if not mail.outcome:
            mail.outcome, mail.reported_at = row.outcome, row.at
            mail.unnamed = mail.unnamed and row.rest
            changed[mail.pk] = row
            rows.append(mail)
    Mail.objects.bulk_update(rows, ["outcome", "reported_at", "unnamed"], batch_size=200)
    _hush([mail for mail in rows if not mail.unnamed and not mail.quiet])
    used: dict[bool, list[uuid.UUID]] = {True: [], False: []}
    for mails_ids in pieces(list(changed)):
        offered = Shown.objects.filter(mail_id__in=mails_ids, held=False)
        for pk, mail_id, mark in offered.values_list("pk", "mail_id", "mark"):
            used[mark in changed[mail_id].used].append(pk)
    for value, pks in used.items():
        for some in pieces(pks):
            Shown.objects.filter(pk__in=some).update(used=value)


def _hush(mails: Sequence[Mail]) -> None:
    """Those of these mails that went to nobody but who does not want to be followed, as is known now that there was no
    Bcc: they are quiet, and nothing of hits on them is kept."""
    hushed = only_out([mail.pk for mail in mails if mail.people])
    for mail in mails:
        mail.quiet = mail.pk in hushed
    for some in pieces(sorted(hushed)):
        Mail.objects.filter(pk__in=some).update(quiet=True)
        Hit.objects.filter(mail__in=some).delete()
    if hushed:
        quieted.send(sender=Mail, mails=[mail for mail in mails if mail.quiet])


def only_out(mails: Sequence[uuid.UUID], besides: Iterable[str] = ()) -> set[uuid.UUID]:
    """Those of these mails that name nobody but who does not want to be followed by the PEN in scope; `besides` stand
    for such people too."""
    named: dict[uuid.UUID, set[str]] = {pk: set() for pk in mails}
    for some in pieces(mails):
        for pk, address in Addressee.objects.filter(mail__in=some).values_list("mail_id", "address"):
            named[pk].add(address)
    out = outs.are_out(address for addresses in named.values() for address in addresses) | set(besides)
    return {pk for pk, addresses in named.items() if addresses <= out}
