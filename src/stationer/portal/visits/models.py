"""The PEN's own web site, clicks that were handed over to it, and the pages that were looked at after them.

A handed click names its hit by id and holds no relation to it: what was forgotten is not kept by it (`forgetting`).
"""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from stationer import links
from stationer.portal.people.owned import PenOwned

MOST_HOSTS = 20


class Website(PenOwned):
    """Whether visits are told (`on`), of which domains, and how the script knows that a visitor agreed. `code`: the
    four bytes, in hex, by which tokens name the PEN."""

    class Consent(models.TextChoices):
        ASK = "ask", gettext_lazy("the site says when a visitor has agreed")
        GIVEN = "given", gettext_lazy("whoever gets the script has agreed already")

    untold = ("code",)

    on = models.BooleanField(default=False)
    hosts: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    consent = models.CharField(max_length=8, choices=Consent.choices, default=Consent.ASK)
    code = models.CharField(max_length=8, db_index=True, editable=False)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="website_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="website_once"),
        ]

    def __str__(self) -> str:
        return ", ".join(self.hosts)

    def clean(self) -> None:
        """Whoever switches it on says which site."""
        if self.on and not self.hosts:
            raise ValidationError({"hosts": gettext("Say which domain, such as example.com.")})
        if len(self.hosts) > MOST_HOSTS:
            raise ValidationError({"hosts": gettext("These are too many domains.")})

    def save(self, *args: object, **options: object) -> None:
        self.code = links.name_of(self.pen.outside_id).hex()
        super().save(*args, **options)


class Handed(PenOwned):
    """A click that the site was told of: `visit` (12 bytes in hex, contract/visits.md §1) is that of `hit`."""

    untold = ("*",)

    visit = models.CharField(max_length=24)
    hit = models.UUIDField()
    at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="handed_in_pen"),
            models.UniqueConstraint(fields=["pen", "visit"], name="handed_once"),
        ]
        indexes = [
            models.Index(fields=["pen", "hit"], name="handed_hit"),
            models.Index(fields=["pen", "at"], name="handed_at"),
        ]

    def __str__(self) -> str:
        return self.visit


class View(PenOwned):
    """A page that was opened after a click, and for how many seconds it was seen."""

    untold = ("*",)

    visit = models.CharField(max_length=24)
    view = models.CharField(max_length=16)
    at = models.DateTimeField()
    host = models.CharField(max_length=253)
    path = models.CharField(max_length=500)
    seconds = models.PositiveIntegerField(default=0)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="view_in_pen"),
            models.UniqueConstraint(fields=["pen", "visit", "view"], name="view_once"),
        ]
        indexes = [models.Index(fields=["pen", "at"], name="view_at")]

    def __str__(self) -> str:
        return f"{self.host}{self.path}"
