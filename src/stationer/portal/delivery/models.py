"""The durable queue: a mail, and for each of its recipients how far it got.

The queue belongs to the installation (a sign-in code has no PEN); no page and no API shows it to a PEN.
"""

from __future__ import annotations

from django.db import models

from stationer.portal.people.owned import new_id


class Outgoing(models.Model):
    """A mail that the server itself sends: its bytes and its envelope sender. Of a `secret` one (it holds a code) no
    byte stays once every recipient was dealt with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey("people.Pen", on_delete=models.CASCADE, null=True, related_name="+")
    sender = models.CharField(max_length=254, blank=True)
    mail = models.BinaryField()
    secret = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)


class Recipient(models.Model):
    """One recipient of an outgoing mail. `waiting` ones are due at `due_at`; a lease says who is at it."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="recipients")
    address = models.CharField(max_length=254)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    leased_until = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    reason = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"], name="recipient_due")]
