"""What is asked, and what was answered. Both name mails, messages and contents by id and hold no relation to them.

A vote is personal as long as it has its `pick`; what it says is counted for longer (`surveys.forgetting`).
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from stationer import links
from stationer.portal.people.owned import PenOwned
from stationer.wire import ids
from stationer.wire.words import SCALES, Scale

#: Characters of a comment.
LONGEST = 2_000


class Question(PenOwned):
    """A content that asks something, as it was first published. `content`: the first 6 bytes of its digest, in hex;
    `of`: its message, or its template where it is of no campaign; `words`: those of the ends, or of each face."""

    untold = ("*",)

    content = models.CharField(max_length=12)
    campaign = models.UUIDField(null=True)
    of = models.UUIDField()
    scale = models.CharField(max_length=8)
    question = models.TextField()
    words: models.JSONField[list[str], list[str]] = models.JSONField(default=list)
    asked_at = models.DateTimeField()

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="question_in_pen"),
            models.UniqueConstraint(fields=["pen", "content", "of"], name="question_once"),
        ]
        indexes = [models.Index(fields=["pen", "of"], name="question_of")]

    def __str__(self) -> str:
        return self.question


class Vote(PenOwned):
    """What was answered to one copy of a mail: the last that a person made (contract/surveys.md §4).

    `clicked` and `chosen` are what the last human click and the page said, and when; `value` is the later one.
    `sent_at`: when the mail was picked. `due_at`: nobody was told of it yet, as its mail is not known."""

    untold = ("*",)

    pick = models.UUIDField(null=True)
    copy = models.PositiveSmallIntegerField(default=0)
    content = models.CharField(max_length=12)
    campaign = models.UUIDField(null=True)
    of = models.UUIDField(null=True)
    sent_at = models.DateTimeField()
    scale = models.CharField(max_length=8)
    value = models.PositiveSmallIntegerField(default=0)
    at = models.DateTimeField()
    clicked = models.PositiveSmallIntegerField(null=True)
    clicked_at = models.DateTimeField(null=True)
    chosen = models.PositiveSmallIntegerField(null=True)
    chosen_at = models.DateTimeField(null=True)
    comment = models.TextField(blank=True, default="")
    commented_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField(null=True)

    class Meta(PenOwned.Meta):
        constraints = [
            models.UniqueConstraint(fields=["pen", "id"], name="vote_in_pen"),
            models.UniqueConstraint(fields=["pen", "pick", "copy", "content"], name="vote_once"),
        ]
        indexes = [
            models.Index(fields=["pen", "sent_at"], name="vote_sent"),
            models.Index(fields=["pen", "of", "scale", "sent_at"], name="vote_of"),
            models.Index(fields=["due_at"], condition=Q(due_at__isnull=False), name="vote_due"),
        ]

    def __str__(self) -> str:
        return f"{self.scale} {self.value}"

    @property
    def outside_id(self) -> str:
        """`vot_…`"""
        return ids.outside("vote", self.id)

    @property
    def voted(self) -> links.Voted:
        """What was answered."""
        return links.Voted(scale_of(self.scale), self.value)

    def settle(self) -> bool:
        """Let the later one count. Returns whether there is one."""
        said = [
            (at, value)
            for at, value in ((self.clicked_at, self.clicked), (self.chosen_at, self.chosen))
            if at is not None and value is not None
        ]
        if said:
            self.at, self.value = max(said)
        return bool(said)


def scale_of(text: str) -> Scale:
    """The scale of that name, as rows have it."""
    return next(one for one in SCALES if one == text)
