"""replay: what a draft would have shown in recorded mails (contract/replay.md §4). The walk is that of `pick`; the
entries of rules are turned into the hashes of records first.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import combinations

import msgspec

from stationer.pick.audiences import audiences
from stationer.pick.choosing import drawn
from stationer.pick.index import AudienceMasks, RuleMasks, Snapshot
from stationer.pick.known import Known, Recipient
from stationer.pick.lists import address_hash, classes_of_hashes
from stationer.pick.people import RollIndex
from stationer.pick.records import suffix_hash
from stationer.pick.walk import Mail, introduce, naming, side_of
from stationer.pick.withholding import shown
from stationer.wire.replay import Recorded, RecordedRecipient

#: Of one mail only so many campaigns are paired: more than that says nothing to anybody.
PAIRED = 40


class Reach(msgspec.Struct, frozen=True):
    """One campaign: mails it applied to, mails in which it stood first in a place, distinct recipients of those."""

    id: str
    name: str
    mails: int
    shown: int
    people: int


class Replay(msgspec.Struct, frozen=True):
    """`campaigns` in asking order; `overlap` counts mails to which both applied, most first; `left_out` mails of
    senders nobody knows; `caveats` say what could not be replayed."""

    mails: int
    left_out: int
    campaigns: list[Reach]
    overlap: list[tuple[str, str, int]]
    caveats: list[str]

    def starving(self) -> list[str]:
        """Campaigns that applied to some mail and were never shown."""
        return [one.id for one in self.campaigns if one.mails and not one.shown]


def replay(snapshot: Snapshot, roll: RollIndex, records: Iterable[Recorded]) -> Replay:
    """Ask the draft about every mail again. Total."""
    asked = _Asked(snapshot, roll)
    for one in records:
        asked.ask(one)
    return asked.result()


#: What a mail carries, to be compared and nothing else; None of a mail whose sender nobody knows.
Carried = frozenset[tuple[object, ...]] | None


def carried(snapshot: Snapshot, roll: RollIndex, records: Iterable[Recorded]) -> Iterator[Carried]:
    """What each of these mails would carry, in their order: for whom, in which place, which content."""
    asked = _Asked(snapshot, roll)
    return (asked.carries(one) for one in records)


class _Asked:
    """Counts while mails go by."""

    def __init__(self, snapshot: Snapshot, roll: RollIndex) -> None:
        self._key = snapshot.compiled.mark_key
        self._plain, self._hashed = snapshot, _hashed(snapshot, self._key)
        self._people = {address_hash(self._key, a): person.address for a, person in roll.people.items()}
        self._known = Known(roll)
        self._mails = self._left_out = self._drawn = self._crowded = 0
        self._applied: Counter[int] = Counter()
        self._shown: Counter[int] = Counter()
        self._reached: dict[int, set[str]] = {}
        self._pairs: Counter[tuple[int, int]] = Counter()

    def ask(self, one: Recorded) -> None:
        """One mail."""
        mail = self._mail(one)
        self._mails += 1
        if mail is None:
            self._left_out += 1
            return
        applied, first, chance = 0, set(), False
        for audience in audiences(self._hashed, mail, 0):
            eligible = audience.campaigns.eligible()
            chance = chance or drawn(self._hashed, eligible)
            applied |= shown(self._hashed, mail, eligible)
            here = {line[0].campaign for line in audience.chosen.lines.values()}
            for campaign in here:
                self._reached.setdefault(campaign, set()).update(r.address for r in audience.recipients)
            first |= here
        self._drawn += chance
        self._shown.update(first)
        numbers = list(_bits(applied))
        self._applied.update(numbers)
        self._pairs.update(combinations(numbers[:PAIRED], 2))
        self._crowded += len(numbers) > PAIRED

    def carries(self, one: Recorded) -> Carried:
        """What one mail would carry."""
        mail = self._mail(one)
        if mail is None:
            return None
        found: set[tuple[object, ...]] = set()
        for audience in audiences(self._hashed, mail, 0):
            people = frozenset(recipient.address for recipient in audience.recipients)
            for place, line in audience.chosen.lines.items():
                found.add((people, *place, line[0].message.content))
            if audience.chosen.template >= 0:
                found.update((people, *part) for part in self._parts(audience.chosen.template))
        return frozenset(found)

    def _parts(self, number: int) -> Iterator[tuple[object, ...]]:
        """What a template puts where."""
        compiled = self._plain.compiled
        for variant, parts in compiled.templates[number].parts.items():
            for part in parts:
                if part.slot in compiled.management.slots:
                    yield variant, part.slot, part.content, "template"

    def _mail(self, one: Recorded) -> Mail | None:
        address = self._people.get(one.sender)
        sender = introduce(self._plain, self._known, address) if address is not None else None
        if sender is None:
            return None
        listed = classes_of_hashes(self._hashed.lists, [r.address for r in one.recipients])
        recipients = tuple(self._recipient(r, on) for r, on in zip(one.recipients, listed, strict=True))
        return Mail(sender.person, sender.addresses, recipients, side_of(recipients), one.at, sender.sent)

    def _recipient(self, one: RecordedRecipient, listed: int) -> Recipient:
        domain, *above = [suffix.hex() for suffix in one.suffixes] or [""]
        templates, campaigns = self._hashed.templates, self._hashed.campaigns
        named = tuple(
            naming(audience, one.address.hex(), domain, above, one.groups, listed)
            for audience in (templates.to, templates.except_to, campaigns.to, campaigns.except_to)
        )
        return Recipient(one.address.hex(), one.inside, named)

    def result(self) -> Replay:
        """What was counted."""
        offers = self._plain.compiled.campaigns
        reach = [
            Reach(o.id, o.name, self._applied[n], self._shown[n], len(self._reached.get(n, ())))
            for n, o in enumerate(offers)
        ]
        overlap = [(offers[a].id, offers[b].id, count) for (a, b), count in self._pairs.most_common()]
        return Replay(self._mails, self._left_out, reach, overlap, list(self._caveats()))

    def _caveats(self) -> Iterator[str]:
        offers = self._plain.compiled.campaigns
        if self._drawn:
            yield (
                f"In {self._drawn} mails chance has a say (equals by weight, holdouts): the shares are right, "
                "single mails are not."
            )
        if self._crowded:
            yield (
                f"To {self._crowded} mails more than {PAIRED} campaigns applied; of each of these mails only the "
                f"first {PAIRED} in order are counted as meeting."
            )
        remembering = [o.id for o in offers if o.remembers()]
        if remembering:
            yield (
                "As if no recipient had been sent anything before (caps, cool-down, sequences, stops): "
                f"{', '.join(remembering)}."
            )
        asking = [o.id for o in offers if o.rule.senders.where]
        if asking:
            yield f"Attributes of senders are those of the roll that was given: {', '.join(asking)}."
        if self._left_out:
            yield f"{self._left_out} mails are left out: nobody on the roll sent them."
        yield "Sides and groups of recipients are those of the time of the mail."


def _bits(mask: int) -> Iterator[int]:
    while mask:
        yield (mask & -mask).bit_length() - 1
        mask &= mask - 1


def _hashed(snapshot: Snapshot, key: bytes) -> Snapshot:
    """The same rules, named by the hashes of records (hexadecimal)."""
    templates, campaigns = (_rules(rules, key) for rules in (snapshot.templates, snapshot.campaigns))
    return snapshot._replace(templates=templates, campaigns=campaigns)


def _rules(rules: RuleMasks, key: bytes) -> RuleMasks:
    return rules._replace(to=_audience(rules.to, key), except_to=_audience(rules.except_to, key))


def _audience(audience: AudienceMasks, key: bytes) -> AudienceMasks:
    return audience._replace(
        addresses={address_hash(key, one).hex(): mask for one, mask in audience.addresses.items()},
        domains={suffix_hash(key, one).hex(): mask for one, mask in audience.domains.items()},
        suffixes={suffix_hash(key, one).hex(): mask for one, mask in audience.suffixes.items()},
    )
