"""What is worth a look before Publish: what the linter finds in what would change, the gravest first. None of it keeps
anything from being published; what does is a trouble (`publishing.defining`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from stationer.compose.lint import SEVERITIES, Linted, together
from stationer.compose.rating import asks_of
from stationer.portal.content.linting import Album, Told, linted, told, worth_telling
from stationer.portal.content.models import Message, Template
from stationer.portal.content.parts import PARTS, source_of
from stationer.portal.people.models import Pen
from stationer.portal.publishing.changes import Change, Rows
from stationer.watch.log import Voice
from stationer.wire.source import Source
from stationer.wire.words import Kind, Slot

#: So many things that changed are read, and so many findings are shown.
MOST_READ, MOST_SHOWN = 60, 25
say = Voice("publishing")


@dataclass(frozen=True)
class Look:
    """A finding, and what it is in: name, part, and kind and id of its page."""

    told: Told
    name: str
    part: str
    kind: str
    key: str
    piece: str = ""


def looks(pen: Pen, rows: Rows, changed: Iterable[Change]) -> list[Look]:
    """All findings in what these changes say, the gravest first."""
    touched = {change.id for change in [*changed][:MOST_READ] if change.what != "removed"}
    album = Album(rows.pictures)
    found = [look for row in rows.templates if row.pk in touched for look in _template(row, album)]
    live = {row.pk for row in rows.live()}
    shown = [row for row in rows.messages if row.campaign_id in live]
    found += [look for row in shown if row.pk in touched for look in _message(row, album)]
    if touched:
        found += _heavy(pen, rows.templates, shown, album)
    if pen.management().tracking == "off":
        found += _unasked(rows.templates, shown)
    return sorted(found, key=lambda look: (SEVERITIES.index(look.told.severity), look.name))


def _read(source: Source, kind: Kind, slot: Slot, album: Album) -> Linted:
    """What is found in it. A draft that the linter fails at is passed over: nobody's draft takes this page away."""
    try:
        return linted(source, kind, slot, album)
    except Exception:
        say.fault("draft-not-read", slot=slot)
        return Linted(())


def _template(row: Template, album: Album) -> Iterator[Look]:
    for key, part in PARTS.items():
        source = source_of(row.wire_parts(), part)
        for one in worth_telling(_read(source, "template", part.slot, album)) if source else ():
            yield Look(one, row.name, part.name(), "template", row.outside_id, key)


def _message(row: Message, album: Album) -> Iterator[Look]:
    for one in worth_telling(_read(row.wire_source(), "message", row.slot, album)):  # type: ignore[arg-type]
        yield Look(one, row.name, "", "message", row.outside_id)


def _unasked(templates: Iterable[Template], messages: Iterable[Message]) -> Iterator[Look]:
    """Surveys that are left out, because nobody may note what is answered (contract/surveys.md §1)."""
    left = Told(
        "unasked",
        "warning",
        _("The survey is left out: your company follows no links, so nobody would note an answer."),
        _("What else stands beside it stays. Settings say what is kept of whoever follows a link."),
    )
    for row in templates:
        parts = ((key, part, source_of(row.wire_parts(), part)) for key, part in PARTS.items())
        for key, part, source in parts:
            if source and asks_of(source):
                yield Look(left, row.name, part.name(), "template", row.outside_id, key)
    for message in messages:
        if asks_of(message.wire_source()):
            yield Look(left, message.name, "", "message", message.outside_id)


def _heavy(pen: Pen, templates: list[Template], messages: list[Message], album: Album) -> Iterator[Look]:
    """Templates whose mails, with the longest messages on them, are more than Gmail shows."""
    most = pen.management().most_messages
    sizes = sorted(
        (_read(row.wire_source(), "message", row.slot, album).octets for row in messages[:MOST_READ]),  # type: ignore[arg-type]
        reverse=True,
    )[:most]
    for row in templates[:MOST_READ]:
        slots = row.wire_parts().get("new", {})
        own = [_read(source, "template", slot, album).octets for slot, source in slots.items()]
        if (finding := together([*own, *sizes])) is not None:
            yield Look(told(finding), row.name, "", "template", row.outside_id)
