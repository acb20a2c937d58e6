"""An arrival: a company file that was sent, what it would change, and what was before."""

from __future__ import annotations

import zlib
from functools import cached_property
from typing import Any

import msgspec
from django.conf import settings
from django.db import models

from stationer.portal.content.comparing import Change
from stationer.portal.people.owned import PenOwned
from stationer.portal.publishing.changes import Difference
from stationer.wire import ids

#: What a change is kept as: Change, field by field.
Kept = tuple[str, str, str, tuple[Difference, ...], str]


def packed(value: Any) -> bytes:
    """Anything in plain values, small."""
    return zlib.compress(msgspec.json.encode(value), 6)


def unpacked(data: bytes) -> Any:
    """What was packed."""
    return msgspec.json.decode(zlib.decompress(data))


class Arrival(PenOwned):
    """A company file between the look and the deed, and for thirty days after. `text` and `changes` are packed;
    `before` and `after` are the company as a file round the deed, packed, and `ids` what its rows were called."""

    untold = ("*",)

    class State(models.TextChoices):
        CHECKED = "checked", "waits for the go-ahead"
        DONE = "done", "is in"
        UNDONE = "undone", "is taken back"

    state = models.CharField(max_length=16, choices=State.choices, default=State.CHECKED)
    name = models.CharField(max_length=200)
    #: what the file does not name: `keep` or `remove`
    absent = models.CharField(max_length=8, default="keep")
    text = models.BinaryField()
    changes = models.BinaryField()
    #: kind → what → how many
    counts: models.JSONField[dict[str, dict[str, int]], dict[str, dict[str, int]]] = models.JSONField(
        default=dict
    )
    #: SHA-256 of the changes: what is put in place is what was shown
    digest = models.CharField(max_length=64)
    #: the share of people, in per cent, and of what is written, that would go
    share = models.PositiveSmallIntegerField(default=0)
    before = models.BinaryField(null=True)
    after = models.BinaryField(null=True)
    ids = models.BinaryField(null=True)
    #: what was not taken back, because it was changed since
    left: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="arrival_in_pen")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`arr_…`"""
        return ids.outside("arrival", self.id)

    @cached_property
    def file_text(self) -> str:
        """The file as it was sent."""
        return str(unpacked(bytes(self.text)))

    def told(self) -> list[Change]:
        """What it would change, or did."""
        found = msgspec.json.decode(zlib.decompress(bytes(self.changes)), type=list[Kept])
        return [Change(what, kind, name, fields, zone) for what, kind, name, fields, zone in found]  # type: ignore[arg-type]

    @property
    def coming(self) -> int:
        """How many changes there are."""
        return sum(n for found in self.counts.values() for what, n in found.items() if what != "kept")
