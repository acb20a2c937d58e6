"""Partners: resellers that own PENs. They form a tree; each says what it hands down (contract/partners.md)."""

from __future__ import annotations

import uuid
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext

from stationer.portal.people.owned import new_id
from stationer.portal.people.valid import check_inherited
from stationer.wire import ids

#: Partners stand below one another at most so deep.
MOST_DEEP = 6


class Partner(models.Model):
    """A reseller that owns PENs; partners form a tree. `path`: the hex ids from the top down to this one, each with a
    slash after it, so that all below are the rows whose path begins with this one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
    path = models.CharField(max_length=33 * MOST_DEEP, blank=True, default="", editable=False, db_index=True)
    #: what this one alone hands down and locks, `wire.definition.Inherited`
    terms = models.JSONField(default=dict, blank=True, validators=[check_inherited])
    #: looks of the pages below (site.letterhead), and whether PENs may have their own
    brand = models.JSONField(default=dict, blank=True)
    brand_locked = models.BooleanField(default=False)
    #: what the portal is called below; empty: as above
    house = models.CharField(max_length=60, blank=True, default="")
    #: the logo's digest and how its file ends (partners.labels)
    logo = models.CharField(max_length=60, blank=True, default="")
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["path"]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        if not self.path or self._state.adding:
            self.path = f"{self.parent.path if self.parent else ''}{self.pk.hex}/"
        super().save(*args, **options)

    def clean(self) -> None:
        """A tree is only so deep, and grows downwards alone."""
        if self.parent is not None and self.parent.path.count("/") >= MOST_DEEP:
            sentence = gettext("Partners stand at most {most} below one another.")
            raise ValidationError({"parent": sentence.format(most=MOST_DEEP)})

    @property
    def outside_id(self) -> str:
        """`par_…`"""
        return ids.outside("partner", self.id)

    def line(self) -> list[uuid.UUID]:
        """The ids from the top down to this one."""
        return [uuid.UUID(hex=one) for one in self.path.split("/") if one]
