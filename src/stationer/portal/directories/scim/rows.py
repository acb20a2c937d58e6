"""What a directory that speaks SCIM said last of each person and group: the other side's list, and none of ours."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.utils import timezone

from stationer.portal.people.owned import PenOwned, SamePen


class PushedPerson(PenOwned):
    """A User (RFC 7643 §4.1) as it was said. `key` is userName as names are compared; `mails`: its e-mail addresses in
    small letters, each between line ends, to be found by."""

    untold = ("*",)

    directory = models.ForeignKey("directories.Directory", on_delete=models.CASCADE, related_name="persons")
    key = models.CharField(max_length=500)
    external_id = models.CharField(max_length=500, blank=True, default="")
    mails = models.TextField(blank=True, default="")
    active = models.BooleanField(default=True)
    said: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="pushedperson_in_pen"),
            models.UniqueConstraint(fields=["directory", "key"], name="pushedperson_key"),
            SamePen(field="directory", name="pushedperson_directory_in_pen"),
        ]
        indexes = [models.Index(fields=["directory", "external_id"], name="pushedperson_external")]


class PushedGroup(PenOwned):
    """A Group (RFC 7643 §4.2) as it was said, without its members. `key` is displayName as names are compared."""

    untold = ("*",)

    directory = models.ForeignKey("directories.Directory", on_delete=models.CASCADE, related_name="teams")
    key = models.CharField(max_length=500)
    external_id = models.CharField(max_length=500, blank=True, default="")
    said: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="pushedgroup_in_pen"),
            SamePen(field="directory", name="pushedgroup_directory_in_pen"),
        ]
        indexes = [
            models.Index(fields=["directory", "key"], name="pushedgroup_key"),
            models.Index(fields=["directory", "external_id"], name="pushedgroup_external"),
        ]


class PushedPlace(PenOwned):
    """A person, or a group (`inner`), is a member of a group."""

    untold = ("*",)

    group = models.ForeignKey(PushedGroup, on_delete=models.CASCADE, related_name="places")
    person = models.ForeignKey(PushedPerson, on_delete=models.CASCADE, related_name="places", null=True)
    inner = models.ForeignKey(PushedGroup, on_delete=models.CASCADE, related_name="inside", null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="pushedplace_in_pen"),
            models.UniqueConstraint(fields=["group", "person"], name="pushedplace_person_once"),
            models.UniqueConstraint(fields=["group", "inner"], name="pushedplace_inner_once"),
            SamePen(field="group", name="pushedplace_group_in_pen"),
            SamePen(field="person", name="pushedplace_person_in_pen"),
            SamePen(field="inner", name="pushedplace_inner_in_pen"),
        ]
