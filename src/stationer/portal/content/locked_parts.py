"""Parts of templates that are handed down: a locked one stands in every template as its partner wrote it; one that is
not locked is there to begin with, and whoever changed it keeps their words (contract/partners.md §4).
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.content.models import Template
from stationer.portal.content.parts import PARTS, source_of, with_part
from stationer.portal.content.valid import Parts
from stationer.portal.people.handed import Handed, HandedPart


def before_save(instance: Template, raw: bool = False, **_: Any) -> None:
    """A template is saved, by whatever page or program: locked parts stand in it."""
    if not raw:
        lay(instance, instance.pen.from_above())


def lay(row: Template, handed: Handed) -> bool:
    """Put the locked parts into the row; nothing is saved here. Returns whether something was different."""
    parts = said = row.wire_parts()
    for key, one in handed.locked().items():
        parts = with_part(_without(parts, key), PARTS[key], one.source)
    if parts != said:
        row.parts = msgspec.to_builtins(parts)
    return parts != said


def carries(said: Any, handed: Handed) -> bool:
    """Whether these parts of a template (plain JSON) hold what is locked."""
    parts = msgspec.convert(said, Parts)
    return all(
        parts.get(variant, {}).get(PARTS[key].slot) == one.source
        for key, one in handed.locked().items()
        for variant in PARTS[key].variants
    )


def _without(parts: Any, key: str) -> Any:
    """The parts with nothing in the places of this one: a variant may have had words of its own there."""
    place = PARTS[key]
    return {
        variant: {
            slot: source
            for slot, source in slots.items()
            if variant not in place.variants or slot != place.slot
        }
        for variant, slots in parts.items()
    }


def locked_into(said: Any, handed: Handed) -> Any:
    """Parts of a template in plain JSON, as a file has them, with what is locked where the file says nothing."""
    parts = found = msgspec.convert(said, Parts)
    for key, one in handed.locked().items():
        if source_of(parts, PARTS[key]) is None:
            parts = with_part(parts, PARTS[key], one.source)
    return said if parts == found else msgspec.to_builtins(parts)


def check(row: Template) -> None:
    """Whether a template leaves locked parts as they are; one that says nothing of them does. Raises
    ValidationError."""
    check_said(row.parts, row.pen.from_above())


def check_said(parts: Any, handed: Handed) -> None:
    """The same of parts in plain JSON. Raises ValidationError."""
    said = msgspec.convert(parts, Parts)
    for key, one in handed.locked().items():
        place = PARTS[key]
        there = [said[variant].get(place.slot) for variant in place.variants if variant in said]
        if any(source not in (None, one.source) for source in there):
            raise _refused(key, one)


def _refused(key: str, one: HandedPart) -> ValidationError:
    sentence = _("{partner} has locked this part: {part}. Leave it as it is, or ask them.")
    said = sentence.format(partner=one.by, part=PARTS[key].name())
    return ValidationError({"parts": ValidationError(said, code="locked")})


def check_gone(row: Template) -> None:
    """Whether a template can go: the one for everyone else stays while a part is locked. Raises ValidationError."""
    if row.fallback:
        check_left(row.pen.from_above())


def check_left(handed: Handed) -> None:
    """Whether a PEN may be left without a template for everyone else: not while a part is locked, which then would not
    stand on the mails that no template fits. Raises ValidationError."""
    for key, one in handed.locked().items():
        raise _refused(key, one)


def nowhere(handed: Handed) -> bool:
    """Whether the PEN in scope has no template for everyone else, and a locked part is to stand there."""
    return bool(handed.locked()) and not Template.objects.filter(fallback=True).exists()


def put_down(handed: Handed, before: Handed) -> None:
    """Write into the templates of the PEN in scope what is handed down now; `before` is what was."""
    rows = list(Template.objects.select_for_update())
    if nowhere(handed) or (not rows and handed.parts):
        rows.append(Template(name=_("Letterhead"), fallback=True))
    for row in rows:
        new = row._state.adding
        changed = lay(row, handed) | _offer(row, handed, before)
        if new or changed:
            row.changed_by = None
            row.save()


def _offer(row: Template, handed: Handed, before: Handed) -> bool:
    """The parts that are not locked: into the template for everyone else, where nobody wrote words of their own."""
    parts = said = row.wire_parts()
    for key, place in PARTS.items():
        one, old = handed.parts.get(key), before.parts.get(key)
        there = source_of(parts, place)
        untouched = there is None if old is None else there == old.source
        if one is None and old is not None and untouched:
            parts = with_part(parts, place, None)  # taken back above, and nobody here had made it theirs
        elif one is not None and not one.locked and row.fallback and untouched:
            parts = with_part(parts, place, one.source)
    if parts != said:
        row.parts = msgspec.to_builtins(parts)
    return parts != said
