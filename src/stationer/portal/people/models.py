"""Partners, PENs, and who is in a PEN: members, packages, groups, lists of addresses."""

from __future__ import annotations

import secrets
import uuid
from typing import Any

import msgspec
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.utils.translation import gettext_lazy

from stationer.pick import settle
from stationer.portal.people.delegate_rows import Delegation
from stationer.portal.people.handed import Handed, check_handed
from stationer.portal.people.import_rows import Import, ImportAlias, ImportPlace, ImportRow
from stationer.portal.people.listed import check_access_list
from stationer.portal.people.logo import Logo, logo_of
from stationer.portal.people.owned import PenOwned, SamePen, new_id
from stationer.portal.people.partner import Partner
from stationer.portal.people.valid import (
    MIXED,
    RIGHTS,
    check_addresses,
    check_attributes,
    check_blackout,
    check_calendars,
    check_domains,
    check_inherited,
    check_mixed,
    check_names,
    check_one_address,
    check_pictures,
    check_rights,
    check_slots,
    check_tracking,
    check_zone,
)
from stationer.wire import ids
from stationer.wire.definition import Inherited, Management, Terms
from stationer.wire.rules import Schedule
from stationer.wire.words import PICTURES, SLOTS, TRACKING

__all__ = [
    "AddressList",
    "Attribute",
    "Delegation",
    "Group",
    "GroupMember",
    "Import",
    "ImportAlias",
    "ImportPlace",
    "ImportRow",
    "Member",
    "Package",
    "Partner",
    "Pen",
    "Proposal",
    "pen_id_of",
]


def new_mark_key() -> bytes:
    """256 random bits: the key of a PEN's marks, person digests and picture names."""
    return secrets.token_bytes(32)


def all_slots() -> list[str]:
    """The default of a PEN: every slot may be used."""
    return list(SLOTS)


def all_rights() -> list[str]:
    """The default of a package: its members may do what any member may."""
    return list(RIGHTS)


