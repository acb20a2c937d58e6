"""What partners have: people, parts that they hand down, host names, counted numbers, statements; and enquiries.

None of these rows belongs to a PEN, and none holds anything that a PEN's people wrote, or an address of theirs: a
partner's pages read these rows alone (contract/partners.md §2).
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

from stationer.portal.content.parts import PARTS
from stationer.portal.content.valid import check_source
from stationer.portal.partners.rights import BUILT_IN, ROLE_NAMES, Right
from stationer.portal.people.models import Partner, Pen
from stationer.portal.people.owned import new_id
from stationer.wire import ids


class Staff(models.Model):
    """This account works for that partner, as `role`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="staff")
    account = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=[(one, one) for one in BUILT_IN])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [models.UniqueConstraint(fields=["partner", "account"], name="staff_once")]

    @property
    def rights(self) -> frozenset[Right]:
        """What this person may do for the partner and all below."""
        return BUILT_IN.get(self.role, frozenset())

    @property
    def role_name(self) -> str:
        """What the role is called."""
        return str(ROLE_NAMES[self.role])


class Part(models.Model):
    """What a partner writes into one part of every template below."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="parts")
    part = models.CharField(max_length=20, choices=[(one, one) for one in PARTS])
    source = models.JSONField(validators=[check_source])
    locked = models.BooleanField(default=False)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["partner", "part"], name="part_once")]


class Host(models.Model):
    """A host name under which the portal is a partner's. `below`: companies have names of their own below it. Known
    from `proven_at` on, when its zone said that it is the partner's, until its zone has not said so for days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    partner = models.ForeignKey(Partner, on_delete=models.CASCADE, related_name="hosts")
    host = models.CharField(max_length=253)
    below = models.BooleanField(default=False)
    proven_at = models.DateTimeField(null=True)
    looked_at = models.DateTimeField(null=True)
    missing_since = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        constraints = [
            models.UniqueConstraint(fields=["partner", "host"], name="host_once"),
            models.UniqueConstraint(
                fields=["host"], condition=models.Q(proven_at__isnull=False), name="host_of_one"
            ),
        ]


class Standing(models.Model):
    """What the installation has counted of a PEN with a partner; and whether what is handed down has reached it
    (`wanted` is ahead of `written` until then)."""

    pen = models.OneToOneField(Pen, on_delete=models.CASCADE, primary_key=True, related_name="counted")
    wanted = models.PositiveIntegerField(default=1)
    written = models.PositiveIntegerField(default=0)
    handed_at = models.DateTimeField(null=True)
    counted_at = models.DateTimeField(null=True, db_index=True)
    people = models.PositiveIntegerField(default=0)
    equipped = models.PositiveIntegerField(default=0)
    #: when somebody of the company first opened a page here
    begun_at = models.DateTimeField(null=True)
    #: earlier than `handed_at`: what is handed down waits for the PEN's next Publish
    published_at = models.DateTimeField(null=True)
    invited_at = models.DateTimeField(default=timezone.now)
    #: the place in the tree of the highest partner that let it rest; only from there up it is resumed
    rested_by = models.CharField(max_length=198, blank=True, default="")

    class Meta:
        #: of 10,000 companies the worker reads those alone that it has something for
        indexes = [
            models.Index(
                fields=["pen"], condition=models.Q(wanted__gt=models.F("written")), name="standing_due"
            )
        ]


class DayCount(models.Model):
    """Numbers of one UTC day of a PEN with a partner: made on the day, its mails again for some days after
    (partners.counting); what a statement is made of."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey(Pen, on_delete=models.CASCADE, related_name="+")
    day = models.DateField()
    people = models.PositiveIntegerField(default=0)
    seats = models.PositiveIntegerField(default=0)
    mails = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["pen", "day"], name="daycount_once")]
        indexes = [models.Index(fields=["day"], name="daycount_day")]


class Usage(models.Model):
    """One line of a statement: a company's month, closed. Never changed; names are as they were when it was closed,
    and it stays when the company or the partner goes."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    month = models.DateField()
    path = models.CharField(max_length=198, db_index=True)
    partner = models.CharField(max_length=120)
    pen = models.CharField(max_length=30)
    company = models.CharField(max_length=120)
    days = models.PositiveSmallIntegerField()
    people_most = models.PositiveIntegerField()
    seats_most = models.PositiveIntegerField()
    seat_days = models.PositiveIntegerField()
    mails = models.PositiveBigIntegerField()
    closed_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["path", "company", "pen"]
        constraints = [models.UniqueConstraint(fields=["month", "pen"], name="usage_once")]


class Enquiry(models.Model):
    """Somebody would like to become a partner."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    name = models.CharField(max_length=120)
    company = models.CharField(max_length=120)
    address = models.EmailField(max_length=254)
    words = models.TextField(max_length=2000, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True, default="")
    partner = models.ForeignKey(Partner, on_delete=models.SET_NULL, null=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-id"]

    @property
    def outside_id(self) -> str:
        """`enq_…`"""
        return ids.outside("enquiry", self.id)
