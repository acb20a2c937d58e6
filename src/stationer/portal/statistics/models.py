"""What edges told: mails, what stood in them, to whom they went, and every hit on one of their links.

Rows are bookkeeping, of which the audit tells nothing. An id is a UUIDv7 of the moment of what it tells, so that an
hour and a month are ranges of ids: figures are read by them, and on PostgreSQL a month is a partition
(`statistics.months`). What becomes of rows in time: `statistics.forgetting`.
"""

from __future__ import annotations

from typing import Any

from django.db import models

from stationer.portal.people.owned import PenOwned, SamePen, new_id
from stationer.portal.statistics.counted import Counted, Half, StateDue, Stop
from stationer.portal.statistics.moments import first_id, id_at, id_of_mail, moment
from stationer.portal.statistics.rolled import Keeping as Keeping  # with it Django finds all of its models
from stationer.wire import ids

__all__ = [
    "Addressee", "Counted", "EarlyReport", "Edge", "Half", "Hit", "Keeping", "Link", "LostClicks", "Mail", "Segment",
    "Shown", "StateDue", "Stop", "first_id", "id_at", "id_of_mail", "moment",
]  # fmt: skip


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
    salt = models.BinaryField(max_length=8, default=bytes)
    key = models.BinaryField(max_length=32, default=bytes)
    heard_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["edge", "name"], name="segment_once")]

    def __str__(self) -> str:
        return self.name


class Mail(PenOwned):
    """One copy of a pick. `people`: recipients that the edge was told; `unnamed`: others (Bcc) may have had it too.

    Its id is made of its moment, its pick and its copy: told twice it is the same row, and the key that holds a
    partition's column is unique (`id_of_mail`).
    `outcome` is empty until it is known whether the copy left: `used`, `untouched`, `unsent`. `quiet`: whoever it went
    to does not want to be followed, so nothing of hits on its links is kept."""

    untold = ("*",)

    pick = models.UUIDField()
    copy = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    sender = models.ForeignKey("people.Member", on_delete=models.SET_NULL, null=True, related_name="+")
    people = models.PositiveIntegerField(default=0)
    unnamed = models.BooleanField(default=False)
    outcome = models.CharField(max_length=12, blank=True, default="")
    reported_at = models.DateTimeField(null=True)
    quiet = models.BooleanField(default=False)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="mail_in_pen"),
            SamePen(field="sender", name="mail_sender_in_pen"),
        ]
        indexes = [
            models.Index(fields=["pen", "at"], name="mail_at"),
            models.Index(fields=["pen", "pick", "copy"], name="mail_pick"),
        ]

    def __init__(self, *args: Any, **values: Any) -> None:
        if not args and "id" not in values and {"at", "pick"} <= values.keys():
            values["id"] = id_of_mail(values["at"], values["pick"], values.get("copy", 0))
        super().__init__(*args, **values)

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
        indexes = [
            models.Index(fields=["pen", "address"], name="addressee_address"),
            models.Index(fields=["pen", "mail"], name="addressee_of_mail"),
        ]

    def __str__(self) -> str:
        return self.address


class EarlyReport(PenOwned):
    """What became of a copy that no edge has told of yet: it waits for its mail. `used`: the marks of what was used;
    `rest`: whether somebody may have got it whom the edge was not told."""

    untold = ("*",)

    pick = models.UUIDField()
    copy = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    outcome = models.CharField(max_length=12)
    used = models.JSONField(default=list)
    rest = models.BooleanField(default=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="earlyreport_in_pen"),
            models.UniqueConstraint(fields=["pen", "pick", "copy"], name="earlyreport_once"),
        ]

    def __str__(self) -> str:
        return f"{self.pick} {self.copy} {self.outcome}"


class LostClicks(PenOwned):
    """Clicks that an edge answered and could not write down, until `at` (its disk was full)."""

    untold = ("*",)

    at = models.DateTimeField()
    clicks = models.PositiveIntegerField()

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="lostclicks_in_pen")]

    def __str__(self) -> str:
        return f"{self.clicks} lost until {self.at}"


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
        indexes = [
            models.Index(fields=["pen", "campaign"], name="shown_campaign"),
            models.Index(fields=["pen", "mail"], name="shown_of_mail"),
        ]

    def __str__(self) -> str:
        return self.mark


class Link(PenOwned):
    """A link that a sender made by hand. `code`: its id, 12 bytes in hex. `address`: whom it was made for, or empty.

    The audit is written for good, so it does not tell whom a link was made for."""

    untold = ("address",)

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

    @property
    def outside_id(self) -> str:
        """`lnk_…`"""
        return ids.outside("link", self.id)


class Hit(PenOwned):
    """One request for a link, of a mail or of a sender's own; raw hits are kept whatever is thought of them.

    `pick`, `copy` and `content` (6 bytes in hex) are what its token said; `mail` is empty until an edge has told of
    that mail. `number` 255 is the decoy. `score`: how sure it is that a person clicked, 0 to 100, None until it was
    judged; `human` is what is said in short; `reasons` are the names of the rules that spoke, with what they saw.
    `due_at`: when it is judged (again), None when nothing is awaited; `settled_at`: when that was so first.
    `told_at`: when it was made known as human (`statistics.signals`); `corrected_at`: when later evidence turned
    what was said."""

    untold = ("*",)
    #: of a click that has just come: what the PEN's own site was told of it (contract/visits.md §1); kept by `visits`
    handed: bytes = b""

    at = models.DateTimeField()
    mail = models.ForeignKey(Mail, on_delete=models.CASCADE, null=True, related_name="hits")
    link = models.ForeignKey(Link, on_delete=models.CASCADE, null=True, related_name="hits")
    pick = models.UUIDField(null=True)
    copy = models.PositiveSmallIntegerField(default=0)
    content = models.CharField(max_length=12, blank=True, default="")
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
    due_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    told_at = models.DateTimeField(null=True)
    corrected_at = models.DateTimeField(null=True)

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
            models.Index(fields=["pen", "pick"], name="hit_pick"),
            models.Index(fields=["pen", "-id"], condition=models.Q(human=True), name="hit_people"),
            models.Index(fields=["due_at"], condition=models.Q(due_at__isnull=False), name="hit_due"),
            models.Index(fields=["pen", "mail", "human"], name="hit_of_mail"),
        ]

    def __str__(self) -> str:
        return f"{self.method} {self.target}"


class OptOut(PenOwned):
    """Somebody who does not want to be followed, by a keyed hash of their address (`statistics.privacy.outs`)."""

    untold = ("*",)

    key = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="optout_in_pen"),
            models.UniqueConstraint(fields=["pen", "key"], name="optout_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Erased(PenOwned):
    """Somebody was forgotten at `at`, by the same keyed hash: what edges tell later of mails of before names them no
    more. It goes when no segment of before can come any more."""

    untold = ("*",)

    key = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="erased_in_pen"),
            models.UniqueConstraint(fields=["pen", "key"], name="erased_once"),
        ]

    def __str__(self) -> str:
        return self.key


class Masking(PenOwned):
    """After how many days a PEN keeps addresses no more (0: it keeps them), and what stays of them: a keyed hash with
    the domain, or the domain alone. `until`: up to where it was done."""

    class Stays(models.TextChoices):
        HASH = "hash", "a hash and the domain"
        DOMAIN = "domain", "the domain"

    untold = ("until",)

    days = models.PositiveIntegerField(default=0)
    stays = models.CharField(max_length=8, choices=Stays.choices, default=Stays.DOMAIN)
    until = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="masking_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="masking_once"),
        ]

    def __str__(self) -> str:
        return f"{self.days} days"
