"""Sign-in providers of a PEN, who of theirs is which account here, and the codes that let an owner in without them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy

from stationer.portal.directories.models import check_rules
from stationer.portal.people.owned import PenOwned, SamePen
from stationer.portal.people.valid import check_domains
from stationer.wire import ids


def check_proofs(value: Any) -> None:
    """Refuses anything but a few texts."""
    if not isinstance(value, list) or not all(isinstance(one, str) and 0 < len(one) <= 200 for one in value):
        raise ValidationError("Proofs are a list of texts.", code="form")


class Provider(PenOwned):
    """A company's own sign-in, by OpenID Connect or SAML 2.0, and what it counts for here."""

    untold = ("tried_at", "found")

    class Kind(models.TextChoices):
        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    class Way(models.TextChoices):
        OFF = "off", gettext_lazy("nobody signs in by it")
        OFFERED = "offered", gettext_lazy("people may sign in by it, or by a code or password as before")
        REQUIRED = "required", gettext_lazy("people of its domains sign in by it alone")

    class Joining(models.TextChoices):
        OFF = "off", gettext_lazy("only people whom somebody here has let in")
        MEMBER = "member", gettext_lazy("everybody it knows, as a member who may do nothing more")

    class Factor(models.TextChoices):
        OURS = "ours", gettext_lazy("is asked for here")
        THEIRS = "theirs", gettext_lazy("may be shown there")

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.OIDC)
    #: OpenID Connect: the issuer as it names itself. SAML: its entity id
    issuer = models.CharField(max_length=1000)
    client_id = models.CharField(max_length=300, blank=True, default="")
    secret = models.BinaryField(default=bytes, blank=True, max_length=4000)
    #: what it said of itself when it was last looked at (contract/sign-in.md §2)
    found: models.JSONField[dict[str, Any], dict[str, Any]] = models.JSONField(default=dict, blank=True)
    domains: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_domains]
    )
    #: whether its administrators alone keep the addresses that it names (SAML has no word for that)
    vouched = models.BooleanField(default=False)
    way = models.CharField(max_length=8, choices=Way.choices, default=Way.OFF)
    joining = models.CharField(max_length=8, choices=Joining.choices, default=Joining.OFF)
    factor = models.CharField(max_length=8, choices=Factor.choices, default=Factor.OURS)
    proofs: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_proofs]
    )
    rules: models.JSONField[list[Any], list[Any]] = models.JSONField(default=list, validators=[check_rules])
    #: when an owner last came back from it, by the settings that it has
    tried_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="provider_in_pen")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`sip_…`"""
        return ids.outside("provider", self.id)

    @property
    def on(self) -> bool:
        """Whether anybody may sign in by it."""
        return self.way != self.Way.OFF


class Identity(PenOwned):
    """Somebody whom a provider names `subject` is this account. Another issuer has other subjects."""

    untold = ("seen_at",)

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="identities")
    issuer = models.CharField(max_length=1000)
    subject = models.CharField(max_length=300)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["-seen_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="identity_in_pen"),
            models.UniqueConstraint(fields=["provider", "issuer", "subject"], name="identity_subject"),
            models.UniqueConstraint(fields=["provider", "issuer", "account"], name="identity_account"),
            SamePen(field="provider", name="identity_provider_in_pen"),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def outside_id(self) -> str:
        """`sid_…`"""
        return ids.outside("identity", self.id)


class UsedAssertion(PenOwned):
    """A SAML assertion that was used, by the SHA-256 of its provider and ID: until `until` it is refused
    (providers.replays), after that by its own end."""

    untold = ("*",)

    provider = models.ForeignKey(Provider, on_delete=models.CASCADE, related_name="+")
    sha256 = models.BinaryField(max_length=32, unique=True)
    until = models.DateTimeField(db_index=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="usedassertion_in_pen"),
            SamePen(field="provider", name="usedassertion_provider_in_pen"),
        ]


class EmergencyCode(PenOwned):
    """A code that lets one owner in once, without the provider. Only its SHA-256 is kept."""

    untold = ("*",)

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    sha256 = models.BinaryField(max_length=32, unique=True)
    made_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="emergencycode_in_pen")]
