"""pick: from a question to the answer: one copy for each audience, its candidates by slot (contract/http.md §1)."""

from __future__ import annotations

from collections.abc import Sequence

from stationer.pick.audiences import audiences, indices
from stationer.pick.choosing import Chosen
from stationer.pick.index import Snapshot
from stationer.pick.known import REMEMBERED, Known, Letterhead
from stationer.pick.marks import template_mark
from stationer.pick.memory import Lookup, nobody
from stationer.pick.people import RollIndex, digest_of, person_named
from stationer.pick.walk import read_mail
from stationer.wire.content import Content
from stationer.wire.pick import Answer, Candidate, Choice, Copy, Question
from stationer.wire.roll import Person
from stationer.wire.words import VARIANTS, Variant


def pick(
    snapshot: Snapshot,
    roll_index: RollIndex,
    question: Question,
    *,
    now: int,
    pick_id: str,
    seed: int = 0,
    memory: Lookup = nobody,
) -> Answer:
    """What this mail carries at `now` (Unix ms), given what `memory` says its recipients were sent. Total: it
    has an answer for every question and never raises."""
    mail = read_mail(snapshot, roll_index, question, now)
    if mail is None:
        everyone = list(range(len(question.to) + len(question.cc)))
        return Answer(pick_id, [Copy(everyone, True, Choice(), Choice(), Choice())])
    found = audiences(snapshot, mail, seed, memory)
    places, rest = indices(snapshot, question, found)
    known = snapshot.memo.under(roll_index)
    copies = []
    for number, audience in enumerate(found):
        choices = shown_to(snapshot, known, roll_index, mail.sender, audience.chosen)
        copies.append(Copy(places[number], number == rest, *choices))
    return Answer(pick_id, copies)


def shown_to(
    snapshot: Snapshot, known: Known, roll_index: RollIndex, sender: Person, chosen: Chosen
) -> Sequence[Choice]:
    """What one audience of a sender's mail is shown, by variant."""
    digest = digest_of(roll_index, sender, snapshot.compiled.mark_key)
    return _choices(_letterhead(snapshot, known, chosen.template, sender.id, digest), chosen, digest)


def _choices(letterhead: Letterhead, chosen: Chosen, person: str) -> Sequence[Choice]:
    """The candidates of each variant. Their `links` stay empty here: tokens are signed by whoever holds the key."""
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
        found = known.letterheads[key] = Letterhead(slots, tuple(Choice(**some) for some in slots))
    return found


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
