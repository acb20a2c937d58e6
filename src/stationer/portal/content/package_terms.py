"""What a company file says of packages, given to their rows (contract/company.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError

from stationer.pick.company.file import PackageEntry
from stationer.portal.content.comparing import Kept
from stationer.portal.people.models import Package
from stationer.portal.people.pens import TERMS, first_package, terms_of


def check_guests(said: Mapping[str, PackageEntry], there: Iterable[Package]) -> None:
    """At most one package decides of guests. Raises ValidationError."""
    of = {row.name for row in there if row.guests and row.name not in said}
    of |= {name for name, one in said.items() if meant_terms(name, one)["guests"]}
    if len(of) > 1:
        first, second, *_more = sorted(of)
        sentence = f"“{first}” and “{second}” would both decide of guests: say `guests: false` of one."
        raise ValidationError(sentence, code="guests")


def give_terms(kept: Kept, row: Package, said: PackageEntry) -> None:
    """All that the file says of this package; the rest is as such a package comes. Raises ValidationError."""
    values = meant_terms(row.name, said)
    if row.guests and not values["guests"]:  # the database has one at each moment
        kept.first(partial(Package.objects.filter(pk=row.pk).update, guests=False))
    if sorted(row.rights) == sorted(values["rights"]):
        values["rights"] = row.rights  # in another order they are the same
    kept.row("package", row, values)


def meant_terms(name: str, said: PackageEntry) -> dict[str, Any]:
    """All of a package: what the file says, and the rest as such a package comes."""
    own = {term: getattr(said, term) for term in TERMS if getattr(said, term) is not None}
    if "rights" in own:
        own["rights"] = list(own["rights"])
    return terms_of(first_package(name)) | own
