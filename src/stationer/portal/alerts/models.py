"""Alerts: the rules of a PEN, what each recipient of alerts wants, and what is due to be told.

A due row and its hits name other rows by id and hold no relation to them: an alert never keeps anything from being
forgotten, and what was forgotten meanwhile is not told.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext

from stationer.portal.people.owned import PenOwned, SamePen
from stationer.portal.people.valid import check_one_address
from stationer.wire import ids

#: How sure it must be that a person clicked, of 100: perhaps, fairly sure, almost certain.
PERHAPS, FAIRLY, CERTAIN = 50, 65, 90


def check_campaigns(value: Any) -> None:
    """A list of campaigns' outside ids, each once. Raises ValidationError."""
    try:
        keys = [ids.inside("campaign", one) for one in value]
    except (ValueError, TypeError, AttributeError):
        raise ValidationError(gettext("These are no campaigns.")) from None
    if len(set(keys)) != len(keys):
        raise ValidationError(gettext("A campaign is named twice."))


class AlertTerms(PenOwned):
    """What holds for all alerts of a PEN: the language of whoever has not chosen one, and the hour of a digest."""

    language = models.CharField(max_length=8, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE)
    digest_hour = models.PositiveSmallIntegerField(default=8, validators=[MaxValueValidator(23)])

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="alertterms_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="alertterms_once"),
        ]

    def __str__(self) -> str:
        return self.language


class AlertRule(PenOwned):
    """When somebody clicks a link of these, tell that person, so soon, when it is at least so sure.

    `campaigns` are outside ids, of `about` campaigns; `address` is of `whom` address. Of `about` surveys `answer` says
    which answers; a low one is at most `most` of 5 stars, or as low on another scale."""

    class About(models.TextChoices):
        ANY = "any", "any link"
        CAMPAIGNS = "campaigns", "a link of certain campaigns"
        LINKS = "links", "a link that somebody made"
        SURVEYS = "surveys", "an answer to a survey"

    class Answer(models.TextChoices):
        ANY = "any", "any answer"
        LOW = "low", "a low answer"
        COMMENT = "comment", "an answer with a comment"

    class Whom(models.TextChoices):
        SENDER = "sender", "the sender"
        OWNER = "owner", "the owner"
        ADDRESS = "address", "somebody else"

    class Pace(models.TextChoices):
        ONCE = "at-once", "at once"
        DIGEST = "digest", "in the daily digest"
        NEVER = "never", "not at all"

    about = models.CharField(max_length=16, choices=About.choices, default=About.ANY)
    campaigns: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_campaigns]
    )
    answer = models.CharField(max_length=8, choices=Answer.choices, default=Answer.ANY)
    most = models.PositiveSmallIntegerField(
        default=2, validators=[MinValueValidator(1), MaxValueValidator(4)]
    )
    whom = models.CharField(max_length=16, choices=Whom.choices, default=Whom.SENDER)
    address = models.CharField(max_length=254, blank=True, default="", validators=[check_one_address])
    pace = models.CharField(max_length=16, choices=Pace.choices, default=Pace.ONCE)
    least = models.PositiveSmallIntegerField(default=FAIRLY, validators=[MaxValueValidator(100)])
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta(PenOwned.Meta):
        ordering = ["created_at", "id"]
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="alertrule_in_pen")]

    def __str__(self) -> str:
        return f"{self.get_about_display()}, {self.address or self.get_whom_display()}"

    @property
    def outside_id(self) -> str:
        """`rul_…`"""
        return ids.outside("alertrule", self.id)

    def clean(self) -> None:
        """A rule for somebody else says who; one for certain campaigns says which."""
        if self.whom == self.Whom.ADDRESS and not self.address:
            raise ValidationError({"address": gettext("Say whom: an address such as name@example.com.")})
        if self.about == self.About.CAMPAIGNS and not self.campaigns:
            raise ValidationError({"campaigns": gettext("Choose at least one campaign.")})


