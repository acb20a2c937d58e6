"""Somebody is erased: rows of the vault name them no more. What they may read they may read, once they show their
address again; letters that they wrote keep their author as long as others read them (contract/vault.md §6)."""

from __future__ import annotations

import re
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from stationer.notice import canonical
from stationer.portal.vault.faces import face
from stationer.portal.vault.models import Announcement, Event, Grant, SecureMessage

State = SecureMessage.State
OVER = (State.ENDED, State.REFUSED)


def forget(address: str, **_: Any) -> None:
    """The listener of `statistics.signals.erased`. Mail that is not ready yet is on its way, and stays as it is."""
    one = canonical(address)
    theirs = SecureMessage.objects.filter(grants__address=one).exclude(
        state__in=(State.UPLOADING, State.CHECKING)
    )
    for row in theirs.distinct().only("pk", "to", "cc").iterator(chunk_size=500):
        _unname(row, one)
    over = SecureMessage.objects.filter(author=one, state__in=OVER)
    Grant.objects.filter(message__in=over.values("pk"), address=one).delete()
    over.update(author=face(one), author_name="")
    _hide_grants(one)
    _hide_events(one)


def _unname(row: SecureMessage, address: str) -> None:
    to, cc = ([pair for pair in pairs if canonical(pair[1]) != address] for pairs in (row.to, row.cc))
    if (to, cc) != (row.to, row.cc):
        SecureMessage.objects.filter(pk=row.pk).update(to=to, cc=cc)
        Announcement.objects.filter(message=row).delete()


def _hide_grants(address: str) -> None:
    """Withdrawn, so that nobody is shown them; whoever shows the address has them still (`grants.grants_of`)."""
    rows = Grant.objects.filter(address=address).exclude(kind=Grant.Kind.FROM)
    rows.exclude(withdrawn_at=None).delete()
    hidden = Grant.objects.filter(address=face(address)).values_list("message_id", "kind")
    for message, kind in hidden:
        rows.filter(message=message, kind=kind).delete()
    rows.update(address=face(address), withdrawn_at=timezone.now())


def _hide_events(address: str) -> None:
    """Events are never changed but for this: the address gives way to its face, which is what a chain over them counts
    of an address in any case."""
    mark, hidden = re.compile(re.escape(address), re.IGNORECASE), face(address)
    found = Event.objects.filter(Q(address=address) | Q(evidence__icontains=address))
    for event in found.iterator(chunk_size=500):
        said = {name: mark.sub(hidden, value) for name, value in event.evidence.items()}
        rows, whose = Event.objects.filter(pk=event.pk), hidden if event.address == address else event.address
        QuerySet.update(rows, address=whose, evidence=said)
