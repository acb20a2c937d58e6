"""Votes one by one: who, what, and what they wrote; and figures in words."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from stationer.portal.statistics.addressing import known, pieces
from stationer.portal.statistics.figures.telling import Card, signed, tenths
from stationer.portal.statistics.models import Addressee, Mail
from stationer.portal.statistics.visiting.who import Visitor, of_mail
from stationer.portal.surveys.models import Vote
from stationer.portal.surveys.tallying import Span, Tally


@dataclass(frozen=True)
class Told:
    """A vote, of whom as far as it is known, and the mail (None: not known, or not any more)."""

    row: Vote
    who: Visitor
    mail: Mail | None


def told(rows: Sequence[Vote]) -> list[Told]:
    """Each with who it was, in few queries."""
    mails = known((row.pick, row.copy) for row in rows if row.pick is not None)
    readers: dict[uuid.UUID, list[str]] = defaultdict(list)
    for some in pieces([mail.pk for mail in mails.values()]):
        for mail, address in Addressee.objects.filter(mail_id__in=some).values_list("mail_id", "address"):
            readers[mail].append(address)
    found = []
    for row in rows:
        one = mails.get((row.pick, row.copy)) if row.pick is not None else None
        who = (
            of_mail(one.people, one.unnamed, readers[one.pk])
            if one
            else Visitor(_("somebody who is not known"))
        )
        found.append(Told(row, who, one))
    return found


def cards(tally: Tally) -> list[Card]:
    """The answers in numbers, each with what it means."""
    votes = Card(
        _("Answers"), _whole(tally.votes), "", _("one for each mail: the last that a person gave"), ""
    )
    rate = tally.rate()
    shown = [votes]
    if rate is not None:
        small = _("of {n} mails").format(n=_whole(tally.mails))
        shown.append(Card(_("Of 100 mails"), tenths(rate.value), small, _("were answered"), between(rate)))
    if (mean := tally.mean()) is not None:
        most = {"stars": 5, "faces": 3}[tally.scale] if tally.scale != "nps" else 10
        small = _("of {n}").format(n=most)
        shown.append(
            Card(
                _("Mean"),
                number_format(round(mean.value, 2), 2),
                small,
                few(tally) or _("of all answers"),
                between(mean, 2),
            )
        )
    if (score := tally.score()) is not None:
        said = _("per cent who say 9 or 10, less per cent who say 0 to 6; −100 to +100")
        shown.append(
            Card(_("NPS"), signed(score.value), "", f"{said}. {few(tally)}".rstrip(". "), between(score))
        )
    return shown


def recommending(tally: Tally) -> list[tuple[str, int, float]]:
    """What the score of 0 to 10 is made of: in words, how many, and their share (0 to 100). Of other scales nothing."""
    if tally.scale != "nps":
        return []
    said = (
        _("promoters (9 and 10)"),
        _("passives (7 and 8)"),
        _("detractors (0 to 6)"),
    )
    counts = tally.recommending()
    return [
        (words, count, 100 * count / max(1, tally.votes)) for words, count in zip(said, counts, strict=True)
    ]


def of_list(tally: Tally) -> str:
    """Its mean or score in a list of surveys; empty without answers."""
    if (score := tally.score()) is not None:
        return signed(score.value)
    mean = tally.mean()
    return "" if mean is None else str(number_format(round(mean.value, 2), 2))


def _whole(value: int) -> str:
    return str(number_format(value, force_grouping=True))


def few(tally: Tally) -> str:
    """What must be said of a number that so few made."""
    return "" if tally.enough else _("Too few answers to say anything of all readers.")


def between(span: Span, decimals: int = 1) -> str:
    """How far chance alone may have moved it."""
    if span.low is None or span.high is None:
        return ""
    low, high = (
        number_format(round(one, decimals), decimals).replace("-", "−") for one in (span.low, span.high)
    )
    return _("somewhere between {low} and {high}, in 95 of 100 such cases").format(low=low, high=high)
