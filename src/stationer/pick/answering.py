"""pick: from a question to the answer: one copy for each audience, its candidates by slot (contract/http.md §1)."""

from __future__ import annotations

from stationer.pick.audiences import audiences, indices
from stationer.pick.choosing import Chosen
from stationer.pick.index import Snapshot
from stationer.pick.marks import template_mark
from stationer.pick.people import RollIndex, digest_of, person_named
from stationer.pick.walk import Mail, read_mail
from stationer.wire.content import Content
from stationer.wire.pick import Answer, Candidate, Choice, Copy, Question
from stationer.wire.words import VARIANTS, Variant


def pick(
    snapshot: Snapshot, roll_index: RollIndex, question: Question, *, now: int, pick_id: str, seed: int = 0
) -> Answer:
    """What this mail carries at `now` (Unix ms). Total: it has an answer for every question and never raises."""
    mail = read_mail(snapshot, roll_index, question, now)
    if mail is None:
        everyone = list(range(len(question.to) + len(question.cc)))
        return Answer(pick_id, [Copy(everyone, True, Choice(), Choice(), Choice())])
    found = audiences(snapshot, mail, seed)
    places, rest = indices(snapshot, question, found)
    digest = digest_of(roll_index, mail.sender, snapshot.compiled.mark_key)
    copies = []
    for number, audience in enumerate(found):
        choices = [_choice(snapshot, mail, audience.chosen, variant, digest) for variant in VARIANTS]
        copies.append(Copy(places[number], number == rest, *choices))
    return Answer(pick_id, copies)


def _choice(snapshot: Snapshot, mail: Mail, chosen: Chosen, variant: Variant, person: str) -> Choice:
    """The candidates of one variant. Their `links` stay empty here: tokens are signed by whoever holds the key."""
    compiled = snapshot.compiled
    slots: dict[str, list[Candidate]] = {}
    if chosen.template >= 0:
        template = compiled.templates[chosen.template]
        for part in template.parts.get(variant, ()):
            if part.slot in compiled.management.slots:
                mark = template_mark(compiled.mark_key, template.id, part.slot, part.content, mail.sender.id)
                slots.setdefault(part.slot, []).append(
                    Candidate(f"{part.content}.{person}", mark, "template")
                )
    for (of, slot), line in chosen.lines.items():
        if of == variant:
            shown = (ranked.message for ranked in line)
            slots.setdefault(slot, []).extend(
                Candidate(f"{message.content}.{person}", message.mark, "message") for message in shown
            )
    return Choice(**slots)


def block(snapshot: Snapshot, roll_index: RollIndex, name: str) -> tuple[Content, dict[str, str]] | None:
    """The content and the attributes behind a block's name, or None when this PEN has no such block (now)."""
    digest, _, person = name.partition(".")
    content = snapshot.compiled.contents.get(digest)
    owner = person_named(roll_index, person, snapshot.compiled.mark_key) if content else None
    return (content, owner.attributes) if content and owner else None
