"""New PENs: with the three packages everyone begins with."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from stationer.portal.people.consent import law_of
from stationer.portal.people.models import Package, Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import domain_or_below

#: The packages that every company begins with, and how they are read.
PACKAGES = {
    "employees": gettext_lazy("employees"),
    "clients": gettext_lazy("clients"),
    "guests": gettext_lazy("guests"),
}


def called(package: Package) -> str:
    """The name of a package in the reader's language, where it is one of the first."""
    return str(PACKAGES.get(package.name, package.name))


def create_pen(
    name: str, domains: tuple[str, ...] = (), partner: Partner | None = None, *, second_factor: bool = True
) -> Pen:
    """A PEN and its packages. Raises ValidationError for a domain that is none.

    `second_factor`: whether people show one before they publish. Where the law asks for consent first
    (`people.consent`), it starts without noting who follows a link.
    """
    with transaction.atomic():
        pen = Pen(name=name, domains=[domain_or_below(domain) for domain in domains], partner=partner)
        pen.second_factor = second_factor
        if law_of(pen.domains):
            pen.tracking = "off"
        pen.full_clean()
        pen.save()
        with pen_scope(pen):
            Package.objects.bulk_create([Package(name=package) for package in PACKAGES])
    return pen
