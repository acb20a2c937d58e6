"""The durable queue: a mail, and for each of its recipients how far it got (contract/delivery.md).

The queue belongs to the installation (a sign-in code has no PEN); no page and no API shows it to a PEN.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stationer.portal.people.owned import new_id


class Outgoing(models.Model):
    """A mail that the server itself sends: its bytes and its envelope sender. Of a `secret` one (it holds a code) no
    byte stays once every recipient was dealt with."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey("people.Pen", on_delete=models.CASCADE, null=True, related_name="+")
    sender = models.CharField(max_length=254, blank=True)
    message_id = models.CharField(max_length=255, blank=True, default="")
    mail = models.BinaryField()
    secret = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)


class Recipient(models.Model):
    """One recipient of an outgoing mail. `waiting` ones are due at `due_at`; a lease says who is at it: which turn, of
    which process (`holder`). `begun_at`: the relay is being spoken to. `twice`: it may have gone twice."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        FAILED = "failed", "failed"
        BOUNCED = "bounced", "bounced"
        SUPPRESSED = "suppressed", "suppressed"
        HELD = "held", "held"
        DROPPED = "dropped", "dropped"

    #: What still needs the mail's bytes.
    KEPT = (State.WAITING, State.HELD)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    outgoing = models.ForeignKey(Outgoing, on_delete=models.CASCADE, related_name="recipients")
    address = models.CharField(max_length=254)
    domain = models.CharField(max_length=253, default="", editable=False)
    urgent = models.BooleanField(default=False)
    state = models.CharField(max_length=16, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField()
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)
    holder = models.UUIDField(null=True)
    begun_at = models.DateTimeField(null=True)
    twice = models.BooleanField(default=False)
    status = models.CharField(max_length=11, blank=True, default="")
    reason = models.TextField(blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "urgent", "due_at", "domain"], name="recipient_when"),
            models.Index(fields=["leased_until"], condition=Q(lease__isnull=False), name="recipient_leased"),
        ]


class Destination(models.Model):
    """A domain, or with an empty name the relay itself, that refused for now: how often in a row, and until when
    nothing is tried there. It has no row while it takes what it is given."""

    domain = models.CharField(max_length=253, primary_key=True)
    failures = models.PositiveIntegerField(default=0)
    rests_until = models.DateTimeField(null=True)
    reason = models.TextField(blank=True, default="")


class Suppression(models.Model):
    """An address that a PEN's mail (or with no PEN the installation's own) is not sent to, and why. `until` empty:
    until somebody takes it off. `address` is in lower case."""

    class Reason(models.TextChoices):
        HARD = "hard", "nobody is there"
        COMPLAINT = "complaint", "complained"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey("people.Pen", on_delete=models.CASCADE, null=True, related_name="+")
    address = models.CharField(max_length=254)
    why = models.CharField(max_length=16, choices=Reason.choices)
    status = models.CharField(max_length=11, blank=True, default="")
    said = models.TextField(blank=True, default="")
    since = models.DateTimeField(auto_now=True)
    until = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["address"], name="suppression_address")]
