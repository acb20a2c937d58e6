"""A row by the id that stands in an address: of this PEN, or there is nothing here."""

from __future__ import annotations

from typing import TypeVar

from django.http import Http404

from stationer.portal.people.owned import PenOwned
from stationer.wire import ids

Row = TypeVar("Row", bound=PenOwned)


def named(model: type[Row], kind: str, text: str) -> Row:
    """The row whose outside id `text` is. Raises Http404 for no id, no row, and another PEN's row alike."""
    try:
        key = ids.inside(kind, text)
        return model._default_manager.get(pk=key)
    except (ValueError, model.DoesNotExist):
        raise Http404(f"no {kind} {text}") from None
