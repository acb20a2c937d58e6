"""What is known of trials: what was typed, for a short while; who was sent how much, as keyed hashes; which mails were
judged. All of it is the installation's: nothing here is a PEN's (contract/trial.md).
"""

from __future__ import annotations

from django.db import models

from stationer.portal.people.owned import new_id


class Trial(models.Model):
    """One trial: what somebody wants to see, and how far it is. `code` is an HMAC; `host` the partner's it began at."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)
    address = models.CharField(max_length=254)
    company = models.CharField(max_length=120)
    person = models.CharField(max_length=120, blank=True, default="")
    website = models.CharField(max_length=300, blank=True, default="")
    colour = models.CharField(max_length=7)
    starter = models.CharField(max_length=32)
    headline = models.CharField(max_length=80, blank=True, default="")
    language = models.CharField(max_length=16)
    logo = models.BinaryField(default=b"")
    host = models.CharField(max_length=253, blank=True, default="")
    code = models.CharField(max_length=64, blank=True, default="")
    attempts = models.PositiveIntegerField(default=0)
    proven_at = models.DateTimeField(null=True)
    outgoing = models.ForeignKey("delivery.Outgoing", on_delete=models.SET_NULL, null=True, related_name="+")
    #: when a company was made of it: once
    kept_at = models.DateTimeField(null=True)


class Asked(models.Model):
    """One mail that the trial caused, for the limits (contract/trial.md §3): to which mailbox, at which domain, asked
    from which network, each as a keyed hash. `used`: the code came back."""

    class Kind(models.TextChoices):
        CODE = "code", "code"
        STAMPED = "stamped", "stamped"
        ANSWER = "answer", "answer"

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    at = models.DateTimeField()
    mailbox = models.CharField(max_length=32)
    domain = models.CharField(max_length=32)
    network = models.CharField(max_length=32, blank=True, default="")
    used = models.BooleanField(default=False)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "at"], name="asked_at"),
            models.Index(fields=["mailbox", "at"], name="asked_mailbox"),
        ]


class Gate(models.Model):
    """A row for each thing that is done by one at a time (`limits.lock`), locked meanwhile: of requests at once each
    sees what the one before it did."""

    id = models.PositiveSmallIntegerField(primary_key=True)


class Judged(models.Model):
    """A mail to the trial's mailbox that was judged, by the digest of its bytes: each is answered once at most."""

    digest = models.CharField(max_length=64, primary_key=True)
    at = models.DateTimeField(auto_now_add=True, db_index=True)
    answered = models.BooleanField(default=False)
