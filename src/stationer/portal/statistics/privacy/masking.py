"""Addresses that are old enough are masked, as their PEN wants it: the domain stays, or a keyed hash with it.

Network addresses of readers are shortened with them, to the network (the last byte of IPv4; all but 48 bits of IPv6).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils import timezone

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import outside_scope, pen_scope
from stationer.portal.statistics.models import Addressee, Hit, Masking, id_at
from stationer.portal.statistics.privacy.outs import hashed

AT_ONCE = 1_000


def mask_old() -> int:
    """Mask what is due in every PEN. Returns how many addresses."""
    with outside_scope(reason="which PENs mask addresses"):
        due = list(Masking.objects.filter(days__gt=0).values_list("pen_id", flat=True))
    done = 0
    for pen in Pen.objects.filter(pk__in=due):
        with pen_scope(pen):
            done += mask(pen, timezone.now())
    return done


def mask(pen: Pen, now: datetime) -> int:
    """Mask what is due in the PEN in scope. Returns how many addresses of recipients."""
    row = Masking.objects.filter(days__gt=0).first()
    if row is None:
        return 0
    before = now - timedelta(days=row.days)
    done = _addressees(pen, row, before)
    _hits(row, before)
    row.until = before
    row.save(update_fields=["until"])
    return done


def _since(row: Masking) -> dict[str, object]:
    """What was not looked at yet; a day earlier, for what was told late."""
    return {"pk__gte": id_at(int((row.until - timedelta(days=8)).timestamp() * 1000))} if row.until else {}


def _addressees(pen: Pen, row: Masking, before: datetime) -> int:
    rows = Addressee.objects.filter(pk__lt=id_at(int(before.timestamp() * 1000)), **_since(row)).order_by(
        "pk"
    )
    done, last = 0, None
    while some := list((rows if last is None else rows.filter(pk__gt=last))[:AT_ONCE]):
        with transaction.atomic():
            changed = [one for one in some if masked(pen, one.address, row.stays) != one.address]
            for one in changed:
                one.address = masked(pen, one.address, row.stays)
            Addressee.objects.bulk_update(changed, ["address"], batch_size=200)
        done, last = done + len(changed), some[-1].pk
    return done


def _hits(row: Masking, before: datetime) -> None:
    rows = Hit.objects.filter(at__lt=before).order_by("pk").only("pk", "address", "pen_id")
    if row.until:
        rows = rows.filter(at__gte=row.until - timedelta(days=8))
    last = None
    while some := list((rows if last is None else rows.filter(pk__gt=last))[:AT_ONCE]):
        with transaction.atomic():
            changed = [one for one in some if shortened(one.address) != one.address]
            for one in changed:
                one.address = shortened(one.address)
            Hit.objects.bulk_update(changed, ["address"], batch_size=200)
        last = some[-1].pk


class Late:
    """What stays of what edges tell when it is as old as that: nothing looks for it again (`_since`)."""

    def __init__(self, pen: Pen, oldest: datetime, now: datetime) -> None:
        """For the PEN in scope; `oldest`: the earliest moment that is told."""
        due = oldest < now - timedelta(days=1)  # no PEN masks earlier
        self._pen, self._row = pen, Masking.objects.filter(days__gt=0).first() if due else None
        self._before = now - timedelta(days=self._row.days) if self._row else oldest

    def address(self, address: str, at: datetime) -> str:
        """A recipient's."""
        return masked(self._pen, address, self._row.stays) if self._row and at < self._before else address

    def network(self, address: str, at: datetime) -> str:
        """A reader's network address."""
        return shortened(address) if self._row and at < self._before else address


def masked(pen: Pen, address: str, stays: str) -> str:
    """What stays of an address; what was masked already stays as it is."""
    local, _, domain = address.rpartition("@")
    if not local or (local.startswith("#") and stays == Masking.Stays.HASH):
        return address
    return hashed(pen, address) if stays == Masking.Stays.HASH else f"@{domain}"


def shortened(address: str) -> str:
    """A network address without what tells one reader from another; what is none becomes nothing."""
    try:
        known = ip_address(address)
    except ValueError:
        return ""
    network = ip_network(f"{known}/{24 if known.version == 4 else 48}", strict=False)
    return str(network.network_address)
