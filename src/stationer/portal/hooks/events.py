"""The events that hooks can be told of, and how one is put on its way: a row for each hook, in the running transaction.

A new event is added here: its name, its sentence for people, an example; contract/hooks.md has its schema.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import msgspec
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from stationer.portal.alerts.models import Due
from stationer.portal.alerts.telling import Visit
from stationer.portal.hooks.models import Delivery, Hook
from stationer.portal.statistics.visiting.who import Visitor
from stationer.wire import ids

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Event:
    """An event: the end of “It is told when …”, and the data of an example."""

    sentence: str | Promise
    example: Data


_VISITOR = {"address": "bob@example.com", "recipients": 1, "unnamed": False, "domains": ["example.com"]}
_LINK = {"words": "Book a place", "url": "https://www.example.org/evening"}
_CAMPAIGN = {"id": "cam_aaaaaaaaaaaaaaaaaaaaaaaaaa", "name": "Open evening"}
EVENTS: dict[str, Event] = {
    "visit.human": Event(
        gettext_lazy("a person clicked a link"),
        {
            "hit": "hit_aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "mail": "mail_aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "visitor": _VISITOR,
            "campaign": _CAMPAIGN,
            "message": {"id": "msg_aaaaaaaaaaaaaaaaaaaaaaaaaa", "name": "Straighter teeth"},
            "link": _LINK,
            "at": "2026-11-22T10:41:00Z",
            "score": 93,
        },
    ),
    "alert": Event(
        gettext_lazy("somebody was told of it by mail"),
        {
            "alert": "alr_aaaaaaaaaaaaaaaaaaaaaaaaaa",
            "told": "alice@example.org",
            "pace": "at-once",
            "visitor": _VISITOR,
            "campaign": _CAMPAIGN,
            "links": [_LINK | {"times": 2, "at": "2026-11-22T10:41:00Z"}],
            "at": "2026-11-22T10:41:00Z",
            "score": 93,
        },
    ),
}
EVENTS["survey.vote"] = Event(
    gettext_lazy("a person answered a survey, or changed the answer"),
    {
        "vote": "vot_aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "mail": "mail_aaaaaaaaaaaaaaaaaaaaaaaaaa",
        "visitor": _VISITOR,
        "campaign": _CAMPAIGN,
        "message": {"id": "msg_aaaaaaaaaaaaaaaaaaaaaaaaaa", "name": "Straighter teeth"},
        "scale": "stars",
        "value": 4,
        "question": "How was your visit?",
        "comment": "Friendly, and on time.",
        "at": "2026-11-22T10:41:00Z",
    },
)


def stamp(at: datetime) -> str:
    """RFC 3339, UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def written(name: str, at: datetime, data: Data) -> str:
    """The body as it is signed and sent (contract/hooks.md §2)."""
    return msgspec.json.encode({"type": name, "timestamp": stamp(at), "data": data}).decode()


def emit(name: str, data: Data) -> int:
    """Put an event on its way to every hook of the PEN in scope that asked for it. Returns to how many."""
    wanted = [hook for hook in Hook.objects.filter(on=True) if name in hook.events]
    return _queue(name, [data], wanted)


def emit_many(name: str, some: Sequence[Data]) -> int:
    """The same for several."""
    return _queue(name, some, [hook for hook in Hook.objects.filter(on=True) if name in hook.events])


def wanted(name: str) -> bool:
    """Whether any hook of the PEN in scope asked for it."""
    return any(name in hook.events for hook in Hook.objects.filter(on=True))


def _queue(name: str, some: Sequence[Data], hooks: Sequence[Hook]) -> int:
    now = timezone.now()
    Delivery.objects.bulk_create(
        Delivery(hook=hook, event=name, body=written(name, now, data), due_at=now)
        for data in some
        for hook in hooks
    )
    return len(some) * len(hooks)


def example(hook: Hook) -> Delivery:
    """The test: an example of the first event that the hook asked for, which says that it is one."""
    name = next((one for one in EVENTS if one in hook.events), "visit.human")
    now = timezone.now()
    body = written(name, now, {**EVENTS[name].example, "test": True})
    return Delivery.objects.create(hook=hook, event=name, body=body, due_at=now)


def again(row: Delivery) -> Delivery:
    """The same event once more, under the same id for its receiver; its attempts begin anew."""
    now = timezone.now()
    Delivery.objects.filter(pk=row.pk).exclude(state=Delivery.State.WAITING).update(
        state=Delivery.State.WAITING, attempts=0, due_at=now, done_at=None, lease=None, leased_until=None
    )
    return row


def alert(due: Due, visit: Visit) -> dict[str, Any]:
    """The data of `alert`."""
    named = {"id": visit.campaign, "name": visit.of} if visit.campaign else None
    links = [
        {"words": one.words, "url": one.target, "times": one.times, "at": stamp(one.at)}
        for one in visit.links
    ]
    return {
        "alert": due.outside_id,
        "told": due.to,
        "pace": due.pace,
        "visitor": visitor(visit.who),
        "campaign": named,
        "vote": ids.outside("vote", due.vote) if due.vote else None,
        "links": links,
        "at": stamp(visit.last),
        "score": visit.score,
    }


def visitor(who: Visitor) -> dict[str, Any]:
    """Who clicked: the address where it is known, else to how many the mail went, and where those are."""
    return {
        "address": who.address or None,
        "recipients": who.people,
        "unnamed": who.unnamed,
        "domains": list(who.domains),
    }


def named(kind: str, key: Any, name: str) -> dict[str, str] | None:
    """A thing by id and name; None where there is none."""
    return {"id": ids.outside(kind, key), "name": name} if key else None
