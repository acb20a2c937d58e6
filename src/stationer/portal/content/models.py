"""What a PEN's mail wears: templates, campaigns, messages, and the pictures in them.

Rules and sources are JSON of `wire.rules.Rule` and `wire.source.Source`, checked by msgspec before a row is kept.
`key` is the name that a company file gives a row, so that importing the file again finds it; else it is empty.
"""

from __future__ import annotations

import msgspec
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext

from stationer.pick.checks import MOST_HELD_BACK, MOST_HOURS
from stationer.portal.content.valid import (
    MOST_UTM,
    Parts,
    check_caps,
    check_parts,
    check_rule,
    check_source,
    check_utm,
    check_variants,
)
from stationer.portal.people.owned import PenOwned, SamePen, UniqueWhere
from stationer.wire import ids
from stationer.wire.definition import Caps
from stationer.wire.rules import Rule
from stationer.wire.source import Source, Utm
from stationer.wire.words import SLOTS, VARIANTS

#: The pictures that mail programs show, and how their files end.
EXTENSIONS = {"image/png": "png", "image/jpeg": "jpg", "image/gif": "gif"}
#: Where a message stands that was given no place: behind those that were.
LAST_PLACE = 1_000_000


def all_variants() -> list[str]:
    """The default of a message: shown in new mails, replies and forwards."""
    return list(VARIANTS)


class Written(PenOwned):
    """What someone wrote: when it changed, and by whom."""

    key = models.CharField(max_length=80, blank=True, default="")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(PenOwned.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class Template(Written):
    """Stationery: `parts` is variant → slot → Source. Higher priority is asked first; `fallback` is last."""

    rule = models.JSONField(default=dict, blank=True, validators=[check_rule])
    parts = models.JSONField(default=dict, blank=True, validators=[check_parts])
    priority = models.IntegerField(default=0)
    fallback = models.BooleanField(default=False)

    class Meta(Written.Meta):
        ordering = ["fallback", "-priority", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="template_in_pen"),
            UniqueWhere(fields=["pen", "key"], condition=~models.Q(key=""), name="template_key"),
            models.UniqueConstraint(
                fields=["pen"], condition=models.Q(fallback=True), name="template_one_fallback"
            ),
        ]

    @property
    def outside_id(self) -> str:
        """`tpl_…`"""
        return ids.outside("template", self.id)

    def clean(self) -> None:
        """One template alone may be the fallback; parts that a partner locked are as they were handed down."""
        from stationer.portal.content.locked_parts import check

        check(self)
        if self.fallback and Template.objects.filter(fallback=True).exclude(pk=self.pk).exists():
            sentence = gettext(
                "Another template is for everyone else already. Make this one without that, then say it of this one:"
                " it takes the place."
            )
            raise ValidationError({"fallback": ValidationError(sentence, code="fallback")})

    def wire_rule(self) -> Rule:
        """Who it is for, typed."""
        return msgspec.convert(self.rule, Rule)

    def wire_parts(self) -> Parts:
        """variant → slot → Source, typed."""
        return msgspec.convert(self.parts, Parts)


