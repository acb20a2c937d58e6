"""A deed is done once, however often its request is sent (draft-ietf-httpapi-idempotency-key-header-07).

A POST of a key with `Idempotency-Key` is noted before it is done. The deed and its answer are one transaction, so that
after a crash either both are there or neither, but for those that can stand in no transaction (`IN_STEPS`): these are
done first, then the answer is kept. What was refused is not kept: it changed nothing and may be sent again.
The answer is sealed by the asking program's token, which nobody here has: it may hold a secret, and it outlives rows.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any

import msgspec
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from stationer.portal.access.models import Device
from stationer.portal.access.presence import bearer, device
from stationer.portal.people.owned import new_id
from stationer.portal.people.scope import outside_scope
from stationer.portal.programs import marking
from stationer.portal.programs.models import KeptAnswer
from stationer.portal.site.refusals import answer

#: For how long an answer is kept, and after which one that is under way is taken for left behind.
KEPT, LEFT_BEHIND = timedelta(hours=24), timedelta(minutes=10)
#: No transaction can stand round these: they write files, ask other servers, commit in steps, keep something where
#: they refuse (a fresh look), or only work for seconds, while SQLite's one writer would wait for nothing.
IN_STEPS = frozenset({
    "publish_drafts", "undo_publication", "restore_publication", "look_at_link_domain",
    "add_import", "apply_import", "undo_import", "add_picture",
    "look_at_company", "apply_company_file", "undo_company_file", "lint_source", "try_mail",
    "complete_secure_message",
})  # fmt: skip
View = Callable[..., HttpResponse]


class OvertakenError(RuntimeError):
    """Somebody took this request for left behind and does it anew: what was done here is undone."""


class OnceMiddleware:
    """A POST of a program with an Idempotency-Key."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: View, places: tuple[Any, ...], options: dict[str, Any]
    ) -> HttpResponse | None:
        """The deed's answer, that of the first time, a refusal; None where no such key was sent."""
        said = request.headers.get("Idempotency-Key")
        asks = device(request)
        if said is None or asks is None or request.method != "POST" or not request.path.startswith("/api/"):
            return None
        key = marking.read(said)
        if key is None:
            return answer("malformed", marking.SENTENCE)
        return once(request, asks, key, lambda: view(request, *places, **options))


def once(request: HttpRequest, asks: Device, key: str, deed: Callable[[], HttpResponse]) -> HttpResponse:
    """Do it, unless it was done: then the answer of that time."""
    mark, fingerprint = marking.mark(request, key), marking.fingerprint(request, asks)
    row, fresh = _noted(asks, mark, fingerprint)
    if not fresh and bytes(row.fingerprint) != fingerprint:
        return answer("key-reused")
    if not fresh and row.done_at is not None:
        return _again(request, row)
    if not fresh and not _taken_over(row):
        return answer("under-way", retry_after=1)
    try:
        return _done(request, row, deed)
    except OvertakenError:
        return answer("under-way", retry_after=1)
    except BaseException:
        _forget(row)
        raise


def _noted(asks: Device, mark: bytes, fingerprint: bytes) -> tuple[KeptAnswer, bool]:
    """The row of this request, and whether it is new."""
    now = timezone.now()
    mine = KeptAnswer.objects.filter(device=asks, mark=mark)
    mine.filter(began_at__lt=now - KEPT).delete()
    try:
        with transaction.atomic():
            made = KeptAnswer.objects.create(device=asks, mark=mark, fingerprint=fingerprint, began_at=now)
            return made, True
    except IntegrityError:
        found = mine.first()
        # between the two it may have been refused and forgotten: then this one is the first
        return (found, False) if found else _noted(asks, mark, fingerprint)


def _taken_over(row: KeptAnswer) -> bool:
    """Whether one that is under way was left behind, and is this request's from now on."""
    now, turn = timezone.now(), new_id()
    if row.began_at + LEFT_BEHIND > now:
        return False
    same = KeptAnswer.objects.filter(pk=row.pk, turn=row.turn, done_at=None)
    row.turn, row.began_at = turn, now
    return bool(same.update(turn=turn, began_at=now))


def _done(request: HttpRequest, row: KeptAnswer, deed: Callable[[], HttpResponse]) -> HttpResponse:
    name = request.resolver_match.url_name if request.resolver_match else ""
    whole = name not in IN_STEPS
    with transaction.atomic() if whole else nullcontext():
        found = deed()
        good = found.status_code < 300
        if good:
            _keep(request, row, found)
        elif whole:
            transaction.set_rollback(True)
    if not good:
        _forget(row)
    return found


def _keep(request: HttpRequest, row: KeptAnswer, found: HttpResponse) -> None:
    packed = msgspec.msgpack.encode((found.status_code, found.headers.get("Content-Type", ""), found.content))
    sealed = marking.seal(bearer(request), bytes(row.fingerprint), packed)
    same = KeptAnswer.objects.filter(pk=row.pk, turn=row.turn)
    if not same.update(done_at=timezone.now(), sealed=sealed):
        raise OvertakenError


def _again(request: HttpRequest, row: KeptAnswer) -> HttpResponse:
    packed = marking.unseal(bearer(request), bytes(row.fingerprint), bytes(row.sealed))
    status, kind, content = msgspec.msgpack.decode(packed, type=tuple[int, str, bytes])
    found = HttpResponse(content, status=status)
    found["Content-Type"] = kind or "application/json"
    found["Idempotent-Replayed"] = "true"
    return found


def _forget(row: KeptAnswer) -> None:
    turn: uuid.UUID = row.turn
    KeptAnswer.objects.filter(pk=row.pk, turn=turn, done_at=None).delete()


def forget_old() -> int:
    """Forget answers that were kept for long enough. Returns how many."""
    with outside_scope(reason="answers to programs that are a day old, of every PEN"):
        return KeptAnswer.objects.filter(began_at__lt=timezone.now() - KEPT).delete()[0]
