"""Publications: which stationery was put in force, when, by whom, and what it was made from.

The packed bytes are the blob `publications/{pen id}/{serial}`; the row is the truth, and the edge's file follows it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from stationer.portal.people.owned import PenOwned
from stationer.wire import ids


class Publication(PenOwned):
    """One press of Publish. `drafts` is what the rows said (by kind, by id), `changed` what differed before."""

    untold = ("drafts", "changed", "knows", "digest", "by", "by_name", "made_at")

    serial = models.BigIntegerField()
    made_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=254, blank=True, default="")
    about = models.CharField(max_length=200, blank=True, default="")
    digest = models.CharField(max_length=64)
    changed = models.JSONField(default=list)
    drafts = models.JSONField(default=dict)
    #: which groups and packages it means by the names in its rules (publishing.meaning); None: by those of now
    knows: models.JSONField[Any, Any] = models.JSONField(null=True, default=None)

    class Meta(PenOwned.Meta):
        ordering = ["-serial"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="publication_in_pen"),
            models.UniqueConstraint(fields=["pen", "serial"], name="publication_serial"),
        ]

    def __str__(self) -> str:
        return f"version {self.serial}"

    @property
    def outside_id(self) -> str:
        """`snp_…`"""
        return ids.outside("snapshot", self.id)

    @property
    def blob(self) -> str:
        """Where the packed bytes are."""
        return f"publications/{self.pen_id}/{self.serial}"


class ChangeMark(PenOwned):
    """Something was written that Publish would put out; the ids of all of a PEN's name its drafts' state
    (publishing.marking)."""

    untold = ("*",)

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="changemark_in_pen")]

    def __str__(self) -> str:
        return str(self.id)
