"""How a company file comes in, and how its values become those of JSON columns."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import msgspec
from django.core.exceptions import ValidationError

from stationer.pick.company import CompanyFile
from stationer.portal.access.models import Account
from stationer.wire.problem import Problem

#: Told how far an import is: what is done, how many of how many.
Progress = Callable[[str, int, int], None]


def silent(_doing: str, _done: int, _of: int) -> None:
    """Progress that nobody watches."""


class Manner(NamedTuple):
    """How a file comes in. `remove`: what it does not name goes, without those who have a device where they are to
    be spared; `by`: who did it; `again`: the ids that rows had before, by kind and name or key; `lock`: nobody else
    changes rows from the comparing to the end."""

    remove: bool = False
    spare_devices: bool = False
    by: Account | None = None
    again: Mapping[tuple[str, str], uuid.UUID] = MappingProxyType({})
    lock: bool = False


USUAL = Manner()


def plain(value: Any) -> Any:
    """A wire struct as its JSON column holds it: lists, not tuples."""
    return msgspec.json.decode(msgspec.json.encode(value))


def meant(held: Any, value: Any, form: Any) -> Any:
    """What a JSON column is to hold: what it holds already, where that means the same in other words."""
    return held if held is not None and msgspec.convert(held, form) == value else plain(value)


def wrong_at(company: CompanyFile, where: str, error: ValidationError) -> Problem:
    """What the portal says of a part of the file."""
    return company.placed(Problem(where, " ".join(error.messages), "Mend it and import again."))
