"""A furnished company whose open evening asks how it was: published, its mails and what an edge tells of votes."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import F
from django.utils import timezone

from stationer import links
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.publish import publish
from stationer.portal.statistics import judging
from stationer.portal.statistics.taking import take
from stationer.portal.surveys.models import Question, Vote
from stationer.wire.words import SCALES
from tests.portal.told import Sent

QUESTION = "How was your visit?"


def ask(company, scale="stars", **more):
    """Put a survey into the open evening's message, and publish it; in force since yesterday, as `Asked` mails are
    of ten minutes ago and a survey counts its mails from the hour in which it first asked."""
    with pen_scope(company.pen):
        elements = [
            {"kind": "rating", "values": {"question": QUESTION, "scale": scale, **more}},
        ]
        company.message.source = {"shape": "form", "values": {}, "elements": elements}
        company.message.save()
    publish(company.pen, None)
    with pen_scope(company.pen):
        Question.objects.update(asked_at=F("asked_at") - timedelta(days=1))


class Asked(Sent):
    """A mail of ten minutes ago that asks; `page(value)` is where the edge leads whoever presses that answer."""

    def __init__(
        self, company, to=("jane@example.com",), *, known=True, ago=timedelta(minutes=10), scale="stars"
    ):
        super().__init__(company, timezone.now() - ago, to)
        self.company, self.scale = company, scale
        if known:
            self.tell()

    def tell(self):
        take([self.addressed(), self.reported()], timezone.now())

    def number(self, value):
        return list(SCALES[self.scale]).index(value)

    def page(self, value):
        by = links.signer(self.pen, bytes(self.company.pen.mark_key))
        (token,) = links.sign(by, self.pick.bytes, 0, [links.ask(self.content, [self.number(value)])])
        return f"/vote/{self.pen}/{token.decode()}"

    def press(self, value, after=0.0, **said):
        take(
            [self.clicked(timezone.now() + timedelta(seconds=after), self.number(value), **said)],
            timezone.now(),
        )


def settle(company, seconds=60):
    """So many seconds later everything is judged."""
    with pen_scope(company.pen):
        while judging.piece(timezone.now() + timedelta(seconds=seconds)):
            pass


def votes(company):
    """What was answered: values in the order of mails."""
    with pen_scope(company.pen):
        return [row.value for row in Vote.objects.order_by("sent_at", "id")]
