"""Secure messages and their keys, who may read them, and what was done with them (contract/vault.md).

Nothing of what a message says is in these rows; its subject and people are, as its notification carries them too.
"""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from stationer.portal.people.models import Member
from stationer.portal.people.owned import PenOwned, SamePen
from stationer.wire import base32, ids

#: Octets of a piece's plaintext.
PIECE = 16 * 1024 * 1024
#: Characters of a subject that are kept, and searched.
SUBJECT = 1_000


def new_locator() -> str:
    """16 random octets: it finds a message, and opens nothing."""
    return base32.encode(secrets.token_bytes(16))


class PenKey(PenOwned):
    """A key of the PEN, wrapped under the installation's (contract/seal.md §1). `name`: its id, `k…`."""

    untold = ("*",)

    name = models.CharField(max_length=13)
    wrapped = models.BinaryField()
    primary = models.BooleanField(default=True)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="penkey_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="penkey_name"),
            models.UniqueConstraint(fields=["pen"], condition=Q(primary=True), name="penkey_primary"),
        ]

    def __str__(self) -> str:
        return self.name


class SecureMessage(PenOwned):
    """A mail that a PEN keeps. `wrapped`: its key under the PEN's; without it nobody reads it. `head`: the sealed
    blob's header, chosen when it was begun, so that pieces may come in any order. `to`, `cc`: who is named in the mail,
    `[[name, address]…]`; `recipients`: the envelope's, until the grants are made of them."""

    untold = ("*",)

    class State(models.TextChoices):
        UPLOADING = "uploading", "uploading"
        CHECKING = "checking", "checking"
        READY = "ready", "ready"
        REFUSED = "refused", "refused"
        ENDED = "ended", "ended"

    #: of the object alone: somebody waits for the answer to the request that checks it
    in_hand = False

    locator = models.CharField(max_length=26, unique=True, default=new_locator, editable=False)
    wrapped = models.BinaryField(null=True)
    head = models.BinaryField(max_length=84)
    state = models.CharField(max_length=10, choices=State.choices, default=State.UPLOADING)
    #: of one that was refused, or waits: which of contract/vault.md §3, and its sentence
    reason = models.CharField(max_length=32, blank=True, default="")
    sentence = models.CharField(max_length=500, blank=True, default="")

    author = models.CharField(max_length=320)
    author_name = models.CharField(max_length=120, blank=True, default="")
    member = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    #: the device or API key that began it
    device_id = models.UUIDField(null=True)
    recipients: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    #: whom the portal itself tells when it is ready: of what was written on its pages
    announce_to: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    to: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    cc: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    subject = models.CharField(max_length=SUBJECT, blank=True, default="")
    #: the subject and nothing else, folded: what is searched
    words = models.TextField(blank=True, default="")
    message_id = models.CharField(max_length=998, blank=True, default="")
    sent_at = models.DateTimeField(null=True)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)
    level = models.PositiveSmallIntegerField(default=1)
    language = models.CharField(max_length=35, blank=True, default="")

    begun_at = models.DateTimeField()
    touched_at = models.DateTimeField()
    ready_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    why_ended = models.CharField(max_length=16, blank=True, default="")
    #: until when it can be read, where the package of its author says so
    until = models.DateTimeField(null=True)
    #: when somebody looks at it next (a check, a blob that is to go), and who has it now
    due_at = models.DateTimeField(null=True)
    #: of what is done now: how often it failed in a way that was not foreseen
    attempts = models.PositiveIntegerField(default=0)
    #: how often the scanner was asked in vain
    scans = models.PositiveIntegerField(default=0)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="securemessage_in_pen"),
            SamePen(field="member", name="securemessage_member_in_pen"),
        ]
        indexes = [
            models.Index(fields=["pen", "author", "-id"], name="securemessage_author"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="securemessage_due"),
            models.Index(fields=["state", "touched_at"], name="securemessage_state"),
        ]

    def __str__(self) -> str:
        return self.subject

    @property
    def outside_id(self) -> str:
        """`sec_…`"""
        return ids.outside("secure", self.id)

    @property
    def pieces(self) -> int:
        """How many pieces it has when all are there."""
        return max(1, -(-self.size // PIECE))


class Grant(PenOwned):
    """An address may read a message. `address` is canonical (`notice.canonical`)."""

    untold = ("*",)

    class Kind(models.TextChoices):
        FROM = "from", "author"
        TO = "to", "to"
        CC = "cc", "copy"
        BLIND = "blind", "blind copy"
        FORWARDED = "forwarded", "forwarded"

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="grants")
    address = models.CharField(max_length=320)
    kind = models.CharField(max_length=9, choices=Kind.choices)
    made_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="grant_in_pen"),
            models.UniqueConstraint(fields=["pen", "message", "address", "kind"], name="grant_once"),
            SamePen(field="message", name="grant_message_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "address", "-message"], name="grant_address")]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"


class Event(PenOwned):
    """What was done with a message: added, never changed. `evidence`: how that is known; never content."""

    untold = ("*",)
    append_only = True

    class What(models.TextChoices):
        KEPT = "kept", "kept"
        ANNOUNCED = "announced", "announced"
        OPENED = "opened", "opened"
        FETCHED = "fetched", "fetched"
        ANSWERED = "answered", "answered"
        PRINTED = "printed", "printed"
        WITHDRAWN = "withdrawn", "withdrawn"
        ENDED = "ended", "ended"
        SCANNED = "scanned", "scanned"
        UNSCANNED = "unscanned", "unscanned"
        REFUSED = "refused", "refused"

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="events")
    address = models.CharField(max_length=320, blank=True, default="")
    what = models.CharField(max_length=12, choices=What.choices)
    at = models.DateTimeField()
    evidence: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)

    class Meta(PenOwned.Meta):
        ordering = ["at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="event_in_pen"),
            SamePen(field="message", name="event_message_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "message", "at"], name="event_of")]

    def __str__(self) -> str:
        return self.what


class Enclosure(PenOwned):
    """A part of one message that is a part of another, at `source_path`: it costs no octets."""

    untold = ("*",)

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="enclosures")
    path = models.CharField(max_length=100)
    source = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="enclosed_in")
    source_path = models.CharField(max_length=100)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="enclosure_in_pen"),
            models.UniqueConstraint(fields=["pen", "message", "path"], name="enclosure_once"),
            SamePen(field="message", name="enclosure_message_in_pen"),
            SamePen(field="source", name="enclosure_source_in_pen"),
        ]

    def __str__(self) -> str:
        return self.path


class Once(PenOwned):
    """What somebody sends again is the message that it was: `digest` is of its author and of a key that both have."""

    untold = ("*",)

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="+")
    digest = models.CharField(max_length=64)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="once_in_pen"),
            models.UniqueConstraint(fields=["pen", "digest"], name="once_only"),
            SamePen(field="message", name="once_message_in_pen"),
        ]

    def __str__(self) -> str:
        return self.digest


class Announcement(PenOwned):
    """The notification of a message, as it was made when that became ready: the same octets for ever."""

    untold = ("*",)

    message = models.ForeignKey(SecureMessage, on_delete=models.CASCADE, related_name="announcements")
    mail = models.BinaryField()
    version = models.CharField(max_length=32)
    package = models.CharField(max_length=120, blank=True, default="")
    languages: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="announcement_in_pen"),
            models.UniqueConstraint(fields=["pen", "message"], name="announcement_once"),
            SamePen(field="message", name="announcement_message_in_pen"),
        ]

    def __str__(self) -> str:
        return self.version
