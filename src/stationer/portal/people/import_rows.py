"""An import: a file of people on its way in, and its lines, staged until one transaction puts them in place.

`Import.state` says what is due and who is waited for: the worker for CHECKING, APPLYING and UNDOING (one of them
holds the lease), the person for MAPPING and CHECKED. Nothing but these four tables changes before APPLYING; then
everything does at once, in one transaction. What stands in `before` undoes it.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models

from stationer.portal.people.owned import PenOwned, SamePen
from stationer.wire import ids


def no_counts() -> dict[str, int]:
    """The default of `counts`."""
    return {}


class Import(PenOwned):
    """A file of people: how to read it, what its columns are, how far it is."""

    untold = ("*",)

    class State(models.TextChoices):
        MAPPING = "mapping", "waits for the columns"
        CHECKING = "checking", "is read"
        CHECKED = "checked", "waits for the go-ahead"
        APPLYING = "applying", "is put in place"
        DONE = "done", "is in"
        UNDOING = "undoing", "is taken back"
        UNDONE = "undone", "is taken back"
        FAILED = "failed", "cannot be read"

    #: what a worker has to do
    DUE = (State.CHECKING, State.APPLYING, State.UNDOING)

    state = models.CharField(max_length=16, choices=State.choices, default=State.MAPPING)
    name = models.CharField(max_length=200)
    size = models.BigIntegerField(default=0)
    encoding = models.CharField(max_length=16)
    delimiter = models.CharField(max_length=1)
    heading = models.BooleanField(default=True)
    #: for each column what it is: see importing.columns
    columns: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    #: what to do with empty cells (keep, clear), groups (add, exact), people not in the file (keep, remove)
    empty = models.CharField(max_length=8, default="keep")
    groups = models.CharField(max_length=8, default="add")
    gone = models.CharField(max_length=8, default="keep")
    #: octets read, or lines put in place; and how many there are
    done = models.BigIntegerField(default=0)
    counts: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=no_counts)
    #: groups that are not there yet: name → the UUID they will have
    new_groups: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    #: BLAKE2b of everything that was found, so that a second look can be held against the first
    digest = models.CharField(max_length=64, blank=True, default="")
    #: access.RollDue.wanted when it was read: people have changed since where it is another
    seen = models.BigIntegerField(default=0)
    #: why it failed, or what else there is to say: a key of importing.telling
    note: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    by_name = models.CharField(max_length=254, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)
    applied_at = models.DateTimeField(null=True)
    lease = models.UUIDField(null=True)
    leased_until = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["-created_at"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="import_in_pen")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`imp_…`"""
        return ids.outside("import", self.id)

    @property
    def from_directory(self) -> bool:
        """Whether its lines came from a directory, which says of each person who they are there."""
        return "id" in self.columns

    @property
    def is_due(self) -> bool:
        """Whether a worker is waited for."""
        return self.state in self.DUE


class ImportRow(PenOwned):
    """One line, or (with line 0) one person whom the file does not name. `member` is who it is or will be."""

    untold = ("*",)

    class What(models.TextChoices):
        NEW = "new", "new"
        CHANGED = "changed", "changed"
        SAME = "same", "unchanged"
        WRONG = "wrong", "wrong"
        GONE = "gone", "gone"
        KEPT = "kept", "kept"

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="rows")
    line = models.IntegerField()
    what = models.CharField(max_length=8, choices=What.choices)
    address = models.CharField(max_length=254)
    member = models.UUIDField(null=True)
    aliases: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    attributes: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    package = models.UUIDField(null=True)
    #: what undoes it: aliases, attributes, package, and of those taken out their groups
    before: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)
    #: what is wrong: a key of importing.telling and what it names
    problem: models.JSONField[dict[str, Any] | None, dict[str, Any] | None] = models.JSONField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["line", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="importrow_in_pen"),
            SamePen(field="of", name="importrow_of_in_pen"),
        ]
        indexes = [
            models.Index(fields=["of", "what", "line"], name="importrow_what"),
            models.Index(fields=["of", "address"], name="importrow_address"),
            models.Index(fields=["member"], name="importrow_member"),
        ]


class ImportPlace(PenOwned):
    """Someone comes into a group (`id` is that of the GroupMember to be), or leaves one (`place` is its id)."""

    untold = ("*",)

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="places")
    line = models.IntegerField()
    member = models.UUIDField()
    group = models.UUIDField()
    place = models.UUIDField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="importplace_in_pen"),
            SamePen(field="of", name="importplace_of_in_pen"),
        ]
        indexes = [models.Index(fields=["of", "line"], name="importplace_line")]


class ImportAlias(PenOwned):
    """A further address that a line gives someone, or (with line 0) that someone has already."""

    untold = ("*",)

    of = models.ForeignKey(Import, on_delete=models.CASCADE, related_name="names")
    line = models.IntegerField()
    member = models.UUIDField()
    alias = models.CharField(max_length=254)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="importalias_in_pen"),
            SamePen(field="of", name="importalias_of_in_pen"),
        ]
        indexes = [models.Index(fields=["of", "alias"], name="importalias_alias")]
