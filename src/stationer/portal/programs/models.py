"""Answers to requests with an Idempotency-Key, kept for a day so that the same request does nothing a second time."""

from __future__ import annotations

from django.db import models

from stationer.portal.access.models import Device
from stationer.portal.people.owned import PenOwned, SamePen, new_id


class KeptAnswer(PenOwned):
    """A request of a key that is under way (`done_at` is empty) or was done. `mark` is the hash of its route and
    Idempotency-Key, `fingerprint` of all that was sent. `turn` is whose it is: who takes over one that somebody left
    behind gets another. `sealed` is the answer, sealed by what only the asking program has."""

    untold = ("*",)

    device = models.ForeignKey(Device, on_delete=models.CASCADE, related_name="+")
    mark = models.BinaryField(max_length=32)
    fingerprint = models.BinaryField(max_length=32)
    turn = models.UUIDField(default=new_id)
    began_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)
    sealed = models.BinaryField(default=bytes)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="keptanswer_in_pen"),
            models.UniqueConstraint(fields=["pen", "device", "mark"], name="keptanswer_once"),
            SamePen(field="device", name="keptanswer_device_in_pen"),
        ]
        indexes = [models.Index(fields=["began_at"], name="keptanswer_began")]

    def __str__(self) -> str:
        return f"{self.device_id} {self.began_at}"