class Pen(models.Model):
    """One company's space: the tenant."""

    class Standing(models.TextChoices):
        ACTIVE = "active", "active"
        SUSPENDED = "suspended", "suspended"
        ENDED = "ended", "ended"

    class Access(models.TextChoices):
        OPEN = "open", gettext_lazy("anybody")
        CONTROLLED = "controlled", gettext_lazy("who is on the access list")
        INVITATION = "invitation", gettext_lazy("who has got a message from here")

    #: the audit tells it in one sentence (partners.handing)
    untold = ("handed",)

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    partner = models.ForeignKey(Partner, on_delete=models.PROTECT, null=True, blank=True, related_name="pens")
    domains = models.JSONField(default=list, blank=True, validators=[check_domains])
    #: whose people enter it by its own sign-in alone (contract/sign-in.md §7); `providers` writes it
    sign_in_only = models.JSONField(default=list, blank=True, validators=[check_domains], editable=False)
    mark_key = models.BinaryField(default=new_mark_key, max_length=32)
    hold_limit_ms = models.PositiveIntegerField(default=60_000)
    most_messages = models.PositiveSmallIntegerField(default=2)
    slots = models.JSONField(default=all_slots, validators=[check_slots])
    blackout = models.JSONField(default=list, blank=True, validators=[check_blackout])
    quiet_groups = models.JSONField(default=list, blank=True, validators=[check_names])
    mixed = models.CharField(max_length=16, default="shared", validators=[check_mixed])
    most_copies = models.PositiveSmallIntegerField(default=4)
    #: whether an edge keeps records (contract/replay.md)
    replay = models.BooleanField(default=False)
    #: whether pictures travel inside mails or are fetched when they are read (contract/content.md §5)
    pictures = models.CharField(max_length=16, default="linked", validators=[check_pictures])
    #: what is kept of whoever follows a link; whether blocks end in a link that nobody sees (contract/links.md)
    tracking = models.CharField(max_length=16, default="people", validators=[check_tracking])
    decoy = models.BooleanField(default=False)
    #: the domain that its links have of their own, and since when it is known to lead to the edge
    link_host = models.CharField(max_length=253, blank=True, default="", editable=False)
    link_host_proven_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: days by name, which schedules can take out (contract/pick.md §4)
    calendars = models.JSONField(default=dict, blank=True, validators=[check_calendars])
    #: what a partner hands down and locks, `wire.definition.Inherited`; of a PEN with a partner `partners` writes it
    inherited = models.JSONField(default=dict, blank=True, validators=[check_inherited])
    #: the rest of what is handed down: parts of templates, brand, names (people.handed); `partners` alone writes it
    handed = models.JSONField(default=dict, blank=True, editable=False, validators=[check_handed])
    #: whether its people can work here (contract/partners.md §6); mail does not ask
    standing = models.CharField(
        max_length=12, choices=Standing.choices, default=Standing.ACTIVE, editable=False
    )
    standing_since = models.DateTimeField(null=True, blank=True, editable=False)
    #: its own door, `SLUG.HOST` or `/at/SLUG/`; nothing: it has none
    slug = models.CharField(max_length=40, unique=True, null=True, blank=True, editable=False)
    #: who from outside may write to its members by secure message (people.rules), and who is named for it
    access = models.CharField(max_length=12, choices=Access.choices, default=Access.INVITATION)
    access_list: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_access_list]
    )
    #: the IANA time zone of the company: where schedules begin, and readers whose own is not known
    zone = models.CharField(max_length=64, default="UTC", validators=[check_zone])
    #: whether a person shows a second factor before they publish
    second_factor = models.BooleanField(default=True)
    #: when a mail first left with the letterhead, as an agent reported it
    first_stamped_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: what these pages look like (site.letterhead): colour, seal, paper, voice
    brand = models.JSONField(default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **options: Any) -> None:
        with transaction.atomic(using=options.get("using"), savepoint=False):  # with its audit row
            super().save(*args, **options)

    @property
    def outside_id(self) -> str:
        """`pen_…`"""
        return ids.outside("pen", self.id)

    def from_above(self) -> Handed:
        """What its partner hands down beside settings."""
        return msgspec.convert(self.handed, Handed)

    def looks(self) -> dict[str, Any]:
        """The brand in force: its own, within what its partner hands down."""
        return self.from_above().looks(self.brand)

    @property
    def logo(self) -> Logo:
        """What stands above pages for its readers: its own, or its partner's where that has locked the brand, or the
        PEN has none."""
        above = self.from_above()
        return (None if above.brand_by else logo_of(self.brand)) or Logo(above.logo, False)

    @property
    def url(self) -> str:
        """Where its people reach the portal, without a slash at the end: its partner's host, or the installation's."""
        return self.from_above().url or str(settings.PUBLIC_URL)

    def management(self) -> Management:
        """The settings in force: its own, within what its partner hands down (contract/pick.md §8)."""
        own = Terms(
            hold_limit_ms=self.hold_limit_ms,
            most_messages=self.most_messages,
            slots=tuple(slot for slot in SLOTS if slot in self.slots),
            blackout=msgspec.convert(self.blackout, tuple[Schedule, ...]),
            quiet_groups=tuple(self.quiet_groups),
            mixed=next((one for one in MIXED if one == self.mixed), "shared"),
            most_copies=self.most_copies,
            replay=self.replay,
            pictures=next((one for one in PICTURES if one == self.pictures), "linked"),
            tracking=next((one for one in TRACKING if one == self.tracking), "off"),
            decoy=self.decoy,
        )
        return settle(msgspec.convert(self.inherited, Inherited), own)


