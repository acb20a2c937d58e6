"""What an address wants, and when it is told: at once but not in its quiet hours, or in the digest of its morning."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from stationer.portal.alerts.models import AlertPreference, AlertRule, AlertTerms
from stationer.portal.people import zones
from stationer.portal.people.models import Pen
from stationer.portal.statistics.models import Hit
from stationer.portal.surveys.models import Vote
from stationer.wire import ids

#: Clicks of one reader that follow one another this closely are told together.
SETTLE = timedelta(seconds=1.5)
#: Stands among the rules that an address has muted for its daily digest.
DIGEST = "digest"


def preferences(addresses: Iterable[str]) -> dict[str, AlertPreference]:
    """By address; one that said nothing has an unsaved row that says nothing."""
    wanted = {one.lower() for one in addresses}
    known = {row.address: row for row in AlertPreference.objects.filter(address__in=wanted)}
    return {one: known.get(one) or AlertPreference(address=one) for one in wanted}


def preference(address: str) -> AlertPreference:
    """That of one address."""
    return preferences([address])[address.lower()]


def terms() -> AlertTerms:
    """What holds for all alerts of the PEN in scope."""
    return AlertTerms.objects.first() or AlertTerms()


def pace_for(wish: AlertPreference, rule: AlertRule, hit: Hit | Vote) -> str:
    """How soon this address is to be told of this hit or vote by this rule; `never` included."""
    how = AlertPreference.How
    if wish.how == how.NONE or rule.outside_id in wish.muted:
        return AlertRule.Pace.NEVER
    if wish.how == how.CHOSEN and not _chosen(wish, hit):
        return AlertRule.Pace.NEVER
    pace = AlertRule.Pace.DIGEST if wish.how == how.DIGEST else rule.pace
    off = pace == AlertRule.Pace.DIGEST and DIGEST in wish.muted
    return AlertRule.Pace.NEVER if off else pace


def _chosen(wish: AlertPreference, hit: Hit | Vote) -> bool:
    if isinstance(hit, Hit) and hit.link_id is not None:
        return wish.links
    return hit.campaign is not None and ids.outside("campaign", hit.campaign) in wish.campaigns


def zone_of(wish: AlertPreference, pen: Pen) -> ZoneInfo:
    """The clock of an address: its own, else the company's."""
    return ZoneInfo(next(one for one in (wish.zone, pen.zone, "UTC") if one in zones.known()))


def language_of(wish: AlertPreference, held: AlertTerms) -> str:
    """The language of an address: its own, else the company's."""
    known = dict(settings.LANGUAGES)
    return next(one for one in (wish.language, held.language, settings.LANGUAGE_CODE) if one in known)


def due_at(pace: str, wish: AlertPreference, pen: Pen, held: AlertTerms, now: datetime) -> datetime:
    """When an alert that is raised at `now` is due."""
    clock = zone_of(wish, pen)
    if pace == AlertRule.Pace.DIGEST:
        return next_hour(held.digest_hour, clock, now)
    at = now + SETTLE
    if wish.quiet_from is None or wish.quiet_until is None or wish.quiet_from == wish.quiet_until:
        return at
    begins, ends = wish.quiet_from, wish.quiet_until
    hour = at.astimezone(clock).hour
    quiet = begins <= hour < ends if begins < ends else hour >= begins or hour < ends
    return next_hour(ends, clock, at) if quiet else at


def next_hour(hour: int, clock: ZoneInfo, now: datetime) -> datetime:
    """The next moment at which a clock there strikes `hour`; after the change to summer time, the moment that hour
    would have been."""
    here = now.astimezone(clock)
    today = here.replace(hour=hour, minute=0, second=0, microsecond=0, fold=0)
    if today.timestamp() <= now.timestamp():
        today = (today.replace(tzinfo=None) + timedelta(days=1)).replace(tzinfo=clock)
    return datetime.fromtimestamp(today.timestamp(), tz=now.tzinfo)
