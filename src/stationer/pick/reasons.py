"""explain: the same walk as pick, told for every template and campaign in a sentence that a marketer reads."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from stationer.pick import words
from stationer.pick.choosing import Chosen, Place, Ranked, ask
from stationer.pick.index import Snapshot
from stationer.pick.people import RollIndex
from stationer.pick.snapshot import Offer, Stationery, Time
from stationer.pick.walk import Mail, Masks, read_mail
from stationer.wire.pick import Question
from stationer.wire.rules import Rule, Senders

Stage = Literal[
    "taken",
    "sender",
    "side",
    "recipients",
    "time",
    "except-sender",
    "except-recipients",
    "priority",
    "settings",
]


class Verdict(msgspec.Struct, frozen=True):
    """One template or campaign: taken or not, at which test of the order it was decided, and why."""

    kind: Literal["template", "campaign"]
    id: str
    name: str
    taken: bool
    stage: Stage
    why: str


class Explanation(msgspec.Struct, frozen=True):
    """What is known of the mail, in one sentence, and a verdict for each template and each campaign, in order."""

    mail: str
    verdicts: list[Verdict]


def explain(
    snapshot: Snapshot, roll_index: RollIndex, question: Question, *, now: int, seed: int = 0
) -> Explanation:
    """Why this mail carries what it carries at `now` (Unix ms). Total, as `pick` is."""
    mail = read_mail(snapshot, roll_index, question, now)
    compiled = snapshot.compiled
    if mail is None:
        why = f"{question.from_} is nobody in this company, so the mail leaves as it was written."
        entries: list[Stationery | Offer] = [*compiled.templates, *compiled.campaigns]
        return Explanation(why, [_unknown(entry, why) for entry in entries])
    templates, campaigns, chosen = ask(snapshot, mail, seed)
    verdicts = [
        _template(snapshot, number, template, mail, templates, chosen)
        for number, template in enumerate(compiled.templates)
    ]
    verdicts += [
        _campaign(snapshot, number, campaign, mail, campaigns, chosen)
        for number, campaign in enumerate(compiled.campaigns)
    ]
    return Explanation(words.mail(mail), verdicts)


def _unknown(entry: Stationery | Offer, why: str) -> Verdict:
    kind: Literal["template", "campaign"] = "template" if isinstance(entry, Stationery) else "campaign"
    return Verdict(kind, entry.id, entry.name, False, "sender", why)


def _template(
    snapshot: Snapshot, number: int, template: Stationery, mail: Mail, tests: Masks, chosen: Chosen
) -> Verdict:
    if number == chosen.template:
        why = "It is the fallback, and no other template is for this mail." if template.fallback else ""
        why = why or "It is the first template in order that is for this mail."
        return Verdict("template", template.id, template.name, True, "taken", why)
    times = snapshot.compiled.template_rules.times
    failed = _failed(number, template.rule, times[number], mail, tests)
    before = snapshot.compiled.templates[chosen.template].name
    stage, why = failed or ("priority", f"A mail has one template, and {before} comes before it.")
    return Verdict("template", template.id, template.name, False, stage, why)


def _campaign(
    snapshot: Snapshot, number: int, campaign: Offer, mail: Mail, tests: Masks, chosen: Chosen
) -> Verdict:
    firsts = [place for place, line in chosen.lines.items() if line[0].campaign == number]
    if firsts:
        why = f"It is for this mail and ranks first: {words.places(firsts)}."
        return Verdict("campaign", campaign.id, campaign.name, True, "taken", why)
    times = snapshot.compiled.campaign_rules.times
    failed = _failed(number, campaign.rule, times[number], mail, tests)
    stage, why = failed or _outranked(snapshot, number, campaign, chosen)
    return Verdict("campaign", campaign.id, campaign.name, False, stage, why)


def _failed(number: int, rule: Rule, time: Time | None, mail: Mail, tests: Masks) -> tuple[Stage, str] | None:
    """The first test of the order that this rule does not pass."""
    bit = 1 << number
    if not tests.senders & bit:
        return (
            "sender",
            f"It is for mails from {words.senders(rule.senders)}; {words.name(mail)} is not one of them.",
        )
    if not tests.side & bit:
        return (
            "side",
            f"It is for mails that go {words.side(rule.to.side)}; this one goes {words.side(mail.side)}.",
        )
    if not tests.named & bit:
        return "recipients", f"It is for mails to {words.recipients(rule.to)}; this one is not."
    if not tests.time & bit:
        return "time", words.not_now(rule.when, time, mail.now)
    if tests.except_senders & bit:
        excepted = words.senders(rule.except_senders or Senders())
        return "except-sender", f"It excepts mails from {excepted}, and {words.name(mail)} is one of them."
    if tests.except_to & bit and rule.except_to is not None:
        return "except-recipients", f"It excepts mails to {words.audience(rule.except_to)}, and this is one."
    return None


def _outranked(snapshot: Snapshot, number: int, campaign: Offer, chosen: Chosen) -> tuple[Stage, str]:
    """Why an eligible campaign shows nothing."""
    slots = snapshot.compiled.management.slots
    if not any(message.slot in slots for message in campaign.messages):
        return "settings", "The management settings allow none of the slots that its messages stand in."
    over = [place for place, line in chosen.over.items() if line[0].campaign == number]
    if over:
        most = snapshot.compiled.management.most_messages
        return "settings", f"A mail may carry {most} message{'s' * (most != 1)}, and others rank before it."
    waiting = [place for place, line in chosen.lines.items() if any(r.campaign == number for r in line)]
    before = _before(snapshot, campaign, waiting, chosen)
    if waiting:
        return (
            "priority",
            f"{before} ranks before it; it stands in where the conversation has shown that already.",
        )
    return "priority", f"{before} ranks before it in its slot."


def _before(snapshot: Snapshot, campaign: Offer, waiting: Sequence[Place], chosen: Chosen) -> str:
    """The name of the campaign that stands first where this one would."""
    wanted = waiting or [(variant, m.slot) for m in campaign.messages for variant in m.variants]
    lines: list[list[Ranked]] = [line for line in (chosen.lines.get(place) for place in wanted) if line]
    lines += [line for line in (chosen.over.get(place) for place in wanted) if line]
    return snapshot.compiled.campaigns[lines[0][0].campaign].name if lines else "Another campaign"
