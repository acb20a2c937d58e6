"""Somebody is erased: what is known of them as a reader goes. Their right to letters is the vault's to say."""

from __future__ import annotations

from typing import Any

from stationer.notice import canonical
from stationer.portal.reading.models import Code, Contact, Sitting


def forget(address: str, **_: Any) -> None:
    """The listener of `statistics.signals.erased`. Sittings of the address end; they show others no more either."""
    one = canonical(address)
    Contact.objects.filter(address=one).delete()
    Code.objects.filter(asked=one).delete()
    Code.objects.filter(address=one).delete()
    rows = Sitting.objects.values_list("pk", "shown")
    gone = [pk for pk, shown in rows.iterator(chunk_size=500) if one in shown]
    for n in range(0, len(gone), 500):
        Sitting.objects.filter(pk__in=gone[n : n + 500]).delete()
