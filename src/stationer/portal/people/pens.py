"""New PENs: with the three packages everyone begins with."""

from __future__ import annotations

from typing import Any

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


#: What a package says besides its name (contract/people.md §2, §5).
TERMS = ("disclaimer", "rights", "guests", "most_octets", "messages_a_day", "retention_days", "level")


def first_package(name: str) -> Package:
    """A package that a company begins with, not kept yet: of guests, whose rights end at this door."""
    if name != "guests":
        return Package(name=name)
    return Package(name=name, guests=True, rights=[right for right in RIGHTS if right != "seal"])


def terms_of(row: Package) -> dict[str, Any]:
    """All that a package says besides its name; its rights in their usual order."""
    return {name: getattr(row, name) for name in TERMS} | {
        "rights": [one for one in RIGHTS if one in row.rights]
    }


def said_by(row: Package) -> dict[str, Any]:
    """Of that what is not as such a package comes: what somebody has set."""
    as_they_come = terms_of(first_package(row.name))
    return {name: value for name, value in terms_of(row).items() if value != as_they_come[name]}


def says_nothing(row: Package) -> bool:
    """Whether a package is as they come: nobody has set anything of it."""
    return not said_by(row)


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
