"""Two people at one thing: nobody's words are overwritten unless they were seen and somebody said so.

Each piece that a page shows for change (a part of a template, its rule, its name, a message) has a version of its own,
made from what it says. A page sends back the version it showed; under the row's lock that is compared with what the
row says now, and only this piece is written. A page that was refused keeps the version it had, until its person takes
the other's words or presses "Keep mine" on exactly those that were shown. What a page has saved itself is no
surprise to it: each page that is loaded has a token (`tab`), and what it wrote last is remembered for it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, TypeVar

import msgspec
from django.core.cache import cache
from django.db import models, transaction
from django.http import Http404, HttpRequest

from stationer.portal.access.presence import presence

#: How long it is remembered what a page wrote, in seconds: as long as anybody may stay signed in.
REMEMBERED = 12 * 60 * 60
_TAB = re.compile(r"[A-Za-z0-9_-]{16}")
M = TypeVar("M", bound=models.Model)


def version(said: object) -> str:
    """Names what a piece says: equal words, equal version. `said` is anything that msgspec writes as JSON."""
    return sha256(msgspec.json.encode(said, order="deterministic", enc_hook=str)).hexdigest()[:24]


@contextmanager
def held(row: M) -> Iterator[M]:
    """The row as it is now, which nobody else changes until the end. Raises Http404 where it is gone."""
    with transaction.atomic():
        now = type(row)._default_manager.select_for_update().filter(pk=row.pk).first()
        if now is None:
            raise Http404("gone meanwhile")
        yield now


def save(row: Any, account: Any, *fields: str) -> None:
    """Write these fields of a held row, and who did it."""
    row.changed_by = account
    row.save(update_fields=[*fields, "changed_by", "changed_at"])


def tab(request: HttpRequest) -> str:
    """The token of the page that was sent back; a new one for a page that is loaded."""
    said = request.POST.get("tab", "")
    return said if _TAB.fullmatch(said) else secrets.token_urlsafe(12)


def overtaken(request: HttpRequest, row: models.Model, piece: str, now: str) -> bool:
    """Whether this piece of a held row says what the page neither showed nor wrote, nor was told to replace."""
    seen = request.POST.get("version", "")
    if not seen or now in (seen, request.POST.get("insist")):
        return False
    return bool(cache.get(_key(request, row, piece)) != now)


def wrote(request: HttpRequest, row: models.Model, piece: str, now: str) -> None:
    """This page has written what the piece says now. Said before the row is let go, since its next save waits there."""
    cache.set(_key(request, row, piece), now, REMEMBERED)


def _key(request: HttpRequest, row: models.Model, piece: str) -> str:
    whose = f"{presence(request).account.pk} {tab(request)} {row.pk} {piece}"
    return f"tab-wrote-{sha256(whose.encode()).hexdigest()}"


def facts(request: HttpRequest, row: Any, now: str, refused: bool) -> dict[str, Any]:
    """What a page needs for its next save; and of a refusal, who changed it and when, as far as the row knows."""
    by = getattr(row, "changed_by", None)
    return {
        "overtaken": refused,
        "version": request.POST.get("version", "") if refused else now,
        "theirs": now,
        "tab": tab(request),
        "other_name": str(by) if by else "",
        "by_oneself": by is not None and by.pk == presence(request).account.pk,
        "saved_at": getattr(row, "changed_at", None),
    }
