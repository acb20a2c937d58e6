"""Accounts (of the installation), memberships and devices (of a PEN), and when the roll must be written.

A secret (device token, API key) is 256 random bits; only its SHA-256 is kept.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext

from stationer.portal.access.rights import BUILT_IN, RIGHTS, ROLE_NAMES, Right, closed
from stationer.portal.people.models import Member
from stationer.portal.people.owned import PenOwned, SamePen, new_id
from stationer.wire import ids


class AccountManager(BaseUserManager["Account"]):
    """Makes accounts; the e-mail address is the login name, in lower case."""

    def create_user(self, email: str, password: str | None = None, **more: Any) -> Account:
        account = self.model(email=email.strip().lower(), **more)
        account.set_password(password)
        account.save(using=self._db)
        return account

    def get_by_natural_key(self, username: str | None) -> Account:
        return self.get(email=(username or "").strip().lower())


class Account(AbstractBaseUser):
    """A person's credentials. They belong to the installation; membership belongs to a PEN."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    email = models.EmailField(max_length=254, unique=True)
    is_active = models.BooleanField(default=True)
    date_joined = models.DateTimeField(auto_now_add=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    objects = AccountManager()

    def __str__(self) -> str:
        return self.email


class SignIn(models.Model):
    """A browser in which an account is signed in. `session` is the hash that the session itself is kept under."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="sign_ins")
    session = models.CharField(max_length=40, unique=True)
    agent = models.CharField(max_length=300, blank=True)
    ip = models.GenericIPAddressField(null=True)
    began_at = models.DateTimeField(auto_now_add=True)
    seen_at = models.DateTimeField()

    class Meta:
        ordering = ["-seen_at"]

    def __str__(self) -> str:
        return str(self.account)


def check_rights(value: Any) -> None:
    """A list of rights (access.rights), each once. Raises ValidationError."""
    if (
        not isinstance(value, list)
        or len(set(map(str, value))) != len(value)
        or not set(value) <= set(RIGHTS)
    ):
        raise ValidationError(gettext("These are no rights that one can give."))


class Role(PenOwned):
    """A role that a PEN made for itself: a name, and what whoever has it may do."""

    name = models.CharField(max_length=80)
    rights = models.JSONField(default=list, blank=True, validators=[check_rights])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="role_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="role_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`rol_…`"""
        return ids.outside("role", self.id)


class Membership(PenOwned):
    """This account is that member of this PEN, with a role: one that is built in, or the PEN's `own`."""

    class Role(models.TextChoices):
        OWNER = "owner", "owner"
        MARKETER = "marketer", "marketer"
        PEOPLE_ADMIN = "people-admin", "people admin"
        AUDITOR = "auditor", "auditor"
        MEMBER = "member", "member"
        OWN = "own", "a role of its own"

    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=16, choices=Role.choices, default=Role.MEMBER)
    own_role = models.ForeignKey(
        "access.Role", on_delete=models.PROTECT, null=True, blank=True, related_name="memberships"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="membership_in_pen"),
            models.UniqueConstraint(fields=["pen", "account"], name="membership_once"),
            SamePen(field="member", name="membership_member_in_pen"),
            SamePen(field="own_role", name="membership_role_in_pen"),
            models.CheckConstraint(
                condition=models.Q(role="own", own_role__isnull=False)
                | (~models.Q(role="own") & models.Q(own_role__isnull=True)),
                name="membership_has_a_role",
            ),
        ]

    def __str__(self) -> str:
        return str(self.account)

    @property
    def is_owner(self) -> bool:
        """Whether this person is an owner. Ask for a right instead, but where ownership itself is at stake."""
        return self.role == self.Role.OWNER

    @property
    def role_name(self) -> str:
        """What the role is called."""
        return self.own_role.name if self.own_role else str(ROLE_NAMES[self.role])

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do, with all that it brings along."""
        return closed(self.own_role.rights if self.own_role else BUILT_IN.get(self.role, ()))


class Device(PenOwned):
    """A program that may ask: an agent or add-in (on the roll), or an API key (`kind` api, of no member)."""

    class Kind(models.TextChoices):
        AGENT = "agent", "agent"
        ADDIN = "addin", "add-in"
        API = "api", "API key"

    untold = ("last_seen_at",)

    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16, choices=Kind.choices, default=Kind.AGENT)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, null=True, related_name="devices")
    token_sha256 = models.BinaryField(max_length=32, unique=True)
    scopes = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    last_seen_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="device_in_pen"),
            SamePen(field="member", name="device_member_in_pen"),
            models.CheckConstraint(
                condition=models.Q(kind="api") | models.Q(member__isnull=False), name="device_has_member"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`dev_…`"""
        return ids.outside("device", self.id)


class Consent(PenOwned):
    """A signed-in member agreed that a program may enrol: first by its device grant, then by its token."""

    untold = ("*",)

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="+")
    grant = models.OneToOneField(
        "oauth2_provider.DeviceGrant", on_delete=models.SET_NULL, null=True, related_name="+"
    )
    token = models.OneToOneField(
        "oauth2_provider.AccessToken", on_delete=models.CASCADE, null=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="consent_in_pen"),
            SamePen(field="member", name="consent_member_in_pen"),
        ]


class ProvenDomain(PenOwned):
    """Whether a domain was proven by a record in its zone (access.domains), and when that was last looked for."""

    untold = ("checked_at",)

    domain = models.CharField(max_length=253)
    proven_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["domain"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="provendomain_in_pen"),
            models.UniqueConstraint(fields=["pen", "domain"], name="provendomain_once"),
        ]
        #: a sign-in asks whose a domain is, whatever PEN (providers.forced)
        indexes = [models.Index(fields=["domain"], name="provendomain_domain")]

    def __str__(self) -> str:
        return self.domain


class RollDue(PenOwned):
    """One row a PEN: the roll must be written while `wanted` is ahead of `written`."""

    untold = ("*",)

    wanted = models.BigIntegerField(default=1)
    written = models.BigIntegerField(default=0)
    serial = models.BigIntegerField(default=0)
    written_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="rolldue_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="rolldue_once"),
        ]
