"""What waits for Publish, asked once a page: how many changes, and which templates and campaigns they touch."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from stationer.portal.access.presence import presence
from stationer.portal.content.models import Message
from stationer.portal.publishing.changes import Change, changes
from stationer.wire import ids


def waiting(request: HttpRequest) -> list[Change]:
    """The changes of the PEN in scope, remembered for this request."""
    kept: Any = request
    if not hasattr(kept, "_changes_waiting"):
        kept._changes_waiting = changes(presence(request).pen)
    found: list[Change] = kept._changes_waiting
    return found


def touched(request: HttpRequest) -> set[str]:
    """Outside ids of the templates and campaigns that are not as they were published; a message counts as its campaign."""
    found = {
        ids.outside(change.kind, change.id)
        for change in waiting(request)
        if change.id is not None and change.kind in ("template", "campaign")
    }
    messages = [change.id for change in waiting(request) if change.kind == "message" and change.id is not None]
    for campaign in Message.objects.filter(pk__in=messages).values_list("campaign_id", flat=True):
        found.add(ids.outside("campaign", campaign))
    return found
