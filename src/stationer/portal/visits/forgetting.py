"""Visits go with their hit: at once with whoever is erased, else within the hour; without a hit after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Exists, OuterRef
from django.utils import timezone

from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.addressing import pieces
from stationer.portal.statistics.models import Hit, Keeping
from stationer.portal.visits.models import Handed, View

#: A click may be told later than its visits; so long do they wait for it.
LONE = timedelta(days=1)


def orphans(**_: Any) -> None:
    """In the PEN in scope: visits whose hit is no more. The listener of `statistics.signals.erased`."""
    gone = Handed.objects.exclude(Exists(Hit.objects.filter(pk=OuterRef("hit"))))
    _drop(list(gone.values_list("visit", flat=True)))


def _drop(visits: list[str]) -> None:
    for some in pieces(visits):
        View.objects.filter(visit__in=some).delete()
        Handed.objects.filter(visit__in=some).delete()


def forget_old() -> None:
    """In every PEN: what is older than its single clicks may be, and what no hit was told of within a day."""
    now = timezone.now()
    for pen in Pen.objects.all():
        with pen_scope(pen):
            kept = Keeping.objects.first() or Keeping()
            old = Handed.objects.filter(at__lt=now - timedelta(days=kept.raw_days))
            _drop(list(old.values_list("visit", flat=True)))
            orphans()
            known = Handed.objects.filter(visit=OuterRef("visit"))
            lone = View.objects.filter(at__lt=now - LONE).exclude(Exists(known))
            for some in pieces(list(lone.values_list("pk", flat=True))):
                View.objects.filter(pk__in=some).delete()
