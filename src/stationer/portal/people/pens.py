"""New PENs: with the three packages everyone begins with."""

from __future__ import annotations

from django.db import transaction

from stationer.portal.people.models import Package, Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import domain_or_below

PACKAGES = ("employees", "clients", "guests")


def create_pen(
    name: str, domains: tuple[str, ...] = (), partner: Partner | None = None, *, second_factor: bool = True
) -> Pen:
    """A PEN and its packages. Raises ValidationError for a domain that is none.

    `second_factor`: whether people show one before they publish.
    """
    with transaction.atomic():
        pen = Pen(name=name, domains=[domain_or_below(domain) for domain in domains], partner=partner)
        pen.second_factor = second_factor
        pen.full_clean()
        pen.save()
        with pen_scope(pen):
            Package.objects.bulk_create([Package(name=package) for package in PACKAGES])
    return pen
