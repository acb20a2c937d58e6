"""Rows of what edges remember of recipients, and of what goes down to them in state.stn (contract/memory.md §6)."""

from __future__ import annotations

from django.db import models

from stationer.portal.people.owned import PenOwned

#: The name under which stands what no edge counts itself.
NOBODY = "*"


class StateDue(PenOwned):
    """One row a PEN: state.stn must be written while `wanted` is ahead of `written`. `took_ms`: the last writing."""

    untold = ("*",)

    wanted = models.BigIntegerField(default=1)
    written = models.BigIntegerField(default=0)
    serial = models.BigIntegerField(default=0)
    written_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(default=0)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="statedue_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="statedue_once"),
        ]

    def __str__(self) -> str:
        return f"{self.written} of {self.wanted}"


class Half(PenOwned):
    """One copy of a pick of which an edge told one half, or both (`known`: it counts no more).

    `held` is MessagePack: of an `asked` the moment and the copy, of a `sent` the marks; `at` is when it came."""

    untold = ("*",)

    class Kind(models.TextChoices):
        """Which half is here."""

        ASKED = "asked"
        SENT = "sent"
        KNOWN = "known"

    pick = models.CharField(max_length=40)
    copy = models.PositiveSmallIntegerField(default=0)
    edge = models.CharField(max_length=32)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    held = models.BinaryField(default=bytes)
    at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="half_in_pen"),
            models.UniqueConstraint(fields=["pen", "pick", "copy"], name="half_once"),
        ]
        indexes = [models.Index(fields=["kind", "at"], name="half_at")]

    def __str__(self) -> str:
        return f"{self.pick} {self.copy} {self.kind}"


class Counted(PenOwned):
    """What recipients were sent of a campaign, as one edge counted it (by its name; `*`: what no edge counts itself).

    `rows` are those of contract/memory.md §1, of the recipients whose key begins with the byte `shard`: a mail changes
    a 256th of a campaign."""

    untold = ("*",)

    edge = models.CharField(max_length=32)
    campaign = models.CharField(max_length=40)
    shard = models.PositiveSmallIntegerField()
    rows = models.BinaryField(default=bytes)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="counted_in_pen"),
            models.UniqueConstraint(fields=["pen", "edge", "campaign", "shard"], name="counted_once"),
        ]

    def __str__(self) -> str:
        return f"{self.edge} {self.campaign} {self.shard}"


class Stop(PenOwned):
    """A recipient (key, 8 bytes) is not to see a campaign any more."""

    untold = ("*",)

    campaign = models.CharField(max_length=40)
    recipient = models.BinaryField(max_length=8)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="stop_in_pen"),
            models.UniqueConstraint(fields=["pen", "campaign", "recipient"], name="stop_once"),
        ]

    def __str__(self) -> str:
        return f"{self.campaign} {bytes(self.recipient).hex()}"
