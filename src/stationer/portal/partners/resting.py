"""PENs that are suspended or ended: what their people still can do here. Mail does not ask (contract/partners.md §6).

Suspended: everything can be looked at, nothing changed; mail goes on as it was published. Ended: nothing but a page
that says so; mail leaves as it was written.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.core.cache import cache
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from stationer.pick import compile
from stationer.portal.access.models import Device
from stationer.portal.access.presence import Presence, device
from stationer.portal.access.roll import want
from stationer.portal.audit.recording import record
from stationer.portal.partners.models import Standing
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.publishing.changes import ENDED, last_publication, made
from stationer.portal.publishing.placing import place_now
from stationer.portal.publishing.publish import put_down
from stationer.portal.publishing.undoing import CannotReturn, bytes_of
from stationer.portal.site.refusals import answer
from stationer.watch.log import Voice
from stationer.wire.definition import Definition

#: What somebody can still do whose company rests: sign out, change to another company, language, looks, own factors.
STILL = ("/accounts/", "/companies/", "/language/", "/theme/", "/myself/sessions/", "/partner/", "/operator/")
say = Voice("partners")


class RestMiddleware:
    """Refuses what a resting PEN's people and programs cannot do, before any view is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        pen = _pen(request)
        _begun(request)
        if pen is None or pen.standing == Pen.Standing.ACTIVE or request.path.startswith(STILL):
            return self.get_response(request)
        looks = request.method in ("GET", "HEAD")
        if looks and pen.standing == Pen.Standing.SUSPENDED:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return answer("resting")
        return render(request, "partners/resting.html", {"resting": pen}, status=403)


def _pen(request: HttpRequest) -> Pen | None:
    here, asks = getattr(request, "presence", None), device(request)
    if isinstance(here, Presence):
        return here.pen
    return asks.pen if asks is not None and asks.kind == Device.Kind.API else None


def _begun(request: HttpRequest) -> None:
    """The first page that somebody of a PEN opens here is when the company began; the cache knows of it afterwards."""
    here = getattr(request, "presence", None)
    if not isinstance(here, Presence) or not here.pen.partner_id:
        return
    key = f"begun:{here.pen.pk.hex}"
    if cache.get(key) is None:
        Standing.objects.filter(pen=here.pen, begun_at=None).update(begun_at=timezone.now())
        cache.set(key, True, 3600)  # after the row: a fault in between is mended by the next page


# ── suspend, end, resume ──


def suspend(pen: Pen, by: str = "") -> bool:
    """Nothing can be changed from now on; mail goes on. Returns whether it is so: an ended PEN stays ended."""
    return _stand(pen, Pen.Standing.SUSPENDED, by) != Pen.Standing.ENDED


def resume(pen: Pen, by: str = "") -> bool:
    """All is as it was. After an end the version of before is in force again, where its file can be read. Returns
    whether it is so: `by` may be below whoever let it rest."""
    with transaction.atomic():
        if not may_resume(pen, by):
            return False
        _stand(pen, Pen.Standing.ACTIVE)
        with pen_scope(pen):
            _again(pen)
    return True


def may_resume(pen: Pen, by: str) -> bool:
    """Whether the partner at this place in the tree lets it work again; what a partner elsewhere once said is over."""
    held = Standing.objects.filter(pen=pen).values_list("rested_by", flat=True).first() or ""
    above = pen.partner is not None and pen.partner.path.startswith(held)
    return not above or held.startswith(by)


def end(pen: Pen, by: str = "") -> None:
    """Nobody works here any more. What is in force is empty: an agent is answered at once, and mail leaves as written.
    Links in what has left go on working; nothing is deleted."""
    with transaction.atomic():
        if _stand(pen, Pen.Standing.ENDED, by) != Pen.Standing.ENDED:
            with pen_scope(pen):
                _empty(pen)


def _stand(pen: Pen, standing: Pen.Standing, by: str = "") -> str:
    """`by`: the place in the tree of whoever says so."""
    with pen_scope(pen), transaction.atomic():
        locked = Pen.objects.select_for_update(no_key=True).get(pk=pen.pk)
        was = str(locked.standing)
        refused = was == Pen.Standing.ENDED and standing == Pen.Standing.SUSPENDED
        if was != standing and not refused:
            locked.standing, locked.standing_since = standing, timezone.now()
            locked.save(update_fields=["standing", "standing_since"])
            say.info("company-stands", pen=locked.outside_id, standing=str(standing))
        if not refused:
            _keep_who(pen, was, "" if standing == Pen.Standing.ACTIVE else by)
    pen.standing, pen.standing_since = locked.standing, locked.standing_since
    return was


def _keep_who(pen: Pen, was: str, by: str) -> None:
    """Of several who let it rest, one after the other, the highest counts."""
    rows = Standing.objects.filter(pen=pen)
    before = rows.values_list("rested_by", flat=True).first() or ""
    if by and before and was != Pen.Standing.ACTIVE:
        by = min(before, by, key=len)
    rows.update(rested_by=by)


def _empty(pen: Pen) -> None:
    """A version with nothing in it, where something is in force."""
    last = last_publication()
    if last is None:
        return
    nothing = Definition(
        pen=pen.outside_id, name=pen.name, domains=tuple(pen.domains), mark_key=bytes(pen.mark_key), templates=(),
        campaigns=(),
    )  # fmt: skip
    put_down(pen, compile(nothing), last.drafts, [], None, ENDED, "", last.knows)
    _at_commit(pen.pk)


def _again(pen: Pen) -> None:
    """The version of before the end is in force again, where the last is that of the end."""
    last = last_publication()
    before = made().order_by("-serial").first()
    if last is None or before is None or (last.about, last.by_name) != (ENDED, ""):
        return
    try:
        put_down(pen, bytes_of(before), before.drafts, [], None, before.about, before.by_name, before.knows)
    except CannotReturn:
        record("changed", "publication", before.about, noun_id=before.outside_id)
        return
    _at_commit(pen.pk)


def _at_commit(pen_id: uuid.UUID) -> None:
    transaction.on_commit(lambda: place_now(pen_id))
    want(pen_id)
