"""The score of one hit: what every rule that spoke weighs, added to where an unknown request begins."""

from __future__ import annotations

from collections.abc import Iterator

from stationer.clicks.company import asked_before, elsewhere, in_mail, seconds
from stationer.clicks.itself import itself
from stationer.clicks.networks import network_of
from stationer.clicks.rules import RULES
from stationer.clicks.seen import Around, Reason, Seen, Verdict

#: Of which nothing is known: more likely a person than not.
BEGINS = 60
#: From this score on a hit counts as a person's.
HUMAN_FROM = 50
#: Scores between these are unsure: then it is said what cannot be known here.
UNSURE = range(30, 71)
#: Requests before it that are weighed to tell a repeat; with more it is `hammering`.
MOST_BEFORE = 3
AT_ONCE_MS, SOON_MS, READ_MS = 4_000, 15_000, 40_000


def judge(hit: Seen, around: Around) -> Verdict:
    """What is thought of `hit` among what is `around` it. Total: it has a verdict for every request."""
    score, reasons = _weighed(hit, around)
    if score in UNSURE and hit.address and network_of(hit.address) is None:
        reasons.append(Reason("network-unknown", {"address": hit.address}))
    reasons.sort(key=lambda one: -abs(RULES[one.rule].weight))
    return Verdict(score, score >= HUMAN_FROM, tuple(reasons), _is_repeat(hit, around))


def _others(hit: Seen, around: Around) -> list[Seen]:
    return [one for one in around.mail if one.id != hit.id and one.mail == hit.mail]


def _is_repeat(hit: Seen, around: Around) -> bool:
    """Whether a person asked for it before: what a program loads ahead takes nothing from the click that follows."""
    before = asked_before(hit, _others(hit, around))[:MOST_BEFORE]
    return any(_weighed(one, around)[0] >= HUMAN_FROM for one in before)


def _weighed(hit: Seen, around: Around) -> tuple[int, list[Reason]]:
    others = _others(hit, around)
    reasons = [
        *itself(hit, around.secure),
        *_timing(hit, around.sent),
        *in_mail(hit, others, around.sent),
        *elsewhere(hit, around),
    ]
    return min(100, max(0, BEGINS + sum(RULES[one.rule].weight for one in reasons))), reasons


def _timing(hit: Seen, sent: int | None) -> Iterator[Reason]:
    if sent is None or hit.at < sent:  # made by hand, or the clocks of edge and client disagree
        return
    after = hit.at - sent
    saw: dict[str, str | int] = {"after_s": seconds(after)}
    if after < AT_ONCE_MS:
        yield Reason("at-once", saw)
    elif after < SOON_MS:
        yield Reason("soon", saw)
    elif after >= READ_MS:
        yield Reason("time-to-read", saw)
