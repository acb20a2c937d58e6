"""What waits for Publish: how many changes, and which templates and campaigns they touch.

Every page of the portal says it, so it is kept under the name of the state that the drafts are in
(`publishing.marking`) and counted anew only after a change. Within a request the rows are read once.
"""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from django.core.cache import cache
from django.http import HttpRequest

from stationer.portal.access.presence import presence
from stationer.portal.publishing import marking
from stationer.portal.publishing.changes import (
    KINDS,
    Drafts,
    Rows,
    drafts,
    last_publication,
    read,
    settings_of,
)
from stationer.portal.publishing.models import Publication

#: Kind and key of what differs → the campaign that a message belongs to, or "".
Differing = dict[tuple[str, str], str]
#: In seconds. The name says whether it holds; this lets go of what no page asked for again, and of what another
#: release of this program counted.
REMEMBERED = 24 * 60 * 60
T = TypeVar("T")


def _once(request: HttpRequest, name: str, find: Callable[[], T]) -> T:
    """What was found for this request."""
    kept: dict[str, Any] = request.__dict__.setdefault("_waiting", {})
    if name not in kept:
        kept[name] = find()
    found: T = kept[name]
    return found


def _state(request: HttpRequest) -> str:
    """The name of the state that what is read afterwards is of. The PEN's own settings leave no mark: they are here."""
    return _once(request, "state", lambda: _name(marking.state(), settings_of(presence(request).pen)))


def _name(marks: str, settings: object) -> str:
    return sha256(marks.encode() + msgspec.json.encode(settings, order="deterministic")).hexdigest()


def rows(request: HttpRequest) -> Rows:
    """The rows of the PEN that may be published."""
    _state(request)  # before them: else what is counted could be older than its name
    return _once(request, "rows", read)


def said(request: HttpRequest) -> Drafts:
    """What they say."""
    here = rows(request)
    return _once(request, "said", lambda: drafts(presence(request).pen, here))


def last(request: HttpRequest) -> Publication | None:
    """The publication in force."""
    _state(request)
    return _once(request, "last", last_publication)


def differing(request: HttpRequest) -> Differing:
    """What is not as it was published. As `changes`, without asking who changed it.

    A request that writes counts for itself: what it wrote may yet be taken back.
    """
    if request.method not in ("GET", "HEAD"):
        return _once(request, "differing", lambda: _counted(request))
    return _once(request, "differing", lambda: _remembered(request))


def _remembered(request: HttpRequest) -> Differing:
    key = f"waiting-{presence(request).pen.pk.hex}-{_state(request)}"
    found: Differing | None = cache.get(key)
    if found is None:
        found = _counted(request)
        cache.set(key, found, REMEMBERED)
    return found


def _counted(request: HttpRequest) -> Differing:
    before_it = last(request)
    before, after = before_it.drafts if before_it else {}, said(request)
    return {
        (kind, key): _whose(kind, after.get(kind, {}).get(key) or before[kind][key])
        for kind in KINDS
        for key in before.get(kind, {}).keys() | after.get(kind, {}).keys()
        if before.get(kind, {}).get(key) != after.get(kind, {}).get(key)
        and not (kind in ("picture", "settings") and key not in before.get(kind, {}))
    }


def _whose(kind: str, fields: dict[str, Any]) -> str:
    return str(fields["campaign"]) if kind == "message" else ""


def waiting(request: HttpRequest) -> int:
    """How many changes wait."""
    return len(differing(request))


def touched(request: HttpRequest) -> set[str]:
    """Outside ids of the templates and campaigns that are not as they were published; a message counts as its
    campaign."""
    found = set()
    for (kind, key), campaign in differing(request).items():
        if kind in ("template", "campaign"):
            found.add(key)
        elif kind == "message":
            found.add(campaign)
    return found
