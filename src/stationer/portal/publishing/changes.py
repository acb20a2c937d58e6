"""What pressing Publish would change: the rows now against what the last publication was made from."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, Literal, NamedTuple

import msgspec
from django.db.models import QuerySet

from stationer.portal.content.models import Asset, Campaign, Message, Template, Written
from stationer.portal.people.models import AddressList, Pen
from stationer.portal.publishing.models import Publication
from stationer.wire import ids

#: kind → id (or name) → field → value, in plain JSON.
Drafts = dict[str, dict[str, dict[str, Any]]]
What = Literal["added", "changed", "removed"]
#: By which the version of an ended company is known (partners.resting).
ENDED = "ended"
#: Settings that most PENs leave as they come.
SETTINGS = (
    "blackout",
    "quiet_groups",
    "mixed",
    "most_copies",
    "replay",
    "pictures",
    "tracking",
    "decoy",
    "calendars",
    "inherited",
)
KINDS = ("template", "campaign", "message", "list", "picture", "settings")


class Difference(msgspec.Struct, frozen=True):
    """One field before and after, in plain JSON; None where there was or is nothing."""

    field: str
    before: Any = None
    after: Any = None


class Change(msgspec.Struct, frozen=True):
    """One thing that Publish would add, change or remove. `id` is the row's, while there is one."""

    kind: str
    id: uuid.UUID | None
    name: str
    what: What
    fields: list[Difference]
    by: str = ""
    at: datetime | None = None


class Rows(NamedTuple):
    """Everything of the PEN in scope that may be published, read once: five queries."""

    templates: list[Template]
    campaigns: list[Campaign]
    messages: list[Message]
    lists: list[AddressList]
    pictures: list[Asset]

    def live(self) -> list[Campaign]:
        """Campaigns that would be published."""
        return [row for row in self.campaigns if row.state == Campaign.State.LIVE]

    def by_outside_id(self) -> dict[str, Template | Campaign | Message]:
        """The rows that know who changed them last."""
        rows: list[Template | Campaign | Message] = [*self.templates, *self.campaigns, *self.messages]
        return {row.outside_id: row for row in rows}


def read() -> Rows:
    """The rows of the PEN in scope."""
    return Rows(
        list(Template.objects.select_related("changed_by")),
        list(Campaign.objects.select_related("changed_by")),
        list(Message.objects.select_related("changed_by")),
        list(AddressList.objects.all()),
        list(Asset.objects.all()),
    )


#: What a campaign asks of a recipient's memory (contract/memory.md §2).
MEMORY = ("caps", "cool_down_h", "sequence", "stop_after_click")


def drafts(pen: Pen, rows: Rows | None = None) -> Drafts:
    """What the rows of the PEN in scope say, as far as it would be published."""
    rows = rows or read()
    live = {row.pk for row in rows.live()}
    return {
        "template": {
            row.outside_id: _fields(row, "name rule parts priority fallback") for row in rows.templates
        },
        "campaign": {
            row.outside_id: _fields(row, "name rule priority") | _said(row, ("holdout", *MEMORY, "utm"))
            for row in rows.live()
        },
        "message": {
            row.outside_id: _fields(row, "name slot variants weight source")
            | _said(row, ("place", "utm_content"))
            | {"campaign": ids.outside("campaign", row.campaign_id)}
            for row in rows.messages
            if row.campaign_id in live
        },
        "list": {row.name: {"name": row.name, "addresses": row.addresses} for row in rows.lists},
        "picture": {row.name: _fields(row, "name digest width height") for row in rows.pictures},
        "settings": {"pen": settings_of(pen)},
    }


def settings_of(pen: Pen) -> dict[str, Any]:
    """What a PEN itself says, as far as it would be published."""
    proven = {"link_host": pen.link_host} if pen.link_host_proven_at is not None else {}
    return _fields(pen, "name domains hold_limit_ms most_messages slots") | _said(pen, SETTINGS) | proven


def _fields(row: Any, names: str) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names.split()}


def _said(row: Any, names: Iterable[str]) -> dict[str, Any]:
    """Fields that are not as they come: so what was published before a field was there does not differ by it."""
    values = {name: getattr(row, name) for name in names}
    return {name: v for name, v in values.items() if v != row._meta.get_field(name).get_default()}


def made() -> QuerySet[Publication]:
    """The publications of the PEN in scope that somebody made: without the empty ones of an end."""
    return Publication.objects.exclude(about=ENDED, by_name="")


def last_publication() -> Publication | None:
    """The publication in force in the PEN in scope."""
    return Publication.objects.order_by("-serial").first()


def changes(pen: Pen, rows: Rows | None = None) -> list[Change]:
    """What Publish would change; everything is new before the first. Pictures nobody published are no change."""
    rows, last = rows or read(), last_publication()
    return between(last.drafts if last else {}, drafts(pen, rows), rows.by_outside_id())


def between(before: Drafts, after: Drafts, rows: Mapping[str, Written]) -> list[Change]:
    """The difference, in the order of the kinds and of the names."""
    found: list[Change] = []
    for kind in KINDS:
        old, new = before.get(kind, {}), after.get(kind, {})
        for key in {**old, **new}:
            change = _change(kind, key, old.get(key), new.get(key), rows.get(key))
            if change is not None and not (kind in ("picture", "settings") and change.what == "added"):
                found.append(change)
    return sorted(found, key=lambda change: (KINDS.index(change.kind), change.name.casefold()))


def _change(
    kind: str, key: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None, row: Written | None
) -> Change | None:
    names = list({**(old or {}), **(new or {})})
    fields = [
        Difference(name, (old or {}).get(name), (new or {}).get(name))
        for name in names
        if (old or {}).get(name) != (new or {}).get(name)
    ]
    if not fields:
        return None
    what: What = "added" if old is None else "removed" if new is None else "changed"
    by = row.changed_by.email if row is not None and row.changed_by else ""
    return Change(
        kind=kind,
        id=row.pk if row is not None else None,
        name=str((new or old or {}).get("name", key)),
        what=what,
        fields=fields,
        by=by,
        at=row.changed_at if row is not None else None,
    )
