"""Figures in words: what a number means, and how it stands beside the days before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.statistics.figures.chance import Difference
from stationer.portal.statistics.figures.reading import People, Sums


@dataclass(frozen=True)
class Card:
    """A number with what it means, and with what it was before."""

    name: str
    value: str
    small: str
    said: str
    before: str


def tenths(value: float) -> str:
    """With one decimal, in the reader's language."""
    return str(number_format(value, 1))


def signed(value: float) -> str:
    """The same with its sign: a true minus."""
    shown = tenths(abs(value))
    return f"+{shown}" if value > 0 else f"−{shown}" if value < 0 else shown


def against(now: float, before: float, length: int) -> str:
    """Beside as many days before; 0 days: there is nothing to compare with."""
    if not length:
        return ""
    if not before:
        return _("none in the {n} days before").format(n=length) if now else ""
    change = round(100 * (now - before) / before)
    if not change:
        return _("as in the {n} days before").format(n=length)
    if change > 0:
        return _("{change} % more than in the {n} days before").format(change=intcomma(change), n=length)
    return _("{change} % less than in the {n} days before").format(change=-change, n=length)


def cards(now: Sums, before: Sums, length: int, met: People | None, met_before: People | None) -> list[Card]:
    """Mails, people where they are known, human clicks beside raw ones, the click rate."""
    found = [Card(_("Mails"), _whole(now.mails), "", _mails(now), against(now.mails, before.mails, length))]
    if met is not None:
        about = "" if met.exact else _("about") + " "
        said = _("different addresses; whoever is known by a domain alone is not among them")
        beside = against(met.reached, met_before.reached, length) if met_before else ""
        found.append(Card(_("People reached"), about + _whole(met.reached), "", said, beside))
    raw = _("of {n} raw").format(n=_whole(now.raw))
    said = _("mail scanners and previews ask for links too: they are in the raw number alone")
    found.append(
        Card(_("Human clicks"), _whole(now.human), raw, said, against(now.human, before.human, length))
    )
    said = ngettext(
        "{n} mail had a link that a person followed",
        "{n} mails had a link that a person followed",
        now.clicked,
    ).format(n=_whole(now.clicked))
    rate = Card(
        _("Click rate"), tenths(now.per_hundred), _("in 100 mails"), said, _rate_before(now, before, length)
    )
    return [*found, rate]


def _rate_before(now: Sums, before: Sums, length: int) -> str:
    if not before.mails or not length:
        return ""
    return _("{rate} in the {n} days before").format(rate=tenths(before.per_hundred), n=length)


def _whole(value: int) -> str:
    return str(intcomma(value))


def _mails(now: Sums) -> str:
    if now.held:
        return _("that carried it; {n} more were kept back on purpose, to compare").format(n=_whole(now.held))
    return _("that left with something of yours in them")


def lift(found: Difference) -> tuple[str, str]:
    """What the holdout shows, in a strong first part and the rest."""
    size = tenths(abs(100 * found.most_likely))
    span = {"low": signed(100 * found.low), "high": signed(100 * found.high)}
    between = _("Somewhere between {low} and {high}, in 95 of 100 such cases.").format(**span)
    if found.verdict == "more":
        return _("{n} more people in 100 clicked with the campaign, most likely.").format(n=size), between
    if found.verdict == "less":
        return _("{n} fewer people in 100 clicked with the campaign, most likely.").format(n=size), between
    if found.verdict == "same":
        return _("The campaign makes no difference to clicks that one could see."), between
    return _("Not enough yet to say."), _(
        "With so few people chance alone could make any difference of this size."
    )


def beside(met: People | None) -> str:
    """In a cell: how many more people of 100 clicked than of those it was kept back from; empty without a holdout."""
    if met is None or met.lift is None:
        return ""
    if met.lift.verdict == "not-enough":
        return _("not enough yet")
    found = met.lift
    return _("{most} ({low} to {high})").format(
        most=signed(100 * found.most_likely), low=signed(100 * found.low), high=signed(100 * found.high)
    )


def rivalry(names: Sequence[str], found: Difference) -> tuple[str, str]:
    """How the first of two messages stands to the second."""
    said: dict[str, Any] = {"one": names[0], "other": names[1], "n": tenths(abs(100 * found.most_likely))}
    between = _("Somewhere between {low} and {high}, in 95 of 100 such cases.").format(
        low=signed(100 * found.low), high=signed(100 * found.high)
    )
    if found.verdict in ("more", "less"):
        return _("“{one}” is clicked in {n} more of 100 mails than “{other}”, most likely.").format(
            **said
        ), between
    if found.verdict == "same":
        return _("“{one}” and “{other}” are clicked alike, as far as one could see.").format(**said), between
    return _("Not enough yet to say whether “{one}” or “{other}” does better.").format(**said), ""
