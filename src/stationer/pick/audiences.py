"""Who gets which copy of a mail: the named policies for mixed recipients (contract/pick.md §3)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from stationer.pick.addresses import canonical
from stationer.pick.choosing import Chosen, choose
from stationer.pick.deciding import Decisions
from stationer.pick.index import Snapshot
from stationer.pick.known import Recipient
from stationer.pick.memory import Lookup, nobody
from stationer.pick.remembering import Recall
from stationer.pick.walk import Mail, Masks, for_audience, masks
from stationer.wire.pick import Question


class Audience(NamedTuple):
    """Those who get one copy: the mail as rules were asked about it, what they said, and what was chosen.

    `recipients` are all of them; `mail` names those that were asked about (under `strictest`, the outside ones), or
    the first of those for whom the same came out.
    """

    recipients: tuple[Recipient, ...]
    mail: Mail
    templates: Masks
    campaigns: Masks
    chosen: Chosen


def audiences(snapshot: Snapshot, mail: Mail, seed: int, memory: Lookup = nobody) -> list[Audience]:
    """One audience, or under `copies` as many as there are, in the order of their first recipients. What `memory`
    says is asked of all who get a copy, under `strictest` as well."""
    templates, campaigns = masks(snapshot.templates, mail), masks(snapshot.campaigns, mail)
    management = snapshot.compiled.management
    if management.mixed == "shared":
        recall = Recall(snapshot, memory, mail.recipients, mail.now) if snapshot.remembering else None
        chosen = choose(snapshot, mail, templates.eligible(), campaigns.eligible(), seed, recall)
        return [Audience(mail.recipients, mail, templates, campaigns, chosen)]
    whole = _Whole(snapshot, mail, templates, campaigns, seed, memory, Decisions())
    if management.mixed == "strictest" and mail.side == "mixed":
        return [whole.strictest()]
    if management.mixed == "copies" and len(mail.recipients) > 1:
        found = joined(map(whole.alone, mail.recipients), management.most_copies)
        return found or joined(whole.by_side(), 2)
    return [whole.shared()]


class _Whole(NamedTuple):
    """A mail, and what every rule says of it as a whole."""

    snapshot: Snapshot
    mail: Mail
    templates: Masks
    campaigns: Masks
    seed: int
    memory: Lookup
    decisions: Decisions  # most recipients are like another

    def shared(self) -> Audience:
        return self._chosen(self.mail.recipients, self.mail, self.templates, self.campaigns)

    def strictest(self) -> Audience:
        """As if it went to the outside recipients alone; what is excepted of the whole stays excepted."""
        outside = tuple(r for r in self.mail.recipients if not r.inside)
        mail = self.mail._replace(recipients=outside, side="outside")
        templates = for_audience(self.snapshot.templates, self.templates, mail)
        campaigns = for_audience(self.snapshot.campaigns, self.campaigns, mail)
        templates = templates._replace(except_to=templates.except_to | self.templates.except_to)
        campaigns = campaigns._replace(except_to=campaigns.except_to | self.campaigns.except_to)
        return self._chosen(self.mail.recipients, mail, templates, campaigns)

    def alone(self, recipient: Recipient) -> Audience:
        """As if it went to this recipient alone."""
        side = "inside" if recipient.inside else "outside"
        return self._asked((recipient,), side)

    def by_side(self) -> list[Audience]:
        """Inside and outside, each asked about as one mail; the side of the first recipient first."""
        sides: dict[str, list[Recipient]] = {}
        for recipient in self.mail.recipients:
            side = "inside" if recipient.inside else "outside"
            sides.setdefault(side, []).append(recipient)
        return [self._asked(tuple(some), side) for side, some in sides.items()]

    def _asked(self, recipients: tuple[Recipient, ...], side: str) -> Audience:
        mail = self.mail._replace(recipients=recipients, side=side)
        templates = for_audience(self.snapshot.templates, self.templates, mail)
        campaigns = for_audience(self.snapshot.campaigns, self.campaigns, mail)
        return self._chosen(recipients, mail, templates, campaigns)

    def _chosen(
        self, recipients: tuple[Recipient, ...], mail: Mail, templates: Masks, campaigns: Masks
    ) -> Audience:
        # every draw is over the whole mail, so that chance never makes two audiences of one
        held = templates.eligible(), campaigns.eligible()
        recall = (
            Recall(self.snapshot, self.memory, recipients, mail.now) if self.snapshot.remembering else None
        )
        chosen = self.decisions.of(
            held, recall, lambda: choose(self.snapshot, self.mail, *held, self.seed, recall)
        )
        return Audience(recipients, mail, templates, campaigns, chosen)


def joined(found: Iterable[Audience], most: int) -> list[Audience]:
    """Audiences for which the same comes out, made one; none when there are more than `most`, and then no further one
    is asked about."""
    by_choice: dict[object, Audience] = {}
    for audience in found:
        key = audience.chosen.shows()
        first = by_choice.get(key)
        if first is not None:
            audience = first._replace(recipients=first.recipients + audience.recipients)
        by_choice[key] = audience
        if len(by_choice) > most:
            return []
    return list(by_choice.values())


def indices(snapshot: Snapshot, question: Question, found: list[Audience]) -> tuple[list[list[int]], int]:
    """For each audience the places of its recipients in `to` followed by `cc`; and the number of the one that has
    the rest. What is no recipient (an emptied address) goes with the rest."""
    if len(found) == 1:
        return [list(range(len(question.to) + len(question.cc)))], 0
    rest = next((n for n, one in enumerate(found) if not all(r.inside for r in one.recipients)), 0)
    of = {recipient.address: n for n, one in enumerate(found) for recipient in one.recipients}
    places: list[list[int]] = [[] for _ in found]
    for index, address in enumerate([*question.to, *question.cc]):
        places[of.get(canonical(address), rest)].append(index)
    return places, rest
