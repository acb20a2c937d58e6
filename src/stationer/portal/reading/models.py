"""Contacts of a PEN and how they show who they are: codes, passkeys, secrets; and the sittings that came of it.

Nothing that opens anything is in these rows: a code is made from a row's salt under the installation's key, a cookie's
secret is kept as its SHA-256, a shared secret and a password as argon2id.
"""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy

from stationer.portal.people.models import Member
from stationer.portal.people.owned import PenOwned, SamePen
from stationer.portal.reading.phone_rows import Gateway, PhoneCode, new_salt, tail
from stationer.wire import ids

__all__ = ["Code", "Contact", "Gateway", "Passkey", "PhoneCode", "ReadingTerms", "Sitting", "new_salt"]


class Contact(PenOwned):
    """Somebody outside who reads letters of the PEN, by address. `level`: the highest that they have a means for
    (contract/reading.md §4). `secret` is set by a member and told to them by another way; `password` is their own."""

    untold = (
        "level",
        "secret",
        "password",
        "wrong",
        "wrong_at",
        "sittings",
        "declined_at",
        "seen_at",
        "phone",
    )

    address = models.CharField(max_length=320)
    level = models.PositiveSmallIntegerField(default=1)
    secret = models.CharField(max_length=200, blank=True, default="")
    secret_at = models.DateTimeField(null=True, blank=True)
    #: who set it, and is told when somebody guesses
    secret_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, related_name="+")
    password = models.CharField(max_length=200, blank=True, default="")
    #: where codes go by telephone (E.164), since when, and who said so
    phone = models.CharField(max_length=16, blank=True, default="")
    phone_at = models.DateTimeField(null=True, blank=True)
    phone_by = models.ForeignKey(Member, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    #: wrong secrets since the last right one, and when the last was said
    wrong = models.PositiveIntegerField(default=0)
    wrong_at = models.DateTimeField(null=True, blank=True)
    sittings = models.PositiveIntegerField(default=0)
    #: when they did not want the passkey that was offered
    declined_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="contact_in_pen"),
            models.UniqueConstraint(fields=["pen", "address"], name="contact_address"),
            SamePen(field="secret_by", name="contact_member_in_pen"),
            SamePen(field="phone_by", name="contact_phone_member_in_pen"),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def outside_id(self) -> str:
        """`ctc_…`"""
        return ids.outside("contact", self.id)

    @property
    def phone_tail(self) -> str:
        """As much of the number as is ever shown."""
        return tail(self.phone)


class Passkey(PenOwned):
    """A WebAuthn credential of a contact: its id in base64url, and its public key as fido2 writes it. `level`: what
    had been shown when it was made; whoever made it with a code by mail alone may have been anybody who reads that
    mailbox, and it shows no more than that code did."""

    untold = ("*",)

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="passkeys")
    credential = models.CharField(max_length=1400)
    public = models.BinaryField()
    #: the signature counter that was last seen (WebAuthn Level 2 §6.1.1); 0 where the authenticator has none
    count = models.PositiveBigIntegerField(default=0)
    level = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="passkey_in_pen"),
            models.UniqueConstraint(fields=["pen", "credential"], name="passkey_once"),
            SamePen(field="contact", name="passkey_contact_in_pen"),
        ]

    def __str__(self) -> str:
        return self.name


class Code(PenOwned):
    """A code by mail, asked for in one browser at one letter: `door` is the SHA-256 of the browser's cookie. `asked` is
    what was typed or chosen, `address` whom the mail went to: nothing where nobody may read, and then no guess is
    right. `to`: the plain form of what was typed, which mails and guesses are counted by, so that a
    count tells nothing of who may read."""

    untold = ("*",)

    door = models.CharField(max_length=64)
    letter = models.UUIDField(null=True)
    asked = models.CharField(max_length=320)
    #: whether it was chosen of those that the page offers, which it names by a hint alone
    offered = models.BooleanField(default=False)
    address = models.CharField(max_length=320, blank=True, default="")
    to = models.CharField(max_length=320, default="")
    figures = models.PositiveSmallIntegerField(default=8)
    salt = models.BinaryField(max_length=16, default=new_salt)
    guesses = models.PositiveSmallIntegerField(default=0)
    asked_at = models.DateTimeField()
    mails = models.PositiveIntegerField(default=0)
    mailed_at = models.DateTimeField()
    #: when the first mail may leave, from when on the code counts; and the last one
    counts_at = models.DateTimeField(null=True)
    leaves_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="code_in_pen")]
        indexes = [
            models.Index(fields=["pen", "door", "asked_at"], name="code_of_door"),
            models.Index(fields=["pen", "to", "asked_at"], name="code_to"),
            models.Index(fields=["expires_at"], name="code_over"),
        ]

    def __str__(self) -> str:
        return self.asked


class Sitting(PenOwned):
    """A browser in which somebody has shown addresses of theirs: `shown` maps each to the level it was shown at.
    `secret` is the SHA-256 of the cookie, `host` the partner's host it is good at."""

    untold = ("*",)

    secret = models.CharField(max_length=64, unique=True)
    host = models.CharField(max_length=253, blank=True, default="")
    shown: models.JSONField[dict[str, int], dict[str, int]] = models.JSONField(default=dict)
    own_device = models.BooleanField(default=False)
    began_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="sitting_in_pen")]
        indexes = [models.Index(fields=["ends_at"], name="sitting_over")]

    def __str__(self) -> str:
        return ", ".join(self.shown)


class ReadingTerms(PenOwned):
    """What a PEN asks of whoever reads its letters. There is one row, or none: then level 1, and no passwords."""

    class Quick(models.TextChoices):
        OFF = "off", gettext_lazy("by a code or a passkey alone")
        PASSWORD = "password", gettext_lazy("also by a password of their own")

    level = models.PositiveSmallIntegerField(default=1)
    quick = models.CharField(max_length=8, choices=Quick.choices, default=Quick.OFF)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="readingterms_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="readingterms_once"),
            models.CheckConstraint(condition=models.Q(level__gte=1, level__lte=3), name="readingterms_level"),
        ]

    def __str__(self) -> str:
        return str(self.level)
