"""Hooks: where a PEN's own programs are told of events, each event on its way, and every attempt."""

from __future__ import annotations

import secrets
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from stationer.portal.people.owned import PenOwned, SamePen
from stationer.wire import ids

#: Characters that are kept of an answer.
HEAD = 1000


def new_secret() -> bytes:
    """256 random bits."""
    return secrets.token_bytes(32)


def check_events(value: Any) -> None:
    """A list of events that there are, each once. Raises ValidationError."""
    from stationer.portal.hooks.events import EVENTS

    if (
        not isinstance(value, list)
        or not value
        or len(set(value)) != len(value)
        or set(value) - EVENTS.keys()
    ):
        raise ValidationError(gettext("Choose at least one event."))


class Hook(PenOwned):
    """An address that is told of events. After `rotated_at` the `former` secret signs as well, for a day."""

    untold = ("failing_since", "rotated_at")

    name = models.CharField(max_length=120)
    url = models.CharField(max_length=2000)
    events: models.JSONField[list[str], list[str]] = models.JSONField(default=list, validators=[check_events])
    secret = models.BinaryField(default=new_secret, max_length=64)
    former = models.BinaryField(default=bytes, max_length=64, blank=True)
    rotated_at = models.DateTimeField(null=True, blank=True)
    on = models.BooleanField(default=True)
    reason = models.CharField(max_length=300, blank=True, default="")
    failing_since = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="hook_in_pen")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`whk_…`"""
        return ids.outside("hook", self.id)

    def clean(self) -> None:
        """Its address is one that may be called."""
        from stationer.portal.hooks.guarding import check_url

        check_url(self.url)


class Delivery(PenOwned):
    """An event on its way to a hook: the exact bytes that are signed, and how far it got."""

    untold = ("*",)

    class State(models.TextChoices):
        WAITING = "waiting", "waits"
        DONE = "done", "taken"
        FAILED = "failed", "failed"

    hook = models.ForeignKey(Hook, on_delete=models.CASCADE, related_name="deliveries")
    event = models.CharField(max_length=40)
    body = models.TextField()
    made_at = models.DateTimeField(auto_now_add=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    done_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="delivery_in_pen"),
            SamePen(field="hook", name="delivery_hook_in_pen"),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="delivery_when"),
            models.Index(fields=["pen", "hook", "made_at"], name="delivery_made"),
        ]

    def __str__(self) -> str:
        return self.event

    @property
    def outside_id(self) -> str:
        """`whd_…`; the `webhook-id`."""
        return ids.outside("delivery", self.id)


class Attempt(PenOwned):
    """One call: what was answered (`status` None: nothing was), how long it took (ms), the answer's beginning."""

    untold = ("*",)

    delivery = models.ForeignKey(Delivery, on_delete=models.CASCADE, related_name="tries")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    ms = models.PositiveIntegerField(default=0)
    head = models.TextField(blank=True, default="")

    class Meta(PenOwned.Meta):
        ordering = ["-at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="attempt_in_pen"),
            SamePen(field="delivery", name="attempt_delivery_in_pen"),
        ]

    def __str__(self) -> str:
        return str(self.status or "")
