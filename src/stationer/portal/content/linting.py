"""What the linter finds in a draft, in the reader's words, beside the controls it is about; and its mend, by one press.

`compose.lint` is pure, so what was read a moment ago is not read again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256

import msgspec
from django.utils.translation import gettext as _

from stationer.compose.lint import RULES, Finding, Known, Linted, Severity, filled, lint, mended
from stationer.portal.content.models import EXTENSIONS, Asset
from stationer.portal.content.showing import place_of
from stationer.portal.content.writing import SourceForm
from stationer.portal.site.retelling import retold
from stationer.wire.source import Picture, Source
from stationer.wire.words import Kind, PictureType, Slot

#: Answers that a process remembers; so many programs are named beside a finding.
REMEMBERED, NAMED = 1_000, 4
_TYPES: dict[str, PictureType] = {name: name for name in EXTENSIONS}  # type: ignore[misc]


class Album:
    """The pictures of a PEN with what is known of them, told apart by what they are."""

    def __init__(self, rows: Iterable[Asset]) -> None:
        self.known: Mapping[str, Known] = {row.name: Known(_picture(row), row.alt) for row in rows}
        self._digest = sha256(msgspec.json.encode(self.known, order="sorted")).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Album) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


def _picture(row: Asset) -> Picture:
    """As it is linked: what it weighs is the same when it travels along."""
    return Picture(row.url, row.width, row.height, type=_TYPES[row.type], size=row.size)


def linted(source: Source, kind: Kind, slot: Slot, album: Album) -> Linted:
    """As `compose.lint.lint`."""
    return _linted(_Asked(source), kind, slot, album)


class _Asked:
    """A source, told apart by what it says; once it is read, that alone is remembered."""

    def __init__(self, source: Source) -> None:
        self.unread = [source]
        self._digest = sha256(msgspec.json.encode(source, order="sorted")).digest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Asked) and self._digest == other._digest

    def __hash__(self) -> int:
        return hash(self._digest)


@lru_cache(REMEMBERED)
def _linted(asked: _Asked, kind: Kind, slot: Slot, album: Album) -> Linted:
    return lint(asked.unread.pop(), kind=kind, slot=slot, album=album.known)


def mended_by(source: Source, key: str, found: Linted) -> tuple[Source, int | None]:
    """The source with the mend of the finding of that key, and the element it was in. As it was where none is: then
    somebody has written otherwise meanwhile."""
    one = next((one for one in found.findings if one.key == key), None)
    steps = one.where.split("/") if one else [""]
    place = int(steps[1]) if steps[0] == "elements" and len(steps) > 1 else None
    return (mended(source, one) or source if one else source), place


@dataclass(frozen=True)
class Told:
    """A finding for the page. `mend` says what its button does; `programs` in which it breaks, and how many more."""

    rule: str
    severity: Severity
    what: str
    next: str
    programs: str = ""
    more: int = 0
    href: str = ""
    line: int | None = None
    mend: str = ""
    key: str = ""


def told(finding: Finding, form: SourceForm | None = None) -> Told:
    """The finding in the language in force; with a `form`, beside its control."""
    rule, said = RULES[finding.rule], {name: retold(value) for name, value in finding.said.items()}
    what, href = filled(_(rule.what), said), ""
    if form is not None:
        before, href = place_of(finding.where, form)
        what = f"{before}: {what}" if before else what
    return Told(
        finding.rule,
        finding.severity,
        what,
        filled(_(rule.next), said),
        ", ".join(_(name) for name in finding.breaks[:NAMED]),
        len(finding.breaks[NAMED:]),
        href,
        finding.line if finding.where in ("mjml", "text") else None,
        filled(_(rule.mend), said) if finding.edits else "",
        finding.key,
    )


def worth_telling(found: Linted, form: SourceForm | None = None) -> list[Told]:
    """What does not keep it from being published; that, and its length, the page says by itself."""
    return [
        told(one, form) for one in found.findings if one.severity != "error" and one.rule != "nearly-too-long"
    ]
