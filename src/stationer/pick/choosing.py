"""pick: one template and the messages that suit a mail best, in the stated order, stable, never raising.

The order (contract/pick.md §1): eligibility, exclusions, priority, weights among equals.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from hashlib import blake2b
from math import log
from operator import itemgetter, or_
from typing import NamedTuple

from stationer.pick.index import Letterhead, Snapshot
from stationer.pick.marks import template_mark
from stationer.pick.people import RollIndex, digest_of, person_named
from stationer.pick.snapshot import Showing
from stationer.pick.walk import Mail, Masks, masks, read_mail
from stationer.wire.content import Content
from stationer.wire.pick import Answer, Candidate, Choice, Copy, Question
from stationer.wire.roll import Person
from stationer.wire.words import VARIANTS, Slot, Variant

#: How many messages stand in line for one slot: the first, and stand-ins for when the thread has seen it.
DEPTH = 3

#: How many letterheads a snapshot remembers: one is about 1.5 KB.
REMEMBERED = 4_096

Place = tuple[Variant, Slot]

_PLACE = {variant: number for number, variant in enumerate(VARIANTS)}


class Ranked(NamedTuple):
    """A message with its place in the order of choice, and the number of its campaign."""

    rank: int
    campaign: int
    message: Showing


class Chosen(NamedTuple):
    """What a mail would carry: a template's number (-1: none), and the messages in line for each place.

    `over` are the lines that fell to `most_messages`.
    """

    template: int
    lines: dict[Place, list[Ranked]]
    over: dict[Place, list[Ranked]]


def choose(snapshot: Snapshot, mail: Mail, templates: int, campaigns: int, seed: int) -> Chosen:
    """From the eligible rules (masks) to the choice."""
    lowest = templates & -templates
    lines = _lines(snapshot, mail, campaigns, seed)
    kept = _at_most(lines, snapshot.compiled.management.most_messages)
    over = {place: line for place, line in lines.items() if place not in kept}
    return Chosen(lowest.bit_length() - 1, kept, over)


def _lines(snapshot: Snapshot, mail: Mail, eligible: int, seed: int) -> dict[Place, list[Ranked]]:
    """For each place the best messages, in order, until every place has enough."""
    lines: dict[Place, list[Ranked]] = {}
    hungry, remaining = snapshot.offers, eligible & snapshot.offered
    rank = 0
    while remaining:
        end = snapshot.tiers[_first(remaining)]
        later = remaining >> end << end
        for campaign, message in _by_weight(snapshot, mail, remaining ^ later, seed):
            _stand_in_line(Ranked(rank, campaign, message), hungry, lines)
            rank += 1
        if later and rank >= DEPTH:  # with fewer no line can be full
            hungry = {place: mask for place, mask in hungry.items() if len(lines.get(place, ())) < DEPTH}
            later &= reduce(or_, hungry.values(), 0)
        remaining = later
    return lines


def _first(mask: int) -> int:
    """The number of the lowest bit."""
    return (mask ^ (mask - 1)).bit_length() - 1


def _stand_in_line(
    ranked: Ranked, hungry: Mapping[Place, int], lines: dict[Place, list[Ranked]]
) -> None:
    for variant in ranked.message.variants:
        place = (variant, ranked.message.slot)
        if place in hungry:
            line = lines.setdefault(place, [])
            if len(line) < DEPTH:
                line.append(ranked)


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
    campaigns = snapshot.compiled.campaigns
    equals = [(number, message) for number in _bits(tier) for message in campaigns[number].messages]
    if len(equals) < 2:
        return equals
    draw = _draw(snapshot.compiled.mark_key, mail, seed)
    keyed = []
    for number, message in equals:
        hashed = draw.copy()
        hashed.update(message.id.encode("utf-8", "surrogatepass"))
        share = (int.from_bytes(hashed.digest(), "big") + 1) / ((1 << 64) + 1)
        # Efraimidis and Spirakis: the smallest -ln(u)/w first draws without replacement by weight
        keyed.append((-log(share) / max(1, message.weight), message.id, number, message))
    keyed.sort(key=itemgetter(0, 1))
    return [entry[2:] for entry in keyed]


def _draw(mark_key: bytes, mail: Mail, seed: int) -> blake2b:
    """The keyed hash that stands for chance: of seed, sender and recipients, in any order."""
    recipients = sorted(recipient.address for recipient in mail.recipients)
    words = "\0".join([str(seed), mail.sender.id, *recipients, ""])
    return blake2b(
        words.encode("utf-8", "surrogatepass"), digest_size=8, key=mark_key[:64], person=b"stationer-draw"
    )


def _at_most(lines: dict[Place, list[Ranked]], most: int) -> dict[Place, list[Ranked]]:
    """For each variant only as many slots as the mail may carry messages: those whose first message ranks best."""
    if len(lines) <= most:
        return lines
    kept: dict[Place, list[Ranked]] = {}
    for variant in VARIANTS:
        places = [place for place in lines if place[0] == variant]
        places.sort(key=lambda place: (lines[place][0].rank, place[1]))
        kept |= {place: lines[place] for place in places[:most]}
    return kept


def ask(snapshot: Snapshot, mail: Mail, seed: int) -> tuple[Masks, Masks, Chosen]:
    """The whole walk for a known sender: the tests of all templates, of all campaigns, and the choice."""
    templates, campaigns = masks(snapshot.templates, mail), masks(snapshot.campaigns, mail)
    return templates, campaigns, choose(snapshot, mail, templates.eligible(), campaigns.eligible(), seed)


def pick(
    snapshot: Snapshot, roll_index: RollIndex, question: Question, *, now: int, pick_id: str, seed: int = 0
) -> Answer:
    """What this mail carries at `now` (Unix ms). Total: it has an answer for every question and never raises."""
    everyone = list(range(len(question.to) + len(question.cc)))
    mail = read_mail(snapshot, roll_index, question, now)
    if mail is None:
        return Answer(pick_id, [Copy(everyone, True, Choice(), Choice(), Choice())])
    _, _, chosen = ask(snapshot, mail, seed)
    digest = digest_of(roll_index, mail.sender, snapshot.compiled.mark_key)
    return Answer(pick_id, [Copy(everyone, True, *_choices(snapshot, mail.sender, chosen, digest))])


def _choices(snapshot: Snapshot, sender: Person, chosen: Chosen, person: str) -> list[Choice]:
    """The candidates of each variant. Their `links` stay empty here: tokens are signed by whoever holds the key."""
    if chosen.template < 0:
        choices: list[dict[str, list[Candidate]]] = [{} for _ in VARIANTS]
    else:
        choices = [dict(slots) for slots in _letterhead(snapshot, chosen.template, sender.id, person)]
    made: dict[int, Candidate] = {}
    for (variant, slot), line in chosen.lines.items():
        found = choices[_PLACE[variant]]
        shown = []
        for rank, _, message in line:
            if rank not in made:
                made[rank] = Candidate(f"{message.content}.{person}", message.mark, "message")
            shown.append(made[rank])
        found[slot] = found[slot] + shown if slot in found else shown
    return [Choice(**slots) for slots in choices]


def _letterhead(snapshot: Snapshot, number: int, member: str, person: str) -> Letterhead:
    """What a template puts into a member's mails: the same each time, so the last many are remembered."""
    key = (number, member, person)
    found = snapshot.letterheads.get(key)
    if found is None:
        found = tuple(_parts(snapshot, number, variant, member, person) for variant in VARIANTS)
        if len(snapshot.letterheads) >= REMEMBERED:
            snapshot.letterheads.clear()
        snapshot.letterheads[key] = found
    return found


def _parts(
    snapshot: Snapshot, number: int, variant: Variant, member: str, person: str
) -> dict[str, list[Candidate]]:
    compiled = snapshot.compiled
    template = compiled.templates[number]
    slots: dict[str, list[Candidate]] = {}
    for part in template.parts.get(variant, ()):
        if part.slot in compiled.management.slots:
            mark = template_mark(compiled.mark_key, template.id, part.slot, part.content, member)
            slots.setdefault(part.slot, []).append(Candidate(f"{part.content}.{person}", mark, "template"))
    return slots


def block(snapshot: Snapshot, roll_index: RollIndex, name: str) -> tuple[Content, dict[str, str]] | None:
    """The content and the attributes behind a block's name, or None when this PEN has no such block (now)."""
    digest, _, person = name.partition(".")
    content = snapshot.compiled.contents.get(digest)
    owner = person_named(roll_index, person, snapshot.compiled.mark_key) if content else None
    return (content, owner.attributes) if content and owner else None
