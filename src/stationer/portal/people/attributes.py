"""The attributes that a person's form offers: those every shape knows, those this PEN uses already, and new ones."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

#: What the shapes of `compose` fill in by themselves, and what it is called.
COMMON = {
    "name": lambda: _("Name"),
    "title": lambda: _("Job title"),
    "company": lambda: _("Company"),
    "phone": lambda: _("Telephone"),
    "mobile": lambda: _("Mobile telephone"),
    "website": lambda: _("Website"),
    "postal": lambda: _("Postal address"),
    "photo": lambda: _("Portrait (address of the picture)"),
    "department": lambda: _("Department"),
}
#: How many members are asked which further attributes the PEN uses.
ASKED = 200


def given(address: str, company: str) -> dict[str, str]:
    """What every person has by themselves, unless their attributes say otherwise (contract/company.md)."""
    return {"email": address, "company": company}


def label(name: str) -> str:
    """`Job title` for `title`, `Shoe size` for `shoe_size`."""
    return COMMON[name]() if name in COMMON else name.replace("_", " ").capitalize()


def offered(used: Iterable[dict[str, str]]) -> list[str]:
    """The common names first, then what the PEN uses, in order of the alphabet."""
    more = {name for attributes in used for name in attributes}
    return [*COMMON, *sorted(more - set(COMMON))]
