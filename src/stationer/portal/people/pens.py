"""New PENs: with the three packages everyone begins with."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext_lazy

from stationer.portal.people.consent import law_of
from stationer.portal.people.models import Package, Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.valid import RIGHTS, domain_or_below

#: The packages that every company begins with, and how they are read.
PACKAGES = {
    "employees": gettext_lazy("employees"),
    "clients": gettext_lazy("clients"),
    "guests": gettext_lazy("guests"),
}


def first_package(name: str) -> Package:
    """A package that a company begins with, not kept yet: of guests, whose rights end at this door."""
    if name != "guests":
        return Package(name=name)
    return Package(name=name, guests=True, rights=[right for right in RIGHTS if right != "seal"])


def says_nothing(row: Package) -> bool:
    """Whether a package is as they come: nobody has set anything of it."""
    as_they_come = first_package(row.name)
    told = ("disclaimer", "guests", "most_octets", "messages_a_day", "retention_days", "level")
    same = all(getattr(row, name) == getattr(as_they_come, name) for name in told)
    return same and sorted(row.rights) == sorted(as_they_come.rights)


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
            Package.objects.bulk_create([first_package(name) for name in PACKAGES])
    return pen
