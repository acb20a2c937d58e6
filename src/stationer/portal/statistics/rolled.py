"""What is counted of mails and hits, kept as sums (contract/figures.md §4), and what is due to be counted again.

Rows of one key add up: some count mails, others clicks. All of it can be made again from the raw rows as long as
those are kept; none of it names a recipient. `campaign` and `of` are ids, not relations: a figure outlives what it
counts.
"""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from stationer.portal.people.owned import PenOwned

#: What a PEN begins with: days for which mails and hits are kept, months for which figures are.
RAW_DAYS, FIGURE_MONTHS = 180, 36


class DueHour(PenOwned):
    """An hour (UTC) in which a raw row was made, changed or taken out. The database writes it (`rolling.marking`).

    `pen` is no constraint of the database: a PEN that is taken out marks the hours of its mails on its way."""

    untold = ("*",)

    pen = models.ForeignKey(
        "people.Pen", on_delete=models.CASCADE, related_name="+", editable=False, db_constraint=False
    )
    hour = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="duehour_in_pen")]
        indexes = [models.Index(fields=["pen", "hour"], name="duehour_hour")]

    def __str__(self) -> str:
        return str(self.hour)


class DueDay(PenOwned):
    """A day, by the PEN's clock, whose day figures are to be made again, from `due_at` on."""

    untold = ("*",)

    day = models.DateField()
    due_at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="dueday_in_pen"),
            models.UniqueConstraint(fields=["pen", "day"], name="dueday_once"),
        ]

    def __str__(self) -> str:
        return str(self.day)


class Rolling(PenOwned):
    """How far a PEN's figures are: by which clock its days go, since when raw rows are whole, and until when it rests.

    Whoever rolls the PEN up holds this row's lock. `day_ms`: how long its last day took."""

    untold = ("*",)

    zone = models.CharField(max_length=64, default="UTC")
    raw_from = models.DateTimeField(null=True)
    rolled_at = models.DateTimeField(null=True)
    rest_until = models.DateTimeField(null=True)
    day_ms = models.PositiveIntegerField(default=0)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="rolling_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="rolling_once"),
        ]

    def __str__(self) -> str:
        return f"until {self.rolled_at}"


class Keeping(PenOwned):
    """For how long a PEN keeps what was told of its mails, and its figures. Without a row: the defaults."""

    raw_days = models.PositiveIntegerField(
        default=RAW_DAYS, validators=[MinValueValidator(7), MaxValueValidator(3650)]
    )
    figure_months = models.PositiveIntegerField(
        default=FIGURE_MONTHS, validators=[MinValueValidator(1), MaxValueValidator(240)]
    )

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="keeping_in_pen"),
            models.UniqueConstraint(fields=["pen"], name="keeping_once"),
        ]

    def __str__(self) -> str:
        return f"{self.raw_days} days, {self.figure_months} months"


class HourFigure(PenOwned):
    """Sums of an hour: of the PEN (no campaign, no `of`), a campaign (no `of`), a message, or a template's parts.

    `raw_then` and `human_then` belong to the hour of the hit; all others to that of its mail."""

    untold = ("*",)

    at = models.DateTimeField()
    campaign = models.UUIDField(null=True)
    of = models.UUIDField(null=True)
    mails = models.PositiveIntegerField(default=0, db_default=0)
    clicked = models.PositiveIntegerField(default=0, db_default=0)
    raw = models.PositiveIntegerField(default=0, db_default=0)
    human = models.PositiveIntegerField(default=0, db_default=0)
    held = models.PositiveIntegerField(default=0, db_default=0)
    raw_then = models.PositiveIntegerField(default=0, db_default=0)
    human_then = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="hourfigure_in_pen")]
        indexes = [
            models.Index(fields=["pen", "campaign", "of", "at"], name="hourfigure_of"),
            models.Index(fields=["pen", "at"], name="hourfigure_at"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.mails}"


class DayFigure(PenOwned):
    """Sums of a day of one member, domain or list (`key`: an id in hex, or the domain), in all or of one campaign."""

    untold = ("*",)

    class Kind(models.TextChoices):
        MEMBER = "member", "member"
        DOMAIN = "domain", "domain"
        LIST = "list", "list"

    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=255, blank=True, default="", db_default="")
    campaign = models.UUIDField(null=True)
    mails = models.PositiveIntegerField(default=0, db_default=0)
    clicked = models.PositiveIntegerField(default=0, db_default=0)
    raw = models.PositiveIntegerField(default=0, db_default=0)
    human = models.PositiveIntegerField(default=0, db_default=0)

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="dayfigure_in_pen")]
        indexes = [
            models.Index(fields=["pen", "campaign", "kind", "day"], name="dayfigure_campaign"),
            models.Index(fields=["pen", "kind", "key", "day"], name="dayfigure_key"),
            models.Index(fields=["pen", "day"], name="dayfigure_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.kind} {self.mails}"


class DaySketch(PenOwned):
    """Which people a day met, as a sketch that can be joined with other days' (`rolling.sketch`): of the PEN, of a
    campaign, of one of its messages (`of`). Whom it was held back from is known of a campaign alone."""

    untold = ("*",)

    class What(models.TextChoices):
        REACHED = "reached", "were sent it"
        SEEN = "seen", "were sent it alone"
        SEEN_CLICKED = "seen-clicked", "were sent it alone, and clicked"
        HELD = "held", "were held back"
        HELD_CLICKED = "held-clicked", "were held back, and clicked"

    day = models.DateField()
    campaign = models.UUIDField(null=True)
    of = models.UUIDField(null=True)
    what = models.CharField(max_length=12, choices=What.choices)
    people = models.BinaryField()

    class Meta(PenOwned.Meta):
        constraints = [models.UniqueConstraint(fields=["pen", "id"], name="daysketch_in_pen")]
        indexes = [
            models.Index(fields=["pen", "campaign", "of", "day"], name="daysketch_of"),
            models.Index(fields=["pen", "day"], name="daysketch_day"),
        ]

    def __str__(self) -> str:
        return f"{self.day} {self.what}"
