"""Harbour Dental asks how a visit was: a campaign with stars, and a month of answers, some with words."""

from __future__ import annotations

import random
import uuid
from datetime import timedelta
from typing import Any

COMMENTS = {
    5: "On time, and nobody hurried. Thank you!",
    4: "",
    3: "Good, but the telephone rang through the whole of it.\nPerhaps somebody else could take it?",
    1: "Forty minutes in the waiting room.",
}


def ask(made: Any) -> Any:
    """The campaign, before it is published. Returns its message."""
    from stationer.portal.content.models import Campaign, Message

    campaign = Campaign.objects.create(
        name="After a visit", state="live", rule={"to": {"side": "outside"}}, changed_by=made.alice.account
    )
    values = {
        "question": "How was your visit?",
        "scale": "stars",
        "low": "Could be better",
        "high": "Very good",
    }
    elements = [
        {"kind": "heading", "values": {"words": "Thank you for coming"}},
        {"kind": "rating", "values": values},
    ]
    source = {"shape": "form", "values": {"ground": "pale", "colour": "#0e6e73"}, "elements": elements}
    return Message.objects.create(campaign=campaign, name="Five stars", slot="banner", source=source)


def answer(made: Any, message: Any) -> dict[str, str]:
    """What came of it, in the PEN's scope; ids for the pages."""
    from django.utils import timezone

    from stationer import links
    from stationer.portal.people.owned import new_id
    from stationer.portal.statistics.models import Addressee, Mail
    from stationer.portal.statistics.rolled import HourFigure
    from stationer.portal.surveys.models import Question, Vote

    lot, now = random.Random(7), timezone.now()
    asked = Question.objects.get(of=message.pk)
    Question.objects.filter(pk=asked.pk).update(asked_at=now - timedelta(days=40))
    votes, hours = [], []
    for number in range(96):
        at = now - timedelta(hours=6 * number + 1)
        hours.append(HourFigure(at=at.replace(minute=0), campaign=asked.campaign, of=asked.of, mails=4))
        votes.append(_vote(asked, lot.choice((5, 5, 5, 4, 4, 3, 1)), at))
    for number, row in enumerate(votes[:9]):
        to = [
            f"{name}@example.com"
            for name in (("jane",), ("ann", "joe", "kim"), ("tamsin.nance",))[number % 3]
        ]
        mail = Mail.objects.create(
            pick=new_id(), at=row.sent_at, sender=made.bob.member, people=len(to), outcome="used"
        )
        Addressee.objects.bulk_create(Addressee(mail=mail, address=one) for one in to)
        row.pick, row.comment = mail.pick, COMMENTS[row.value]
        row.commented_at = row.at if row.comment else None
    Vote.objects.bulk_create(votes)
    HourFigure.objects.bulk_create(hours)
    _asked_before(asked, lot, now)
    by = links.signer(made.pen.outside_id, bytes(made.pen.mark_key))
    pick = votes[0].pick or uuid.uuid4()
    (token,) = links.sign(by, pick.bytes, 0, [links.ask(bytes.fromhex(asked.content), [3])])
    return {
        "survey": message.outside_id,
        "wording": asked.content,
        "vote": f"{made.pen.outside_id}/{token.decode()}",
    }


def _asked_before(asked: Any, lot: random.Random, now: Any) -> None:
    """In the same message, in other words and another scale, until a week ago."""
    from stationer.portal.surveys.models import Question, Vote

    before = Question.objects.create(
        content="0a" * (len(asked.content) // 2), campaign=asked.campaign, of=asked.of, scale="nps",
        question="Would you recommend us?", words=["Not at all", "Very much"], asked_at=now - timedelta(days=60),
    )  # fmt: skip
    many = range(8, 48)
    Vote.objects.bulk_create(
        _vote(before, lot.choice((10, 10, 9, 9, 8, 7, 5, 2)), now - timedelta(days=days / 2)) for days in many
    )


def _vote(asked: Any, value: int, at: Any) -> Any:
    from stationer.portal.surveys.models import Vote

    return Vote(
        content=asked.content, campaign=asked.campaign, of=asked.of, scale=asked.scale, value=value, sent_at=at,
        at=at + timedelta(minutes=40), clicked=value, clicked_at=at + timedelta(minutes=40),
    )  # fmt: skip