class Package(PenOwned):
    """The membership package that decides rights, disclaimers, quotas."""

    name = models.CharField(max_length=80)
    disclaimer = models.TextField(blank=True, default="")
    #: what its members may do for themselves (contract/company.md, "Packages")
    rights = models.JSONField(default=all_rights, blank=True, validators=[check_rights])
    #: whether it decides of everybody who is no member: at most one of a PEN
    guests = models.BooleanField(default=False)
    #: of secure messages: octets of one and how many a day (0: as the installation has it), days until one ends
    #: (0: when its author ends it), the least level of its readers (contract/reading.md §4)
    most_octets = models.PositiveBigIntegerField(default=0)
    messages_a_day = models.PositiveIntegerField(default=0)
    retention_days = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(36_500)])
    level = models.PositiveSmallIntegerField(
        default=1, validators=[MinValueValidator(1), MaxValueValidator(3)]
    )

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["pen"], condition=models.Q(guests=True), name="package_of_guests"
            ),
            models.UniqueConstraint(fields=["pen", "id"], name="package_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="package_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`pkg_…`"""
        return ids.outside("package", self.id)


class Group(PenOwned):
    """A named group of members, used in rules."""

    name = models.CharField(max_length=120)

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="group_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="group_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`grp_…`"""
        return ids.outside("group", self.id)


class Attribute(PenOwned):
    """What this PEN says of an attribute that people have: what it is called, what it is, who may change it. Those
    it says nothing of are as `people.attributes` has them."""

    class Kind(models.TextChoices):
        TEXT = "text", "words"
        PHONE = "phone", "a telephone number"
        LINK = "link", "an address on the web"
        CHOICE = "choice", "one of a list"

    class Editing(models.TextChoices):
        OFFICE = "office", "the office"
        ASKED = "asked", "each person, and the office agrees"
        SELF = "self", "each person"

    name = models.CharField(max_length=64)
    label = models.CharField(max_length=80, blank=True, default="")
    kind = models.CharField(max_length=8, choices=Kind.choices, default=Kind.TEXT)
    #: of the kind `choice`: what can be chosen
    choices: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_names]
    )
    editing = models.CharField(max_length=8, choices=Editing.choices, default=Editing.OFFICE)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="attribute_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="attribute_name"),
        ]

    def __str__(self) -> str:
        return self.label or self.name


class Member(PenOwned):
    """A person in a PEN, by address. `attributes` fill the fields of templates and messages."""

    address = models.CharField(max_length=254, validators=[check_one_address])
    aliases = models.JSONField(default=list, blank=True, validators=[check_addresses])
    attributes = models.JSONField(default=dict, blank=True, validators=[check_attributes])
    package = models.ForeignKey(Package, on_delete=models.PROTECT, related_name="members")
    groups: models.ManyToManyField[Group, GroupMember] = models.ManyToManyField(
        Group, through="GroupMember", related_name="members", blank=True
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["address"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="member_in_pen"),
            models.UniqueConstraint(fields=["pen", "address"], name="member_address"),
            SamePen(field="package", name="member_package_in_pen"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The attribute `name`, or the address."""
        return str(self.attributes.get("name") or self.address)

    @property
    def outside_id(self) -> str:
        """`mem_…`"""
        return ids.outside("member", self.id)


class GroupMember(PenOwned):
    """A member is in a group."""

    group = models.ForeignKey(Group, on_delete=models.CASCADE, related_name="places")
    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="places")

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="groupmember_in_pen"),
            models.UniqueConstraint(fields=["pen", "group", "member"], name="groupmember_once"),
            SamePen(field="group", name="groupmember_group_in_pen"),
            SamePen(field="member", name="groupmember_member_in_pen"),
        ]
        # with the PEN in it: else SQLite takes all of the PEN's rows for those of a few members
        indexes = [models.Index(fields=["pen", "member"], name="groupmember_of_member")]

    def __str__(self) -> str:
        return f"{self.member} – {self.group}"


class Proposal(PenOwned):
    """Changes of their own details that a member has proposed; one open one each. `values` maps attributes to what
    they are to be, an empty text to take one away; `before` is what they were."""

    class Outcome(models.TextChoices):
        OPEN = "open", "waits"
        AGREED = "agreed", "agreed"
        DECLINED = "declined", "declined"

    member = models.ForeignKey(Member, on_delete=models.CASCADE, related_name="proposals")
    values: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(validators=[check_attributes])
    before: models.JSONField[dict[str, str], dict[str, str]] = models.JSONField(default=dict)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default=Outcome.OPEN)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.CharField(max_length=254, blank=True, default="")

    class Meta(PenOwned.Meta):
        ordering = ["created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="proposal_in_pen"),
            models.UniqueConstraint(
                fields=["pen", "member"], condition=models.Q(outcome="open"), name="proposal_one_open"
            ),
            SamePen(field="member", name="proposal_member_in_pen"),
        ]

    @property
    def outside_id(self) -> str:
        """`chg_…`"""
        return ids.outside("proposal", self.id)


class AddressList(PenOwned):
    """A named list of addresses that rules name as `lists`."""

    name = models.CharField(max_length=120)
    addresses = models.JSONField(default=list, blank=True, validators=[check_addresses])

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="addresslist_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="addresslist_name"),
        ]

    def __str__(self) -> str:
        return self.name


def pen_id_of(text: str) -> uuid.UUID:
    """The UUID of `pen_…`. Raises ValueError."""
    return ids.inside("pen", text)
