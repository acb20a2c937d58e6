"""Domains that a company sends from; what is watched, what was found each hour, and what is wrong since when."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy

from stationer.portal.people.owned import PenOwned, new_id

_LABELS = RegexValidator(
    r"^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$", gettext_lazy("Write letters, figures and hyphens only.")
)


def check_key(value: str) -> None:
    """A public key as it stands in DNS. Raises ValidationError."""
    if value.strip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="):
        raise ValidationError(
            gettext_lazy(
                "Paste the key alone: what stands behind p= in the record, without quotes and spaces."
            )
        )


class SendingDomain(PenOwned):
    """A domain in From. `selector` and `key`: by which its mail is signed, as far as that is known. `bounce`: the label
    of its return path below it; empty: bounces go elsewhere."""

    name = models.CharField(max_length=253)
    selector = models.CharField(max_length=63, blank=True, validators=[_LABELS])
    key = models.CharField(max_length=1024, blank=True, validators=[check_key])
    bounce = models.CharField(max_length=63, blank=True, default="bounce", validators=[_LABELS])
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="sending_domain_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="sending_domain_once"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def return_path(self) -> str:
        """The domain of its envelope sender; empty where that is not below it."""
        return f"{self.bounce}.{self.name}" if self.bounce else ""


class Watched(models.Model):
    """One thing and how it stands: `findings` of the last look as `[rule, {saw}]`. `sound_at`: since when it was known
    to be whole; before that nothing of it alarms. `paused_at`: the way out rests that it belongs to."""

    class Kind(models.TextChoices):
        ADDRESS = "address", gettext_lazy("sending address")
        HELO = "helo", gettext_lazy("greeting")
        DOMAIN = "domain", gettext_lazy("sender’s domain")
        LINK = "link", gettext_lazy("link domain")

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey("people.Pen", on_delete=models.CASCADE, null=True, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    name = models.CharField(max_length=253)
    due_at = models.DateTimeField(db_index=True)
    leased_until = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    findings = models.JSONField(default=list)
    sound_at = models.DateTimeField(null=True)
    paused_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["kind", "name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "kind", "name"], name="watched_once"),
            models.UniqueConstraint(
                fields=["kind", "name"], condition=models.Q(pen=None), name="watched_once_of_installation"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Trouble(models.Model):
    """Something wrong, from the first sight until it healed: a listing (`about` is `zone:NAME`), or a finding that is
    bad (`rule:NAME`). `alarms`: whether anybody is told."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    watched = models.ForeignKey(Watched, on_delete=models.CASCADE, related_name="troubles")
    about = models.CharField(max_length=300)
    rule = models.CharField(max_length=40)
    saw = models.JSONField(default=dict)
    alarms = models.BooleanField(default=True)
    sights = models.PositiveIntegerField(default=0)
    cleans = models.PositiveIntegerField(default=0)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    healed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-since"]
        indexes = [models.Index(fields=["watched", "healed_at"], name="trouble_open")]


class Look(models.Model):
    """One look: how much was wrong, how much nobody could say."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    watched = models.ForeignKey(Watched, on_delete=models.CASCADE, related_name="looks")
    at = models.DateTimeField(db_index=True)
    wrong = models.PositiveIntegerField()
    unknown = models.PositiveIntegerField()


class ZoneState(models.Model):
    """How a block list did at its own test points, the last time; `trouble` is empty where it is sound."""

    zone = models.CharField(max_length=253, primary_key=True)
    tried_at = models.DateTimeField()
    trouble = models.CharField(max_length=20, blank=True)
