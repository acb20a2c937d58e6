"""What a click does: its reader comes onto a list, a campaign stops for them, a sequence goes on with a later message.

Only where it is known who clicked: the mail had one recipient. The list grows at once and is in force for mail at the
next Publish (contract/pick.md §1); a stop and a step go down to the edges by themselves (contract/memory.md §6).
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from stationer.pick.addresses import canonical, is_address
from stationer.portal.alerts.models import ClickAction
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import record
from stationer.portal.content.models import Campaign, Message
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.statistics import remembering
from stationer.portal.statistics.models import Hit, Mail
from stationer.portal.statistics.visiting.who import of_mail
from stationer.watch.log import Voice

#: Addresses of a list, at most, to which clicks add.
MOST_ON_LIST = 20_000

say = Voice("alerts")


def act(
    pen_id: uuid.UUID,
    hits: Sequence[Hit],
    mails: Mapping[uuid.UUID, Mail],
    readers: Mapping[uuid.UUID, Sequence[str]],
) -> None:
    """Do what the campaigns of these hits ask for. Doing it again changes nothing."""
    known: dict[uuid.UUID, list[str]] = defaultdict(list)
    for hit in hits:
        address = _alone(hit, mails, readers)
        if hit.campaign and address:
            known[hit.campaign].append(address)
    if not known:
        return
    stops = set(Campaign.objects.filter(pk__in=known, stop_after_click=True).values_list("pk", flat=True))
    rows = {row.campaign: row for row in ClickAction.objects.filter(campaign__in=known)}
    for campaign, addresses in known.items():
        row = rows.get(campaign)
        if row and row.list_id:
            put_on_list(row.list_id, addresses)
        step = _step_before(row) if row else 0
        if step or campaign in stops:
            _remember(Pen.objects.get(pk=pen_id), campaign, addresses, campaign in stops, step)


def _alone(hit: Hit, mails: Mapping[uuid.UUID, Mail], readers: Mapping[uuid.UUID, Sequence[str]]) -> str:
    """The one reader of a hit's mail, in the form that rules compare; empty where it is not known who it was,
    or no more (masked to a hash: `statistics.privacy.masking`)."""
    mail = mails.get(hit.mail_id) if hit.mail_id else None
    if mail is None:
        return ""
    address = canonical(of_mail(mail.people, mail.unnamed, readers.get(mail.pk, [])).address)
    return address if is_address(address) and not address.startswith("#") else ""


def put_on_list(key: uuid.UUID, addresses: Iterable[str]) -> int:
    """Add those that are not on it yet. Returns how many came."""
    row = AddressList.objects.select_for_update().get(pk=key)
    there = set(row.addresses)
    new = [address for address in dict.fromkeys(addresses) if address not in there]
    room = max(0, MOST_ON_LIST - len(row.addresses))
    if len(new) > room:
        say.warning("list-full", list=str(key), left_out=len(new) - room)
    if new[:room]:
        row.addresses = [*row.addresses, *new[:room]]
        with in_one():  # the audit is written for good, so it tells how many, and not who
            row.save()
        record("changed", "addresslist", row.name, count=len(new[:room]))
    return len(new[:room])


def _remember(pen: Pen, campaign: uuid.UUID, addresses: Iterable[str], stops: bool, step: int) -> None:
    """Tell the edges' memory."""
    for address in dict.fromkeys(addresses):
        key = remembering.key_of(pen, address)
        if stops:
            remembering.stop(key, campaign)
        if step:
            remembering.advance(key, campaign, step)


def _step_before(row: ClickAction) -> int:
    """The step that must count as seen so that `go_on` comes next: its place among the campaign's messages; 0 where
    it is the first, or no more."""
    if row.go_on is None:
        return 0
    order = list(Message.objects.filter(campaign_id=row.campaign).values_list("pk", flat=True))
    return order.index(row.go_on) if row.go_on in order else 0
