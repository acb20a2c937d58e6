"""The company as a file: as it is written now, or as it was last published."""

from __future__ import annotations

import copy
import uuid
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from stationer.portal.audit.recording import record
from stationer.portal.content.exporting import Rows, as_written, said_of, written
from stationer.portal.content.models import Binned, Campaign, Message, Template
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.publishing.changes import SETTINGS, last_publication
from stationer.wire import ids

_PEN = ("name", "domains", "hold_limit_ms", "most_messages", "slots", *SETTINGS)


def as_it_is() -> str:
    """What stands in the portal now, drafts and all; of the PEN in scope, as all here."""
    return written(said_of(as_written()))


def in_force() -> str | None:
    """The same with templates, campaigns, messages, lists and settings as they were last published, or None before the
    first time. People, groups, packages and pictures need no Publish: they are as they are."""
    last = last_publication()
    return None if last is None else written(said_of(_published(last.drafts)))


def note_read(of: str) -> None:
    """Who was given the whole company, as it is written or in `force`, stands in the audit."""
    record("exported", "arrival", _("as published") if of == "force" else _("with drafts"))


def _published(said: Mapping[str, Any]) -> Rows:
    now = as_written()
    pen = copy.copy(now.pen)
    own = said["settings"]["pen"]
    for name in _PEN:
        field: Any = Pen._meta.get_field(name)
        setattr(pen, name, own.get(name, field.get_default()))
    rows: list[Any] = [*Template.objects.all(), *Campaign.objects.all(), *Message.objects.all()]
    keys = _of_deleted() | {row.outside_id: row.key for row in rows}
    texts: dict[str, list[Message]] = {}
    for key, fields in said["message"].items():
        own = {name: value for name, value in fields.items() if name != "campaign"}
        row = Message(pk=ids.inside("message", key), key=keys.get(key, ""), **own)
        texts.setdefault(fields["campaign"], []).append(row)
    campaigns = [
        (
            Campaign(pk=ids.inside("campaign", key), key=keys.get(key, ""), state="live", **fields),
            texts.get(key, []),
        )
        for key, fields in said["campaign"].items()
    ]
    return Rows(
        pen,
        [AddressList(**fields) for fields in said["list"].values()],
        [
            Template(pk=ids.inside("template", key), key=keys.get(key, ""), **fields)
            for key, fields in said["template"].items()
        ],
        campaigns,
    )


def _of_deleted() -> dict[str, str]:
    """The keys of what lies in the bin, by outside id."""
    found = {}
    for kind, rows in Binned.objects.filter(kind__in=("template", "campaign", "message")).values_list(
        "kind", "rows"
    ):
        for number, row in enumerate(rows):
            of = kind if number == 0 else "message"
            found[ids.outside(of, uuid.UUID(row["id"]))] = row["key"]
    return found