class AlertPreference(PenOwned):
    """How an address wants to be told; without a row it is told as the rules say.

    `muted` are outside ids of rules that it has switched off; `quiet_from` and `quiet_until` are hours of its clock
    between which nothing is told at once."""

    class How(models.TextChoices):
        ALL = "all", "as the rules say"
        CHOSEN = "chosen", "certain campaigns"
        DIGEST = "digest", "once a day"
        NONE = "none", "not at all"

    address = models.CharField(max_length=320)
    how = models.CharField(max_length=8, choices=How.choices, default=How.ALL)
    campaigns: models.JSONField[list[str], list[str]] = models.JSONField(
        default=list, blank=True, validators=[check_campaigns]
    )
    links = models.BooleanField(default=True)
    muted: models.JSONField[list[str], list[str]] = models.JSONField(default=list, blank=True)
    language = models.CharField(max_length=8, blank=True, default="")
    zone = models.CharField(max_length=64, blank=True, default="")
    quiet_from = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(23)])
    quiet_until = models.PositiveSmallIntegerField(null=True, blank=True, validators=[MaxValueValidator(23)])

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="alertpreference_in_pen"),
            models.UniqueConstraint(fields=["pen", "address"], name="alertpreference_address"),
        ]

    def __str__(self) -> str:
        return self.address


class Due(PenOwned):
    """One alert, told or to be told to `to`: what one reader did with one mail (`subject`) within an hour.

    `number` counts such alerts of the same reader. `key` names the mail or the sender's link and its reader; of an
    answer to a survey, the vote (its id is `vote`), which is told as it is when the alert is."""

    untold = ("*",)

    class State(models.TextChoices):
        WAITING = "waiting", "waits"
        DONE = "done", "told"
        DROPPED = "dropped", "not wanted any more"
        FAILED = "failed", "failed"

    to = models.CharField(max_length=320)
    key = models.CharField(max_length=80)
    number = models.PositiveIntegerField(default=1)
    pace = models.CharField(max_length=16, choices=AlertRule.Pace.choices)
    rule = models.ForeignKey(AlertRule, on_delete=models.SET_NULL, null=True, related_name="+")
    mail_id = models.UUIDField(null=True)
    link_id = models.UUIDField(null=True)
    vote = models.UUIDField(null=True)
    first_at = models.DateTimeField()
    last_at = models.DateTimeField()
    due_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    reason = models.CharField(max_length=300, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="due_in_pen"),
            models.UniqueConstraint(fields=["pen", "to", "key", "number"], name="due_once"),
            SamePen(field="rule", name="due_rule_in_pen"),
        ]
        indexes = [
            models.Index(fields=["state", "due_at"], name="due_when"),
            models.Index(fields=["pen", "last_at"], name="due_last"),
        ]

    def __str__(self) -> str:
        return f"{self.to} {self.key}"

    @property
    def outside_id(self) -> str:
        """`alr_…`"""
        return ids.outside("alert", self.id)


class DueHit(PenOwned):
    """A hit (by id) that an alert tells of."""

    untold = ("*",)

    due = models.ForeignKey(Due, on_delete=models.CASCADE, related_name="hits")
    hit = models.UUIDField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="duehit_in_pen"),
            models.UniqueConstraint(fields=["pen", "due", "hit"], name="duehit_once"),
            SamePen(field="due", name="duehit_due_in_pen"),
        ]

    def __str__(self) -> str:
        return str(self.hit)


class ClickAction(PenOwned):
    """What happens to somebody who clicked a link of a campaign: they come onto a list, they go on with a later
    message of its sequence. (That they do not see it again is the campaign's own `stop_after_click`.)

    `campaign` and `go_on` (a message) are ids: a campaign that comes back from the bin has its actions still."""

    campaign = models.UUIDField()
    list = models.ForeignKey("people.AddressList", on_delete=models.SET_NULL, null=True, related_name="+")
    go_on = models.UUIDField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="clickaction_in_pen"),
            models.UniqueConstraint(fields=["pen", "campaign"], name="clickaction_once"),
            SamePen(field="list", name="clickaction_list_in_pen"),
        ]

    def __str__(self) -> str:
        return str(self.campaign)
