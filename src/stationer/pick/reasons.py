"""explain: the same walk as pick, told for every template and campaign in a sentence that a marketer reads."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from stationer.pick import schedule, withholding, words
from stationer.pick.audiences import Audience, audiences
from stationer.pick.index import RuleMasks, Snapshot
from stationer.pick.memory import Lookup, nobody
from stationer.pick.outranking import outranked
from stationer.pick.people import RollIndex
from stationer.pick.remembering import Recall
from stationer.pick.snapshot import Offer, Stationery, Time
from stationer.pick.walk import Mail, Masks, naming_sender, read_mail
from stationer.wire.pick import Question
from stationer.wire.rules import Rule, Senders

Stage = Literal[
    "taken",
    "sender",
    "attributes",
    "side",
    "recipients",
    "time",
    "holiday",
    "except-sender",
    "except-recipients",
    "quiet",
    "blackout",
    "holdout",
    "stopped",
    "sequence",
    "cool-down",
    "cap",
    "priority",
    "settings",
]


class Verdict(msgspec.Struct, frozen=True):
    """One template or campaign: taken or not, at which test of the order it was decided, and why.

    `copy` is the copy it is about, an index into the answer's.
    """

    kind: Literal["template", "campaign"]
    id: str
    name: str
    taken: bool
    stage: Stage
    why: str
    copy: int = 0


class Explanation(msgspec.Struct, frozen=True):
    """What is known of the mail, in one sentence or two, and for each copy a verdict for each template and each
    campaign, in order."""

    mail: str
    verdicts: list[Verdict]


def explain(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    seed: int = 0,
    memory: Lookup = nobody,
) -> Explanation:
    """Why this mail carries what it carries at `now` (Unix ms). Total, as `pick` is."""
    mail = read_mail(snapshot, roll_index, question, now)
    compiled = snapshot.compiled
    if mail is None:
        why = f"{question.from_} is nobody in this company, so the mail leaves as it was written."
        entries: list[Stationery | Offer] = [*compiled.templates, *compiled.campaigns]
        return Explanation(why, [_unknown(entry, why) for entry in entries])
    found = audiences(snapshot, mail, seed, memory)
    verdicts: list[Verdict] = []
    for copy, audience in enumerate(found):
        recall = Recall(snapshot, memory, audience.recipients, now) if snapshot.remembering else None
        told = _Told(snapshot, mail, audience, copy, recall)
        verdicts += [told.template(number) for number in range(len(compiled.templates))]
        verdicts += [told.campaign(number) for number in range(len(compiled.campaigns))]
    groups = [[recipient.address for recipient in audience.recipients] for audience in found]
    return Explanation(words.mail(mail, groups), verdicts)


def _unknown(entry: Stationery | Offer, why: str) -> Verdict:
    kind: Literal["template", "campaign"] = "template" if isinstance(entry, Stationery) else "campaign"
    return Verdict(kind, entry.id, entry.name, False, "sender", why)


class _Told(NamedTuple):
    """What is told of one copy; `mail` is the mail as a whole, by which chance draws."""

    snapshot: Snapshot
    mail: Mail
    audience: Audience
    copy: int
    recall: Recall | None

    def template(self, number: int) -> Verdict:
        template, chosen = self.snapshot.compiled.templates[number], self.audience.chosen
        if number == chosen.template:
            why = "It is the fallback, and no other template is for this mail." if template.fallback else ""
            why = why or "It is the first template in order that is for this mail."
            return Verdict("template", template.id, template.name, True, "taken", why, self.copy)
        times = self.snapshot.compiled.template_rules.times
        failed = self._failed(
            self.snapshot.templates, number, template.rule, times[number], self.audience.templates
        )
        before = self.snapshot.compiled.templates[chosen.template].name
        stage, why = failed or ("priority", f"A mail has one template, and {before} comes before it.")
        return Verdict("template", template.id, template.name, False, stage, why, self.copy)

    def campaign(self, number: int) -> Verdict:
        campaign, chosen = self.snapshot.compiled.campaigns[number], self.audience.chosen
        firsts = [place for place, line in chosen.lines.items() if line[0].campaign == number]
        if firsts:
            why = f"It is for this mail and ranks first: {words.places(firsts)}."
            return Verdict("campaign", campaign.id, campaign.name, True, "taken", why, self.copy)
        times = self.snapshot.compiled.campaign_rules.times
        failed = self._failed(
            self.snapshot.campaigns, number, campaign.rule, times[number], self.audience.campaigns
        )
        failed = failed or self._withheld(number) or self._remembered(number)
        stage, why = failed or outranked(self.snapshot, number, self._next(campaign, number), chosen)
        return Verdict("campaign", campaign.id, campaign.name, False, stage, why, self.copy)

    def _failed(
        self, rules: RuleMasks, number: int, rule: Rule, time: Time | None, tests: Masks
    ) -> tuple[Stage, str] | None:
        """The first test of the order that this rule does not pass."""
        bit, asked = 1 << number, self.audience.mail
        if not tests.senders & bit:
            return _sender(naming_sender(rules.senders, asked.sender, asked.senders) & bit, rule, asked)
        if not tests.side & bit:
            return "side", words.not_that_side(rule.to, asked, self.mail.side)
        if not tests.named & bit:
            return "recipients", f"It is for mails to {words.recipients(rule.to)}; this one is not."
        if not tests.time & bit:
            return self._not_now(rule, time)
        if tests.except_senders & bit:
            excepted = words.senders(rule.except_senders or Senders())
            return (
                "except-sender",
                f"It excepts mails from {excepted}, and {words.name(asked)} is one of them.",
            )
        if tests.except_to & bit and rule.except_to is not None:
            return (
                "except-recipients",
                f"It excepts mails to {words.audience(rule.except_to)}, and this is one.",
            )
        return None

    def _not_now(self, rule: Rule, time: Time | None) -> tuple[Stage, str]:
        now, zones = self.mail.now, self.snapshot.compiled.zones
        if (
            time is not None
            and time.off
            and schedule.holds(msgspec.structs.replace(time, off=()), zones, now)
        ):
            day = schedule.wall_clock(zones.get(time.zone), now)[0]
            return "holiday", words.day_off(rule.when, day)
        return "time", words.not_now(rule.when, time, now)

    def _remembered(self, number: int) -> tuple[Stage, str] | None:
        """What the recipients' memory passes over."""
        if self.recall is None or number not in self.snapshot.allowances:
            return None
        said = self.recall.reason(number)
        if said is None:
            return None
        offer = self.snapshot.compiled.campaigns[number]
        stage: Stage = "cap" if said.why.startswith("cap") else said.why  # type: ignore[assignment]
        return stage, words.remembered(offer, said.why, said.people, len(self.audience.recipients))

    def _next(self, campaign: Offer, number: int) -> Offer:
        """The campaign with what it may show these recipients: of a sequence the message that is next."""
        if self.recall is None or not campaign.sequence:
            return campaign
        return msgspec.structs.replace(campaign, messages=(campaign.messages[self.recall.step(number) - 1],))

    def _withheld(self, number: int) -> tuple[Stage, str] | None:
        """What keeps an eligible campaign from the mail."""
        found = withholding.general(self.snapshot, self.mail)
        if found is not None and found.why == "quiet":
            who = words.name(self.mail)
            return "quiet", f"Mails from the group {found.group} carry no messages, and {who} is in it."
        if found is not None:
            when = self.snapshot.compiled.management.blackout[found.blackout]
            return "blackout", f"No messages are shown {words.times(when)}."
        if self.snapshot.holdouts >> number & 1 and withholding.held_back(self.snapshot, self.mail, number):
            share = self.snapshot.compiled.campaigns[number].holdout
            why = f"It is held back from {share} in 100 mails, so that its effect can be measured."
            return "holdout", f"{why} The draw fell on this sender and these recipients."
        return None


def _sender(named: int, rule: Rule, mail: Mail) -> tuple[Stage, str]:
    """Why the sender is not one that the rule speaks of: not named, or an attribute is another."""
    if named:
        return "attributes", words.not_that_attribute(rule.senders, mail)
    said = words.senders(rule.senders)
    return "sender", f"It is for mails from {said}; {words.name(mail)} is not one of them."
