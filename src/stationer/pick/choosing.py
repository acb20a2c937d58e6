"""choose: from the rules that hold for a mail to one template and the messages that suit it best, stable.

The order (contract/pick.md §1): eligibility and exclusions are done; withholding, priority, weights among equals,
then what the recipients' memory says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce
from hashlib import blake2b
from math import log
from operator import itemgetter, or_
from typing import NamedTuple

from stationer.pick.index import Snapshot
from stationer.pick.remembering import Recall
from stationer.pick.snapshot import Showing
from stationer.pick.walk import Mail
from stationer.pick.withholding import general, shown
from stationer.wire.words import VARIANTS, Slot, Variant

#: How many messages stand in line for one slot: the first, and stand-ins for when the thread has seen it.
DEPTH = 3

Place = tuple[Variant, Slot]


class Ranked(NamedTuple):
    """A message with its place in the order of choice, and the number of its campaign."""

    rank: int
    campaign: int
    message: Showing


class Chosen(NamedTuple):
    """What a mail would carry: a template's number (-1: none), and the messages in line for each place.

    `over` are the lines that fell to `most_messages`; `held` the campaigns (numbers) that would have led a line, had
    their holdout not kept them back.
    """

    template: int
    lines: dict[Place, list[Ranked]]
    over: dict[Place, list[Ranked]]
    held: tuple[int, ...] = ()

    def shows(self) -> object:
        """What can be seen of it: equal for two choices that put the same into a mail."""
        lines = [(place, *(r.message.id for r in line)) for place, line in self.lines.items()]
        return self.template, frozenset(lines)


def choose(
    snapshot: Snapshot, mail: Mail, templates: int, campaigns: int, seed: int, recall: Recall | None = None
) -> Chosen:
    """From the eligible rules (masks) to the choice. Draws are over all recipients of `mail`, the whole mail; `recall`
    is the memory of those who get it."""
    lowest = templates & -templates
    passed = shown(snapshot, mail, campaigns)
    lines = _lines(snapshot, mail, passed, seed, recall)
    most = snapshot.compiled.management.most_messages
    kept = _at_most(lines, most) if lines else lines
    over = {} if kept is lines else {place: line for place, line in lines.items() if place not in kept}
    held: tuple[int, ...] = ()
    if passed != campaigns and general(snapshot, mail) is None:
        held = _led(_at_most(_lines(snapshot, mail, campaigns, seed, recall), most), campaigns ^ passed)
    return Chosen(lowest.bit_length() - 1, kept, over, held)


def _led(lines: Mapping[Place, list[Ranked]], held: int) -> tuple[int, ...]:
    """The campaigns of `held` (a mask) whose message comes first in any of these lines."""
    return tuple(sorted({line[0].campaign for line in lines.values() if held >> line[0].campaign & 1}))


def _lines(
    snapshot: Snapshot, mail: Mail, eligible: int, seed: int, recall: Recall | None
) -> dict[Place, list[Ranked]]:
    """For each place the best messages, in order, until every place has enough. What recipients' memory passes over
    leaves its place to the next in rank."""
    lines: dict[Place, list[Ranked]] = {}
    hungry, remaining = snapshot.offers, eligible & snapshot.offered
    rank = 0
    while remaining:
        end = snapshot.tiers[_first(remaining)]
        later = remaining >> end << end
        for campaign, message in _by_weight(snapshot, mail, remaining ^ later, seed):
            places = _with_room(message, hungry, lines)
            if places and (recall is None or recall.shows(campaign, message)):
                for place in places:
                    lines.setdefault(place, []).append(Ranked(rank, campaign, message))
                rank += 1
        if later and rank >= DEPTH:  # with fewer no line can be full
            hungry = {place: mask for place, mask in hungry.items() if len(lines.get(place, ())) < DEPTH}
            later &= reduce(or_, hungry.values(), 0)
        remaining = later
    return lines


def _first(mask: int) -> int:
    """The number of the lowest bit."""
    return (mask ^ (mask - 1)).bit_length() - 1


def _with_room(
    message: Showing, hungry: Mapping[Place, int], lines: Mapping[Place, list[Ranked]]
) -> list[Place]:
    """The places in whose line the message would stand. Where there is none, nobody's memory need be asked."""
    places = ((variant, message.slot) for variant in message.variants)
    return [place for place in places if place in hungry and len(lines.get(place, ())) < DEPTH]


