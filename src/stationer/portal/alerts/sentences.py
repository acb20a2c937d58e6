"""A rule of alerts as a person would say it: one sentence whose blanks can be pressed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.alerts.models import CERTAIN, FAIRLY, AlertRule, AlertTerms
from stationer.portal.content.models import Campaign
from stationer.portal.content.sentence import Piece, any_of, pieces, short
from stationer.wire import ids

ABOUT: dict[str, Callable[[], str]] = {
    "any": lambda: _("any link in our mail"),
    "campaigns": lambda: _("a link of certain campaigns"),
    "links": lambda: _("a link that somebody made by hand"),
    "surveys": lambda: _("an answer to a survey"),
}
ANSWER: dict[str, Callable[[], str]] = {
    "any": lambda: _("any answer"),
    "low": lambda: _("a low answer"),
    "comment": lambda: _("an answer with a comment"),
}
WHOM: dict[str, Callable[[], str]] = {
    "sender": lambda: _("whoever sent it"),
    "owner": lambda: _("every owner of the company"),
    "address": lambda: _("somebody else"),
}


def hour(at: int) -> str:
    """`8:00`."""
    return f"{at}:00"


def pace(which: str, terms: AlertTerms) -> str:
    """How soon."""
    if which == AlertRule.Pace.DIGEST:
        return _("in a daily digest at {time}").format(time=hour(terms.digest_hour))
    return _("at once") if which == AlertRule.Pace.ONCE else _("not at all")


def least(score: int) -> str:
    """How sure it must be."""
    if score >= CERTAIN:
        return _("almost certainly")
    return _("very likely") if score >= FAIRLY else _("possibly")


def names_of(rules: Iterable[AlertRule]) -> dict[str, str]:
    """The names of the campaigns that these rules name, by outside id."""
    wanted = {ids.inside("campaign", one) for rule in rules for one in rule.campaigns}
    rows = Campaign.objects.filter(pk__in=wanted).values_list("pk", "name") if wanted else ()
    return {ids.outside("campaign", key): name for key, name in rows}


def about(rule: AlertRule, names: Mapping[str, str]) -> str:
    """Which links, or which answers."""
    if rule.about == AlertRule.About.SURVEYS:
        return _answers(rule)
    if rule.about != AlertRule.About.CAMPAIGNS:
        return ABOUT[rule.about]()
    said = [
        _("“{name}”").format(name=names[one]) if one in names else _("a campaign that is gone")
        for one in rule.campaigns
    ]
    return _("a link of {campaigns}").format(campaigns=any_of(short(said))) if said else ABOUT["campaigns"]()


def _answers(rule: AlertRule) -> str:
    if rule.answer == AlertRule.Answer.LOW:
        said = ngettext(
            "answers a survey with {n} of 5 stars or less",
            "answers a survey with {n} of 5 stars or less",
            rule.most,
        )
        return said.format(n=rule.most)
    if rule.answer == AlertRule.Answer.COMMENT:
        return _("writes a comment to a survey")
    return _("answers a survey")


def sentence(rule: AlertRule, names: Mapping[str, str], terms: AlertTerms) -> list[Piece]:
    """The rule."""
    to = rule.address if rule.whom == AlertRule.Whom.ADDRESS and rule.address else WHOM[rule.whom]()
    blanks = {
        "about": Piece(about(rule, names), "about"),
        "whom": Piece(to, "whom", empty=rule.whom == AlertRule.Whom.ADDRESS and not rule.address),
        "pace": Piece(pace(rule.pace, terms), "pace"),
        "least": Piece(least(rule.least), "least"),
    }
    if rule.about == AlertRule.About.SURVEYS:
        return pieces(_("When somebody {about}, tell {whom} {pace}."), blanks)
    if rule.pace == AlertRule.Pace.NEVER:
        return pieces(_("When somebody clicks {about}, tell {whom} {pace}."), blanks)
    return pieces(_("When somebody clicks {about}, tell {whom} {pace}, if it was {least} a person."), blanks)


def terms_sentence(terms: AlertTerms) -> list[Piece]:
    """In which language, and when digests come."""
    blanks = {
        "language": Piece(_(dict(settings.LANGUAGES).get(terms.language, terms.language)), "terms"),
        "time": Piece(hour(terms.digest_hour), "terms"),
    }
    return pieces(
        _(
            "Whoever has chosen no language is told in {language}. Daily digests come at {time}, by each one’s clock."
        ),
        blanks,
    )
