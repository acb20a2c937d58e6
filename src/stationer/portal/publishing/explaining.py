"""Why a mail carries what it carries, in the reader's language: the verdicts of `pick.explain` as sentences.

The decision is `pick`'s alone; only its words are made here, from the rule and from the test that decided.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer import pick
from stationer.portal.content.pacing import often, pause
from stationer.portal.content.sentence import any_of, plain, short, when_sentence, who, whom
from stationer.wire import ids
from stationer.wire.rules import Rule

#: Tests in order: the further a campaign came, the nearer it was.
STAGES = (
    "priority", "settings", "cap", "cool-down", "sequence", "stopped", "holdout", "blackout", "quiet",
    "except-recipients", "except-sender", "holiday", "time", "recipients", "side", "attributes", "sender",
)  # fmt: skip


@dataclass(frozen=True)
class Said:
    """One template or campaign: taken or not, and why. `kind` and `id` lead to its page."""

    kind: str
    id: str
    name: str
    taken: bool
    why: str
    stage: str


def mail_sentence(sender: str, to: Sequence[str], inside: Sequence[str]) -> str:
    """What the rules were asked about."""
    if not to:
        return _("{name} writes to nobody named.").format(name=sender)
    count = len(to)
    people = ngettext("one person", "{count} people", count).format(count=count)
    side = (
        _("inside") if len(inside) == count else _("inside and outside at once") if inside else _("outside")
    )
    return _("{name} writes to {people} {side}.").format(name=sender, people=people, side=side)


def explained(found: pick.Explanation, compiled: pick.Compiled, copy: int) -> list[Said]:
    """Every verdict about one copy: what is taken first, then what came near, then the rest."""
    offers = {offer.id: offer for offer in compiled.campaigns}
    rules: dict[str, Rule] = {one.id: one.rule for one in compiled.templates}
    rules |= {one.id: one.rule for one in compiled.campaigns}
    here = [verdict for verdict in found.verdicts if verdict.copy == copy]
    taken = [verdict.name for verdict in here if verdict.taken and verdict.kind == "campaign"]
    said = [
        Said(
            verdict.kind,
            verdict.id,
            verdict.name,
            verdict.taken,
            _why(verdict, rules[verdict.id], offers.get(verdict.id), taken),
            verdict.stage,
        )
        for verdict in here
    ]
    return sorted(
        said, key=lambda one: (not one.taken, STAGES.index(one.stage) if one.stage in STAGES else 0)
    )


def _why(verdict: pick.Verdict, rule: Rule, offer: pick.Offer | None, taken: list[str]) -> str:
    if verdict.taken:
        return _taken(verdict, rule)
    if verdict.kind == "template" and verdict.stage == "priority":
        return _("It suits this mail, but a mail has one template, and another one comes first.")
    facts = {
        "who": who(Rule(senders=rule.senders)).text,
        "whom": whom(Rule(to=rule.to)).text,
        "others": any_of(short([_("“{name}”").format(name=name) for name in taken])),
        "times": plain(when_sentence(rule.when)),
        "often": often(offer.caps) if offer else "",
        "pause": pause(offer.cool_down_h) if offer else "",
        "share": offer.holdout if offer else 0,
    }
    return WORDS[verdict.stage]().format(**facts)


def _taken(verdict: pick.Verdict, rule: Rule) -> str:
    if verdict.kind == "template":
        return (
            _("It is the first template that suits this mail.")
            if rule != Rule()
            else _("It is for every mail that no other template suits.")
        )
    return _("It suits this mail, and nothing in its place comes before it.")


WORDS: Mapping[str, Callable[[], str]] = {
    "sender": lambda: _("It is for mail from {who}; this sender is not one of them."),
    "attributes": lambda: _("It is for mail from {who}; for this sender that is not so."),
    "side": lambda: _("It is for mail to {whom}; this mail goes elsewhere."),
    "recipients": lambda: _("It is for mail to {whom}; nobody of that kind is among the recipients."),
    "time": lambda: _("It is shown only at certain times, and this is none of them. {times}"),
    "holiday": lambda: _("It rests on this day. {times}"),
    "except-sender": lambda: _("It leaves out some who write, and this sender is one of them."),
    "except-recipients": lambda: _("It leaves out some recipients, and one of these is among them."),
    "quiet": lambda: _("This sender is in a group whose mails carry no messages."),
    "blackout": lambda: _("Messages rest at this time, by the rules of the house."),
    "holdout": lambda: _(
        "It is held back from {share} % of mails, so that you see what it does; this is one of them."
    ),
    "stopped": lambda: _("Somebody among the recipients has clicked one of its links; it stops then."),
    "sequence": lambda: _("The recipients have seen all of its messages."),
    "cool-down": lambda: _("Somebody among the recipients has seen it lately: {pause}."),
    "cap": lambda: _("Somebody among the recipients has seen it often enough: {often}."),
    "priority": lambda: _(
        "It suits this mail, but {others} stands in its place: by rank, or by chance among equals."
    ),
    "settings": lambda: _("It suits this mail, but the rules of the house leave no room for it."),
}


def link(one: Said) -> tuple[str, str] | None:
    """The kind and outside id of its page, where it has one."""
    try:
        ids.inside(one.kind, one.id)
    except (KeyError, ValueError):
        return None
    return one.kind, one.id
