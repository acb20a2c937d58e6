"""Rows of codes by telephone: a PEN's gateway, and each code that is on its way or was sent (contract/reading.md §4.1).

The gateway's secret is sealed (people.sealed); a code is made from a row's salt and is nowhere in it.
"""

from __future__ import annotations

import secrets
from typing import ClassVar

from django.db import models

from stationer.portal.people.owned import PenOwned, SamePen


def new_salt() -> bytes:
    """128 random bits, which a code is made from."""
    return secrets.token_bytes(16)


def tail(number: str) -> str:
    """As much of a number as is ever shown."""
    return f"••• {number[-2:]}" if number else ""


class Gateway(PenOwned):
    """Where the PEN's codes by telephone are handed over; one, or none. `failing_since`: nothing was taken since;
    `status`: what was answered last (None: nothing)."""

    untold = ("failing_since", "status", "called_at", "secret")

    url = models.CharField(max_length=2000)
    secret = models.BinaryField(max_length=200)
    on = models.BooleanField(default=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    status = models.PositiveSmallIntegerField(null=True, blank=True)
    called_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="gateway_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="gateway_once"),
        ]

    def __str__(self) -> str:
        return self.url


class PhoneCode(PenOwned):
    """A code for one contact, sitting and number; of an administrator's test there is neither contact nor sitting.
    `sends`: how often it was asked for; `state` and `attempts` are of the last time. `due_at`: when the gateway is
    called next, `gives_up_at`: after which it is called no more."""

    untold = ("*",)
    figures: ClassVar[int] = 8

    class State(models.TextChoices):
        WAITING = "waiting", "waits"
        TAKEN = "taken", "taken"
        REFUSED = "refused", "refused"
        SILENT = "silent", "silent"

    contact = models.ForeignKey("reading.Contact", on_delete=models.CASCADE, null=True, related_name="+")
    sitting = models.ForeignKey("reading.Sitting", on_delete=models.CASCADE, null=True, related_name="+")
    number = models.CharField(max_length=16)
    language = models.CharField(max_length=12, default="en")
    salt = models.BinaryField(max_length=16, default=new_salt)
    guesses = models.PositiveSmallIntegerField(default=0)
    sends = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    gives_up_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    #: whether the gateway was called for it at all: from then on it counts
    called = models.BooleanField(default=False)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="phonecode_in_pen"),
            SamePen(field="contact", name="phonecode_contact_in_pen"),
            SamePen(field="sitting", name="phonecode_sitting_in_pen"),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="phonecode_due"),
            models.Index(fields=["pen", "number", "asked_at"], name="phonecode_number"),
            models.Index(fields=["asked_at"], name="phonecode_over"),
        ]

    def __str__(self) -> str:
        return self.tail

    @property
    def tail(self) -> str:
        """As much of its number as is ever shown."""
        return tail(self.number)
