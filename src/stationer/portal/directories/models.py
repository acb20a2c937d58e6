"""Directories, who of them is whom here, and every sync."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy

from stationer.portal.directories.scim.rows import PushedGroup as PushedGroup
from stationer.portal.directories.scim.rows import PushedPerson as PushedPerson
from stationer.portal.directories.scim.rows import PushedPlace as PushedPlace
from stationer.portal.directories.transforms import rules_of
from stationer.portal.people.models import Group, Import, Member
from stationer.portal.people.owned import PenOwned, SamePen
from stationer.wire import ids


def check_rules(value: Any) -> None:
    """Refuses what are no rules (contract/directories.md §2)."""
    try:
        rules_of(value)
    except ValueError as error:
        raise ValidationError(str(error), code="rules") from None


#: What decides what a directory says, and what becomes of it.
SETTINGS = (
    "host", "port", "security", "authorities", "bind", "base", "people_filter", "groups_base", "groups_filter", "rules",
    "also_above",
)  # fmt: skip


class Directory(PenOwned):
    """A directory, how it is reached, and what becomes of what it says."""

    untold = (
        "trusted", "next_at", "lease", "leased_until", "fingerprint", "known", "problem", "failing_since", "checked_at",
        "token_used_at",
    )  # fmt: skip

    class Kind(models.TextChoices):
        LDAP = "ldap", gettext_lazy("is read (LDAP)")
        SCIM = "scim", gettext_lazy("tells by itself (SCIM)")

    class Security(models.TextChoices):
        LDAPS = "ldaps", gettext_lazy("encrypted from the start (ldaps)")
        STARTTLS = "starttls", gettext_lazy("encrypted by StartTLS")
        NONE = "none", gettext_lazy("not encrypted")

    class Every(models.IntegerChoices):
        QUARTER = 15, gettext_lazy("every quarter of an hour")
        HOUR = 60, gettext_lazy("every hour")
        FOUR_HOURS = 240, gettext_lazy("every four hours")
        DAY = 1440, gettext_lazy("once a day")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.LDAP)
    # ── of LDAP ──
    host = models.CharField(max_length=253, blank=True, default="")
    port = models.PositiveIntegerField(
        default=636, validators=[MinValueValidator(1), MaxValueValidator(65_535)]
    )
    security = models.CharField(max_length=8, choices=Security.choices, default=Security.LDAPS)
    #: certificates (PEM) of the authorities that are believed; empty: the system's
    authorities = models.TextField(blank=True, default="")
    bind = models.CharField(max_length=500, blank=True, default="")
    password = models.BinaryField(default=bytes, blank=True, max_length=1000)
    base = models.CharField(max_length=500, blank=True, default="")
    people_filter = models.CharField(max_length=1000, blank=True, default="")
    groups_base = models.CharField(max_length=500, blank=True, default="")
    groups_filter = models.CharField(max_length=1000, blank=True, default="")
    # ── of SCIM: the SHA-256 of the token by which it may speak ──
    token_sha256 = models.BinaryField(max_length=32, null=True, blank=True, unique=True, editable=False)
    token_at = models.DateTimeField(null=True, blank=True)
    token_used_at = models.DateTimeField(null=True, blank=True)
    # ── of both ──
    rules: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, validators=[check_rules])
    every = models.PositiveIntegerField(choices=Every.choices, default=Every.HOUR)
    most_gone = models.PositiveSmallIntegerField(default=10, validators=[MaxValueValidator(100)])
    #: whether it decides the names and packages of those who may do more here than keep people
    also_above = models.BooleanField(default=False)
    on = models.BooleanField(default=True)
    #: whether a person has agreed to a plan made by these settings
    trusted = models.BooleanField(default=False)
    next_at = models.DateTimeField(default=timezone.now)
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    #: `mark` and BLAKE2b of what it said when all of it was in place, and access.RollDue.wanted then
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    known = models.BigIntegerField(default=0)
    problem: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    failing_since = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="directory_in_pen")]
        indexes = [models.Index(fields=["on", "next_at"], name="directory_due")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`dir_…`"""
        return ids.outside("directory", self.id)

    @property
    def mark(self) -> str:
        """BLAKE2b of all settings that decide what it says, and what becomes of it."""
        said = json.dumps([getattr(self, name) for name in SETTINGS], sort_keys=True)
        return blake2b(said.encode(), digest_size=10).hexdigest()


