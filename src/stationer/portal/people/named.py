"""A row by the id that stands in an address: of this PEN, or there is nothing here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar, cast

from django.http import Http404

from stationer.portal.people.models import Member
from stationer.portal.people.owned import PenOwned
from stationer.wire import ids

Row = TypeVar("Row", bound=PenOwned)


def named(model: type[Row], kind: str, text: str) -> Row:
    """The row whose outside id `text` is. Raises Http404 for no id, no row, and another PEN's row alike."""
    try:
        key = ids.inside(kind, text)
        return cast(Row, model._default_manager.get(pk=key))
    except (ValueError, model.DoesNotExist):
        raise Http404(f"no {kind} {text}") from None


def by_name(address: str) -> str:
    """The name of the member with this address, or the address: for “who did it”."""
    row = Member.objects.filter(address=address.lower()).first()
    return row.name if row else address


def names(addresses: Iterable[str]) -> dict[str, str]:
    """`by_name` for many, in one query."""
    wanted = {address.lower() for address in addresses if address}
    found = {row.address: row.name for row in Member.objects.filter(address__in=wanted)}
    return {address: found.get(address, address) for address in wanted}
