"""Entries of an access list: an address, or `@domain` for everybody of that domain alone (contract/people.md §5)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.people.valid import normal_address, normal_domain

MOST = 10_000


def normal_entry(text: str) -> str:
    """One entry as a row has it. Raises ValidationError."""
    written = text.strip()
    return "@" + normal_domain(written[1:]) if written.startswith("@") else normal_address(written)


def check_access_list(value: Any) -> None:
    """Refuses anything but a list of entries in their normal form, each once."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise ValidationError("An access list is a list of texts.", code="form")
    if len(value) > MOST:
        raise ValidationError(
            _("An access list has at most {most} entries.").format(most=MOST), code="too-many"
        )
    if len(set(value)) != len(value) or any(normal_entry(one) != one for one in value):
        raise ValidationError(
            "Entries of an access list stand there once, in their normal form.", code="form"
        )


def is_listed(address: str, entries: Iterable[str]) -> bool:
    """Whether an address (in its normal form) is on the list, by itself or by its domain."""
    wanted = {address, "@" + address.rpartition("@")[2]}
    return any(one in wanted for one in entries)
