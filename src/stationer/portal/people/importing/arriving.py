"""A file arrives: kept, its manner told, its columns guessed. Nothing else changes yet."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from stationer.portal.people.attributes import in_use
from stationer.portal.people.importing import columns, files
from stationer.portal.people.models import Import


def take(chunks: Iterable[bytes], *, name: str, by: Any = None, by_name: str = "") -> Import:
    """A new import, waiting for its columns to be confirmed. Raises Unreadable, OSError; then nothing is kept."""
    row = Import(name=name[:200], by=by, by_name=by_name)
    try:
        row.size = files.keep(row.pk, chunks)
        manner = files.guess(files.path_of(row.pk))
        row.encoding, row.delimiter, row.heading = manner
        heading, samples = files.top(files.path_of(row.pk), manner)
        row.columns = columns.guess(heading, samples, list(in_use()))
        row.save()
    except BaseException:
        files.forget(row.pk)
        raise
    return row
