"""pick: from a question to the answer: one copy for each audience, its candidates by slot (contract/http.md §1)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from stationer.links import pick_bytes
from stationer.pick.audiences import audiences, indices
from stationer.pick.choosing import Chosen
from stationer.pick.index import Snapshot
from stationer.pick.known import REMEMBERED, Known, Letterhead
from stationer.pick.marks import template_mark
from stationer.pick.memory import Lookup, nobody
from stationer.pick.numbering import begins
from stationer.pick.people import RollIndex, digest_of, person_named
from stationer.pick.tokens import candidates, signed
from stationer.pick.walk import read_mail
from stationer.wire.content import Content
from stationer.wire.pick import Answer, Candidate, Choice, Copy, Question
from stationer.wire.roll import Person
from stationer.wire.uplink import Offer
from stationer.wire.words import VARIANTS, Variant


class Picked(NamedTuple):
    """An answer, and what the portal is told besides: the member who sends (empty: nobody knows who), the candidates
    of each copy, and the campaigns that a holdout kept back."""

    answer: Answer
    sender: str = ""
    offers: tuple[tuple[Offer, ...], ...] = ()
    held: tuple[str, ...] = ()


def pick(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    pick_id: str,
    seed: int = 0,
    memory: Lookup = nobody,
    tracked: bool = True,
) -> Answer:
    """What this mail carries at `now` (Unix ms), given what `memory` says its recipients were sent; with tokens for its
    links when it is to be `tracked` and `pick_id` is one that an edge gave out. Total: it has an answer for every
    question and never raises."""
    return picked(
        snapshot, roll_index, question, now=now, pick_id=pick_id, seed=seed, memory=memory, tracked=tracked
    ).answer


def picked(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    pick_id: str,
    seed: int = 0,
    memory: Lookup = nobody,
    tracked: bool = True,
) -> Picked:
    """`pick`, with what the portal is told of it."""
    mail = read_mail(snapshot, roll_index, question, now)
    if mail is None:
        everyone = list(range(len(question.to) + len(question.cc)))
        return Picked(Answer(pick_id, [Copy(everyone, True, Choice(), Choice(), Choice())]))
    found = audiences(snapshot, mail, seed, memory)
    places, rest = indices(snapshot, question, found)
    known = snapshot.memo.under(roll_index)
    named = pick_bytes(pick_id) if tracked and snapshot.numbered else None
    copies, offers = [], []
    for number, audience in enumerate(found):
        choices, offered = shown_to(snapshot, known, roll_index, mail.sender, audience.chosen)
        copies.append(Copy(places[number], number == rest, *signed(snapshot, choices, named, number)))
        offers.append(offered)
    held = {campaign: None for audience in found for campaign in held_ids(snapshot, audience.chosen)}
    return Picked(Answer(pick_id, copies), mail.sender.id, tuple(offers), tuple(held))


def held_ids(snapshot: Snapshot, chosen: Chosen) -> tuple[str, ...]:
    """The ids of the campaigns that a holdout kept back."""
    return tuple(snapshot.compiled.campaigns[number].id for number in chosen.held)


def shown_to(
    snapshot: Snapshot, known: Known, roll_index: RollIndex, sender: Person, chosen: Chosen
) -> tuple[Sequence[Choice], tuple[Offer, ...]]:
    """What one audience of a sender's mail is shown, by variant, and its candidates as the portal is told of them."""
    digest = digest_of(roll_index, sender, snapshot.compiled.mark_key)
    letterhead = _letterhead(snapshot, known, chosen.template, sender.id, digest)
    return _choices(letterhead, chosen, digest), letterhead.offers + _messages(snapshot, chosen)


def _messages(snapshot: Snapshot, chosen: Chosen) -> tuple[Offer, ...]:
    """The messages that stand in any line, each once."""
    ranked = {one.rank: one for line in chosen.lines.values() for one in line}
    campaigns = snapshot.compiled.campaigns
    return tuple(
        Offer(one.message.mark, campaigns[one.campaign].id, one.message.id, begins(one.message.content))
        for one in ranked.values()
    )


def _choices(letterhead: Letterhead, chosen: Chosen, person: str) -> Sequence[Choice]:
    """The candidates of each variant, without tokens."""
    if not chosen.lines:
        return letterhead.choices
    choices = {variant: dict(slots) for variant, slots in zip(VARIANTS, letterhead.slots, strict=True)}
    made: dict[int, Candidate] = {}
    for (variant, slot), line in chosen.lines.items():
        shown = list(choices[variant].get(slot, ()))
        for rank, _, message in line:
            if rank not in made:
                made[rank] = Candidate(f"{message.content}.{person}", message.mark, "message")
            shown.append(made[rank])
        choices[variant][slot] = shown
    return [Choice(**slots) for slots in choices.values()]


def _letterhead(snapshot: Snapshot, known: Known, template: int, member: str, person: str) -> Letterhead:
    """What a template (-1: none) puts into a member's mails, remembered."""
    key = (template, member, person)
    found = known.letterheads.get(key)
    if found is None:
        slots = tuple(_parts(snapshot, template, variant, member, person) for variant in VARIANTS)
        if len(known.letterheads) >= REMEMBERED:
            known.letterheads = {}
        choices = tuple(Choice(**some) for some in slots)
        found = Letterhead(slots, choices, _offers(snapshot, template, choices))
        known.letterheads[key] = found
    return found


def _offers(snapshot: Snapshot, template: int, choices: Sequence[Choice]) -> tuple[Offer, ...]:
    """A template's candidates, each once."""
    marks = {one.mark: one.block.partition(".")[0] for one in candidates(choices)}
    of = snapshot.compiled.templates[template].id if template >= 0 else ""
    return tuple(Offer(mark, "", of, begins(content)) for mark, content in marks.items())


def _parts(
    snapshot: Snapshot, number: int, variant: Variant, member: str, person: str
) -> dict[str, list[Candidate]]:
    """The candidates that a template has for one variant, by slot."""
    slots: dict[str, list[Candidate]] = {}
    if number < 0:
        return slots
    compiled = snapshot.compiled
    template = compiled.templates[number]
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