def _bits(mask: int) -> list[int]:
    """The numbers of the bits, lowest first."""
    found = []
    while mask:
        lowest = _first(mask)
        found.append(lowest)
        mask ^= 1 << lowest
    return found


def _by_weight(snapshot: Snapshot, mail: Mail, tier: int, seed: int) -> list[tuple[int, Showing]]:
    """The messages of equal campaigns in weighted order: stable for the mail, and by weight over many mails."""
    found = equals(snapshot, tier)
    if len(found) < 2:
        return found
    recipients = [recipient.address for recipient in mail.recipients]
    return in_turn(found, chance(snapshot.compiled.mark_key, mail.sender.id, recipients, seed))


def equals(snapshot: Snapshot, tier: int) -> list[tuple[int, Showing]]:
    """The messages of the campaigns of one priority (a mask), with the campaigns' numbers."""
    campaigns = snapshot.compiled.campaigns
    return [(number, message) for number in _bits(tier) for message in campaigns[number].messages]


def in_turn(messages: list[tuple[int, Showing]], draw: blake2b) -> list[tuple[int, Showing]]:
    """Messages of equal campaigns in the order of a draw (`chance`)."""
    keyed = []
    for number, message in messages:
        hashed = draw.copy()
        hashed.update(message.id.encode("utf-8", "surrogatepass"))
        share = (int.from_bytes(hashed.digest(), "big") + 1) / ((1 << 64) + 1)
        # Efraimidis and Spirakis: the smallest -ln(u)/w first draws without replacement by weight
        keyed.append((-log(share) / max(1, message.weight), message.id, number, message))
    keyed.sort(key=itemgetter(0, 1))
    return [entry[2:] for entry in keyed]


def chance(mark_key: bytes, member: str, recipients: Iterable[str], seed: int) -> blake2b:
    """The keyed hash that stands for chance: of seed, sender and distinct recipients, in any order."""
    words = "\0".join([str(seed), member, *sorted(recipients), ""])
    return blake2b(
        words.encode("utf-8", "surrogatepass"), digest_size=8, key=mark_key[:64], person=b"stationer-draw"
    )


def drawn(snapshot: Snapshot, campaigns: int) -> bool:
    """Whether chance has a say in what these campaigns (a mask) show: equals, or a share that is held back."""
    return bool(campaigns & snapshot.holdouts or taking_turns(snapshot, campaigns))


def taking_turns(snapshot: Snapshot, campaigns: int) -> list[int]:
    """Of these campaigns (a mask) those of one priority (a mask each) whose messages take turns by chance."""
    found = []
    remaining = campaigns & snapshot.offered
    while remaining:
        first = _first(remaining)
        later = remaining >> snapshot.tiers[first] << snapshot.tiers[first]
        tier = remaining ^ later
        offer = snapshot.compiled.campaigns[first]  # of a sequence one message is shown, whatever is drawn
        if tier & (tier - 1) or (len(offer.messages) > 1 and not offer.sequence):
            found.append(tier)
        remaining = later
    return found


def _at_most(lines: dict[Place, list[Ranked]], most: int) -> dict[Place, list[Ranked]]:
    """For each variant only as many slots as the mail may carry messages: those whose first message ranks best."""
    if len({slot for _, slot in lines}) <= most:
        return lines
    kept: dict[Place, list[Ranked]] = {}
    for variant in VARIANTS:
        places = [place for place in lines if place[0] == variant]
        places.sort(key=lambda place: (lines[place][0].rank, place[1]))
        kept |= {place: lines[place] for place in places[:most]}
    return kept
