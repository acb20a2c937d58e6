"""One row for each thing that was done. A row is added and never changed; the database itself refuses (migration)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from stationer.portal.people.owned import AppendOnly, PenOwned
from stationer.wire import ids


class Entry(PenOwned):
    """`who` did `what` to the `noun` that is `called` so; `lines` say what it was before and after.

    Names are kept as they were then, so that a row still reads when the person or the thing is gone. `lines` is a
    list of `{"about": field, "before": value, "after": value}` in plain JSON, told in words when it is shown.
    """

    untold = ("*",)
    append_only = True

    at = models.DateTimeField(default=timezone.now)
    via = models.CharField(max_length=16)
    who = models.CharField(max_length=254, blank=True)
    address = models.CharField(max_length=254, blank=True)
    account = models.UUIDField(null=True)
    via_name = models.CharField(max_length=160, blank=True)
    path = models.CharField(max_length=200, blank=True)
    what = models.CharField(max_length=24)
    noun = models.CharField(max_length=40)
    noun_id = models.CharField(max_length=64, blank=True)
    called = models.CharField(max_length=254, blank=True)
    count = models.PositiveIntegerField(default=1)
    lines = models.JSONField(default=list)

    class Meta(PenOwned.Meta):
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["pen", "-at", "-id"], name="entry_newest"),
            models.Index(fields=["pen", "address", "-at"], name="entry_by_person"),
            models.Index(fields=["pen", "noun", "-at"], name="entry_by_noun"),
        ]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="entry_in_pen")]

    def __str__(self) -> str:
        return f"{self.what} {self.noun} {self.called}"

    @property
    def outside_id(self) -> str:
        """`log_…`"""
        return ids.outside("entry", self.id)

    def save(self, *args: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly("what was done stays as it was written")
        super().save(*args, **options)

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        raise AppendOnly("what was done stays written")