class Campaign(Written):
    """Who sees something, and when. Only a live campaign is published; a paused one is taken out at Publish."""

    class State(models.TextChoices):
        DRAFT = "draft", "draft"
        LIVE = "live", "live"
        PAUSED = "paused", "paused"

    rule = models.JSONField(default=dict, blank=True, validators=[check_rule])
    priority = models.IntegerField(default=0)
    #: per cent of mails that go without it, so that what it does can be measured
    holdout = models.PositiveSmallIntegerField(default=0, validators=[MaxValueValidator(MOST_HELD_BACK)])
    #: what is asked of each recipient's memory (contract/memory.md §2); `caps` is wire.definition.Caps
    caps = models.JSONField(default=dict, blank=True, validators=[check_caps])
    cool_down_h = models.PositiveIntegerField(default=0, validators=[MaxValueValidator(MOST_HOURS)])
    sequence = models.BooleanField(default=False)
    stop_after_click = models.BooleanField(default=False)
    #: what its links say to websites, `wire.source.Utm` (contract/content.md §8)
    utm = models.JSONField(default=dict, blank=True, validators=[check_utm])
    state = models.CharField(max_length=16, choices=State.choices, default=State.DRAFT)

    class Meta(Written.Meta):
        ordering = ["-priority", "name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="campaign_in_pen"),
            UniqueWhere(fields=["pen", "key"], condition=~models.Q(key=""), name="campaign_key"),
        ]

    @property
    def outside_id(self) -> str:
        """`cam_…`"""
        return ids.outside("campaign", self.id)

    def wire_rule(self) -> Rule:
        """Who sees it and when, typed."""
        return msgspec.convert(self.rule, Rule)

    def wire_utm(self) -> Utm:
        """What its links say, typed."""
        return msgspec.convert(self.utm, Utm)

    def wire_caps(self) -> Caps:
        """How often one recipient may see it, typed."""
        return msgspec.convert(self.caps, Caps)


class Message(Written):
    """The piece of content that a campaign shows, in the variants it names; `weight` shares between several."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="messages")
    slot = models.CharField(max_length=16, choices=[(slot, slot) for slot in SLOTS], default="banner")
    variants = models.JSONField(default=all_variants, validators=[check_variants])
    weight = models.PositiveIntegerField(default=1)
    #: its place among the campaign's messages, which is that in a sequence; equals stand as they were made
    place = models.PositiveIntegerField(default=LAST_PLACE)
    #: what its links call it, where the campaign has a utm
    utm_content = models.CharField(max_length=MOST_UTM, blank=True, default="")
    source = models.JSONField(validators=[check_source])

    class Meta(Written.Meta):
        ordering = ["place", "created_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="message_in_pen"),
            UniqueWhere(fields=["pen", "campaign", "key"], condition=~models.Q(key=""), name="message_key"),
            SamePen(field="campaign", name="message_campaign_in_pen"),
        ]

    @property
    def outside_id(self) -> str:
        """`msg_…`"""
        return ids.outside("message", self.id)

    def wire_source(self) -> Source:
        """What is written in it, typed."""
        return msgspec.convert(self.source, Source)


class Binned(PenOwned):
    """Something that was deleted and can be brought back for a while: its rows as they were, by `content.binning`
    and `people.discarding`."""

    untold = ("*",)

    kind = models.CharField(
        max_length=16, choices=[(one, one) for one in ("template", "campaign", "message", "group", "list")]
    )
    name = models.CharField(max_length=120)
    #: fields of the row, and of a campaign's messages
    rows = models.JSONField()
    binned_at = models.DateTimeField(auto_now_add=True)
    binned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )

    class Meta(PenOwned.Meta):
        ordering = ["-binned_at", "id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="binned_in_pen")]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`bin_…`"""
        return ids.outside("binned", self.id)


class Asset(PenOwned):
    """A picture; sources call it by `name`. Another picture under the same name takes its place in what comes.

    `digest` (keyed to the PEN) names its bytes in blobs and its public address `/a/{digest}.{ext}`.
    """

    name = models.CharField(max_length=200)
    digest = models.CharField(max_length=64)
    type = models.CharField(max_length=32)
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    size = models.PositiveIntegerField()
    alt = models.CharField(max_length=300, blank=True, default="")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="asset_in_pen"),
            models.UniqueConstraint(fields=["pen", "name"], name="asset_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def outside_id(self) -> str:
        """`ast_…`"""
        return ids.outside("asset", self.id)

    @property
    def file_name(self) -> str:
        """`{digest}.{ext}`"""
        return f"{self.digest}.{EXTENSIONS[self.type]}"

    @property
    def url(self) -> str:
        """The public address, absolute: it goes into mails."""
        return f"{settings.PUBLIC_URL}/a/{self.file_name}"
