"""What edges told: mails, what stood in them, to whom they went, and every hit on one of their links.

Rows are bookkeeping, of which the audit tells nothing. An id is a UUIDv7 of the moment of what it tells, so that a
month is a range of ids. What becomes of them in time: `statistics.forgetting`.
"""

from __future__ import annotations

import uuid

from django.db import models

from stationer.portal.people.owned import PenOwned, SamePen, new_id


class Edge(models.Model):
    """An edge of the installation, by its name; the SHA-256 of the token by which it is known."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=32, unique=True)
    token_sha256 = models.BinaryField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    heard_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class Segment(models.Model):
    """How far a segment of an edge was read: bytes, and sealed records (contract/uplink.md §3)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    edge = models.ForeignKey(Edge, on_delete=models.CASCADE, related_name="segments")
    name = models.CharField(max_length=120)
    received = models.BigIntegerField(default=0)
    records = models.BigIntegerField(default=0)
    key = models.BinaryField(max_length=32, default=bytes)
    heard_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edge", "name"], name="segment_once")]

    def __str__(self) -> str:
        return self.name


class Mail(PenOwned):
    """One copy of a pick. `people`: recipients that the edge was told; `unnamed`: others (Bcc) may have had it too.

    `outcome` is empty until it is known whether the copy left: `used`, `untouched`, `unsent`."""

    untold = ("*",)

    pick = models.UUIDField()
    copy = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    sender = models.ForeignKey("people.Member", on_delete=models.SET_NULL, null=True, related_name="+")
    people = models.PositiveIntegerField(default=0)
    unnamed = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, blank=True, default="")
    reported_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="mail_in_pen"),
            models.UniqueConstraint(fields=["pen", "pick", "copy"], name="mail_once"),
            SamePen(field="sender", name="mail_sender_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "at"], name="mail_at")]

    def __str__(self) -> str:
        return f"{self.pick} {self.copy}"


class Addressee(PenOwned):
    """Somebody to whom a mail was addressed: the address as the PEN keeps it (`@domain` where it keeps no more)."""

    untold = ("*",)

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="addressees")
    address = models.CharField(max_length=320)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="addressee_in_pen"),
            SamePen(field="mail", name="addressee_mail_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "address"], name="addressee_address")]

    def __str__(self) -> str:
        return self.address


class Shown(PenOwned):
    """A candidate of a mail: a campaign's message, or a part of a template (`campaign` is empty, `of` the template).

    `used` is None until it is known. `held`: kept back by the campaign's holdout (`of` and `content` are empty).
    Ids, not relations: a figure outlives what it counts."""

    untold = ("*",)

    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, related_name="shown")
    campaign = models.UUIDField(null=True)
    of = models.UUIDField(null=True)
    mark = models.CharField(max_length=64, blank=True, default="")
    content = models.CharField(max_length=12, blank=True, default="")
    used = models.BooleanField(null=True)
    held = models.BooleanField(default=False)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="shown_in_pen"),
            SamePen(field="mail", name="shown_mail_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "campaign"], name="shown_campaign")]

    def __str__(self) -> str:
        return self.mark


class Link(PenOwned):
    """A link that a sender made by hand. `code`: its id, 12 bytes in hex. `address`: whom it was made for, or empty."""

    code = models.CharField(max_length=24)
    name = models.CharField(max_length=160, blank=True, default="")
    target = models.TextField()
    owner = models.ForeignKey("people.Member", on_delete=models.SET_NULL, null=True, related_name="+")
    address = models.CharField(max_length=320, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["-created_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="link_in_pen"),
            models.UniqueConstraint(fields=["pen", "code"], name="link_code"),
            SamePen(field="owner", name="link_owner_in_pen"),
        ]

    def __str__(self) -> str:
        return self.name or self.target


class Hit(PenOwned):
    """One request for a link, of a mail or of a sender's own; raw hits are kept whatever is thought of them.

    `score`: how sure it is that a person clicked, 0 to 100, None until it was judged; `human` is what is said in
    short; `reasons` are the names of the rules that spoke, with what they saw."""

    untold = ("*",)

    at = models.DateTimeField()
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, null=True, related_name="hits")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="hits")
    campaign = models.UUIDField(null=True)
    of = models.UUIDField(null=True)
    number = models.PositiveSmallIntegerField(default=0)
    target = models.TextField(blank=True, default="")
    method = models.CharField(max_length=8)
    address = models.CharField(max_length=64, blank=True, default="")
    agent = models.CharField(max_length=300, blank=True, default="")
    hints = models.JSONField(default=dict)
    score = models.PositiveSmallIntegerField(null=True)
    human = models.BooleanField(null=True)
    reasons = models.JSONField(default=list)
    judged_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="hit_in_pen"),
            SamePen(field="mail", name="hit_mail_in_pen"),
            SamePen(field="link", name="hit_link_in_pen"),
        ]
        indexes = [
            models.Index(fields=["pen", "at"], name="hit_at"),
            models.Index(fields=["pen", "campaign", "at"], name="hit_campaign"),
            models.Index(fields=["pen", "address", "at"], name="hit_address"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


def id_at(unix_ms: int) -> uuid.UUID:
    """A new UUIDv7 (RFC 9562 §5.7) of that moment."""
    fresh = new_id().bytes
    return uuid.UUID(bytes=unix_ms.to_bytes(6, "big") + fresh[6:])
