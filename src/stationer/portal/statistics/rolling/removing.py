"""One DELETE for rows of which nobody is told: figures, marks, and raw rows that are forgotten.

Django's own would fetch each row and tell the audit of it, which has nothing to say of them. The scoped manager's wall
is in the statement as ever; relations are the caller's to mind.
"""

from __future__ import annotations

from django.db.models import QuerySet

from stationer.portal.people.owned import PenOwned, ScopedQuerySet


def sweep(rows: QuerySet[PenOwned]) -> int:
    """Take these rows out; how many. Raises ValueError for rows that the audit tells of."""
    if not isinstance(rows, ScopedQuerySet) or "*" not in rows.model.untold:
        raise ValueError(f"{rows.model.__name__} is told of: delete it as any other row")
    return int(rows.order_by()._raw_delete(rows.db) or 0)  # None: it was plain that there are none