class Linked(PenOwned):
    """A person of a directory is this member. `look` is the import that last found them there."""

    untold = ("*",)

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="linked")
    uid = models.CharField(max_length=500)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    look = models.UUIDField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="linked_in_pen"),
            models.UniqueConstraint(fields=["directory", "uid"], name="linked_uid"),
            models.UniqueConstraint(fields=["pen", "member"], name="linked_member"),
            SamePen(field="directory", name="linked_directory_in_pen"),
            SamePen(field="member", name="linked_member_in_pen"),
        ]


class LinkedGroup(PenOwned):
    """A group of a directory is this group."""

    untold = ("*",)

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="groups")
    uid = models.CharField(max_length=500)
    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="+")

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="linkedgroup_in_pen"),
            models.UniqueConstraint(fields=["directory", "uid"], name="linkedgroup_uid"),
            SamePen(field="directory", name="linkedgroup_directory_in_pen"),
            SamePen(field="group", name="linkedgroup_group_in_pen"),
        ]


class NewLink(PenOwned):
    """A line of an import is a person whom the directory had not yet: linked when the import is in place."""

    untold = ("*",)

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="+")
    line = models.IntegerField()
    uid = models.CharField(max_length=500)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="newlink_in_pen"),
            SamePen(field="of", name="newlink_of_in_pen"),
        ]
        indexes = [models.Index(fields=["of", "line"], name="newlink_line")]


class Sync(PenOwned):
    """One reading of a directory and what became of it (contract/directories.md §4). `teams`: id, name of groups."""

    untold = ("*",)

    class Outcome(models.TextChoices):
        READING = "reading", gettext_lazy("is read")
        LOOKING = "looking", gettext_lazy("is looked at")
        WAITS = "waits", gettext_lazy("waits for you")
        STOPPED = "stopped", gettext_lazy("stopped")
        APPLIED = "applied", gettext_lazy("done")
        SAME = "same", gettext_lazy("nothing new")
        FAILED = "failed", gettext_lazy("failed")
        FORGOTTEN = "forgotten", gettext_lazy("not wanted")
        OVERTAKEN = "overtaken", gettext_lazy("a later one took its place")

    #: what is not over
    OPEN = (Outcome.LOOKING, Outcome.WAITS, Outcome.STOPPED)

    directory = models.ForeignKey(Directory, on_delete=models.CASCADE, related_name="syncs")
    of = models.ForeignKey(Import, on_delete=models.SET_NULL, null=True, related_name="sync")
    outcome = models.CharField(max_length=12, choices=Outcome.choices, default=Outcome.READING)
    started_at = models.DateTimeField(default=timezone.now)
    ended_at = models.DateTimeField(null=True)
    people = models.PositiveIntegerField(default=0)
    requests = models.PositiveIntegerField(default=0)
    teams: models.JSONField[list[list[str]], list[list[str]]] = models.JSONField(default=list)
    fingerprint = models.CharField(max_length=64, blank=True, default="")
    counts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    problem: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)

    class Meta(PenOwned.Meta):
        ordering = ["-started_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="sync_in_pen"),
            SamePen(field="directory", name="sync_directory_in_pen"),
            SamePen(field="of", name="sync_of_in_pen"),
        ]
        indexes = [models.Index(fields=["pen", "outcome"], name="sync_open")]

    def is_by(self, directory: Directory) -> bool:
        """Whether the directory's settings are still those by which it was read."""
        return self.fingerprint.startswith(f"{directory.mark}-")
