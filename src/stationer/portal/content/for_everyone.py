"""The template for everyone else: one alone is it at each moment; the place moves in one step (contract/api.md §6)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
from django.db import transaction

from stationer.portal.content.models import Template
from stationer.portal.content.overtaking import held, save
from stationer.portal.people import beside
from stationer.wire.rules import Rule


@contextmanager
def alone(row: Template) -> Iterator[Template]:
    """The row as it is now (`overtaking.held`); of two that would take the place at once one waits. Raises Http404
    where it is gone."""
    with transaction.atomic():
        beside.alone()
        with held(row) as row:
            yield row


def take_place(row: Template, by: Any) -> None:
    """The one that is for everyone else now gives way to this row, inside `alone`: it keeps its words, and asks for a
    rule of its own. Saying that of the row itself, and keeping it, is left to whoever asks."""
    if row.fallback:
        return
    for other in Template.objects.select_for_update().filter(fallback=True):
        other.fallback, other.rule = False, msgspec.to_builtins(Rule())
        save(other, by, "fallback", "rule")
