"""A directory of any kind, read."""

from __future__ import annotations

from collections.abc import Sequence

from stationer.portal.directories.ldap import reading as ldap
from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import reading as scim
from stationer.portal.directories.told import Person, Whole

_READERS = {Directory.Kind.LDAP: ldap, Directory.Kind.SCIM: scim}


def read(row: Directory) -> Whole:
    """All of it. Raises Problem; nothing was changed then."""
    found: Whole = _READERS[Directory.Kind(row.kind)].read(row)
    return found


def sample(row: Directory, number: int = 5) -> tuple[Sequence[Person], int]:
    """The first few people, and how many groups there are, at least. Raises Problem."""
    found: tuple[Sequence[Person], int] = _READERS[Directory.Kind(row.kind)].sample(row, number)
    return found
