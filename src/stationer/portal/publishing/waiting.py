"""What waits for Publish, asked once a page: how many changes, and which templates and campaigns they touch."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from stationer.portal.access.presence import presence
from stationer.portal.publishing.changes import KINDS, Rows, drafts, last_publication, read

#: kind and key of what differs, with its fields as they are now (or were, when it is gone).
Differing = dict[tuple[str, str], dict[str, Any]]


def rows(request: HttpRequest) -> Rows:
    """The rows of the PEN that may be published, remembered for this request."""
    kept: Any = request
    if not hasattr(kept, "_rows"):
        kept._rows = read()
    found: Rows = kept._rows
    return found


def differing(request: HttpRequest) -> Differing:
    """What is not as it was published, remembered for this request. As `changes`, without asking who changed it."""
    kept: Any = request
    if not hasattr(kept, "_differing"):
        last = last_publication()
        before, after = last.drafts if last else {}, drafts(presence(request).pen, rows(request))
        kept._differing = {
            (kind, key): after.get(kind, {}).get(key) or before[kind][key]
            for kind in KINDS
            for key in before.get(kind, {}).keys() | after.get(kind, {}).keys()
            if before.get(kind, {}).get(key) != after.get(kind, {}).get(key)
            and not (kind in ("picture", "settings") and key not in before.get(kind, {}))
        }
    found: Differing = kept._differing
    return found


def waiting(request: HttpRequest) -> int:
    """How many changes wait."""
    return len(differing(request))


def touched(request: HttpRequest) -> set[str]:
    """Outside ids of the templates and campaigns that are not as they were published; a message counts as its
    campaign."""
    found = set()
    for (kind, key), fields in differing(request).items():
        if kind in ("template", "campaign"):
            found.add(key)
        elif kind == "message":
            found.add(str(fields["campaign"]))
    return found
