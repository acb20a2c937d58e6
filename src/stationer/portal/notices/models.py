"""A PEN's keys of notifications, and the versions of what its notifications say (contract/notice.md §6)."""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import models

from stationer.portal.people.owned import PenOwned
from stationer.wire import ids

#: By language.
Texts = dict[str, str]


class Wording(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a PEN says of itself in notifications. `notification`, `message`: disclaimers by the outside id of a package
    and language; `words`: its own in the place of ours, by language and name."""

    address: str = ""
    phone: str = ""
    tag: str = "[secure]"
    languages: tuple[str, ...] = ("en",)
    words: dict[str, Texts] = {}
    notification: dict[str, Texts] = {}
    message: dict[str, Texts] = {}


def check_wording(value: Any) -> None:
    """Refuses what is no Wording; what is wrong in one, `stationer.notice.faults` says."""
    try:
        msgspec.convert(value, Wording)
    except msgspec.ValidationError as error:
        raise ValidationError(str(error), code="form") from None


class SigningKey(PenOwned):
    """An Ed25519 key of notifications. The newest signs; a retired one proves no more."""

    number = models.PositiveIntegerField()
    public = models.BinaryField(max_length=32)
    #: sealed (people.sealed)
    private = models.BinaryField(max_length=200)
    made_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta(PenOwned.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="signingkey_in_pen"),
            models.UniqueConstraint(fields=["pen", "number"], name="signingkey_number"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """`k1`, `k2`, …: its id for whoever proves."""
        return f"k{self.number}"

    @property
    def outside_id(self) -> str:
        """`nky_…`"""
        return ids.outside("signingkey", self.id)


class WordingVersion(PenOwned):
    """What the PEN's notifications said from `made_at` until the next number. `restored`: the number it was again."""

    untold = ("*",)  # `notices.wording` tells it, against the version before
    append_only = True

    number = models.PositiveIntegerField()
    said: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(validators=[check_wording])
    restored = models.PositiveIntegerField(null=True, blank=True)
    made_by = models.CharField(max_length=254, blank=True, default="")
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="wordingversion_in_pen"),
            models.UniqueConstraint(fields=["pen", "number"], name="wordingversion_number"),
        ]

    def __str__(self) -> str:
        return str(self.number)
