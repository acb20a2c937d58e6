"""What is handed down: from the top of the tree to a PEN, kept with the PEN, and from there published as usual.

A partner's change marks every company below as due, in one statement. The worker then goes to each in its own scope
and writes what holds there now. So a page of a partner never touches a PEN's rows, and a company with nobody awake
gets it too. Mail follows at the PEN's own next Publish (contract/partners.md §3).
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from itertools import islice

import msgspec
from django.core.cache import cache
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from stationer.pick import hand_on
from stationer.portal.audit.actor import Actor, acting
from stationer.portal.audit.recording import record
from stationer.portal.content.locked_parts import nowhere, put_down
from stationer.portal.partners import hosts
from stationer.portal.partners.models import Part, Standing
from stationer.portal.people.handed import Handed, HandedPart
from stationer.portal.people.models import Partner, Pen
from stationer.portal.people.scope import pen_scope
from stationer.watch.log import Voice
from stationer.wire import ids
from stationer.wire.definition import Inherited
from stationer.wire.source import Source

#: So many companies in one turn of the worker.
MANY = 20
say = Voice("partners")


def want(partner: Partner) -> int:
    """Everything below this partner is due. Returns how many companies."""
    rows = Standing.objects.filter(pen__partner__path__startswith=partner.path)
    return rows.update(wanted=F("wanted") + 1)


def waiting(partner: Partner) -> int:
    """How many companies below it has not reached yet."""
    rows = Standing.objects.filter(pen__partner__path__startswith=partner.path)
    return rows.filter(wanted__gt=F("written")).count()


def turn() -> int:
    """The worker's turn: the next companies that are due. Returns how many were written."""
    rows = Standing.objects.filter(wanted__gt=F("written")).order_by("pen_id")
    due = (pen_id for pen_id in rows.values_list("pen_id", flat=True) if cache.get(_faulty(pen_id)) is None)
    return sum(_written(pen_id) for pen_id in list(islice(due, MANY)))


def _faulty(pen_id: uuid.UUID) -> str:
    return f"not-handed-down:{pen_id.hex}"


def _written(pen_id: uuid.UUID) -> bool:
    """`write`; a fault of one company is said and keeps no other waiting, and is tried again after a minute."""
    try:
        return write(pen_id)
    except Exception:
        cache.set(_faulty(pen_id), True, 60)
        say.fault("not-handed-down", pen=ids.outside("pen", pen_id))
        return False


def write(pen_id: uuid.UUID) -> bool:
    """Write what holds for this PEN, if it is due. Returns whether it was."""
    with pen_scope(pen_id), transaction.atomic():
        pen = (
            Pen.objects.select_for_update(of=("self",), no_key=True).select_related("partner").get(pk=pen_id)
        )
        row = Standing.objects.filter(pen_id=pen_id, wanted__gt=F("written")).first()
        if row is None or pen.partner is None:
            return False
        line = above(pen.partner)
        inherited, handed = terms(line), rest(line, pen)
        before, said = pen.from_above(), msgspec.to_builtins(inherited)
        # the moment counts only where something that mail carries is different
        new = before.parts != handed.parts or (pen.inherited or {}) != said
        if before != handed or (pen.inherited or {}) != said or nowhere(handed):
            with acting(Actor("page", pen.partner.name)):
                _keep(pen, said, handed, before)
        changed = {"handed_at": timezone.now()} if new else {}
        Standing.objects.filter(pen_id=pen_id).update(written=row.wanted, **changed)
    say.info("handed-down", pen=pen.outside_id)
    return True


def _keep(pen: Pen, inherited: dict[str, object], handed: Handed, before: Handed) -> None:
    pen.inherited, pen.handed = inherited, msgspec.to_builtins(handed)
    pen.full_clean()
    pen.save(update_fields=["inherited", "handed"])
    if handed != before:
        record("changed", "pen", pen.name, noun_id=pen.outside_id, lines=_told(before, handed))
    put_down(handed, before)


def _told(before: Handed, handed: Handed) -> list[dict[str, object]]:
    """For the PEN's audit: the names of parts, and what the portal is called."""

    def said(one: Handed) -> dict[str, str]:
        parts = ", ".join(sorted(one.parts))
        return {"handed_parts": parts, "house": one.house, "url": one.url, "brand_by": one.brand_by}

    old, new = said(before), said(handed)
    return [
        {"about": name, "before": old[name], "after": new[name]} for name in new if old[name] != new[name]
    ]


# ── what holds, from the top down ──


def above(partner: Partner) -> list[Partner]:
    """The partners from the top down to this one."""
    return list(Partner.objects.filter(pk__in=partner.line()).order_by("path"))


def terms(line: Iterable[Partner]) -> Inherited:
    """Settings and locks, each partner within those above."""
    settled = Inherited()
    for one in line:
        settled = hand_on(settled, msgspec.convert(one.terms, Inherited))
    return settled


def locked_by(line: Iterable[Partner]) -> dict[str, str]:
    """Who locked each setting: the first from the top."""
    found: dict[str, str] = {}
    for one in line:
        for name in msgspec.convert(one.terms, Inherited).locks:
            found.setdefault(name, one.name)
    return found


def parts(line: Sequence[Partner]) -> dict[str, HandedPart]:
    """Parts of templates: a lock from above stands; without one the nearest partner's words."""
    rows = {(row.partner_id, row.part): row for row in Part.objects.filter(partner__in=line)}
    found: dict[str, HandedPart] = {}
    for one in line:
        for (partner, key), row in rows.items():
            if partner == one.pk and not (key in found and found[key].locked):
                source = msgspec.convert(row.source, Source)
                found[key] = HandedPart(source, one.name, row.locked)
    return {key: found[key] for key in sorted(found)}


def looks(line: Iterable[Partner]) -> tuple[dict[str, str], str]:
    """The brand, and who locked it (or nobody): nothing below a lock changes it."""
    brand: dict[str, str] = {}
    for one in line:
        brand |= {name: str(value) for name, value in one.brand.items()}
        if one.brand_locked:
            return brand, one.name
    return brand, ""


def rest(line: Sequence[Partner], pen: Pen) -> Handed:
    """What this PEN is handed beside settings."""
    brand, by = looks(line)
    label = hosts.label_of(line)
    return Handed(
        by=line[-1].name,
        locked_by=locked_by(line),
        parts=parts(line),
        brand=brand,
        brand_by=by,
        house=label.house,
        logo=label.logo,
        url=hosts.url_of(line, pen.slug or "") if label.host else "",
    )


def begin(pen: Pen) -> None:
    """A PEN has a partner from now on: it is counted, and handed what holds there."""
    Standing.objects.get_or_create(pen=pen)
    write(pen.pk)
    # whatever was said above while this was under way did not see the PEN: the worker looks once more
    transaction.on_commit(lambda: Standing.objects.filter(pen=pen).update(wanted=F("wanted") + 1))


def without() -> Q:
    """PENs that have a partner and are not counted yet (moved by a command)."""
    return Q(partner__isnull=False, counted__isnull=True)


def adopt() -> int:
    """Rows for PENs that came below a partner by another way than its pages. Returns how many."""
    missing = [Standing(pen=pen, begun_at=timezone.now()) for pen in Pen.objects.filter(without())[:MANY]]
    Standing.objects.bulk_create(missing, ignore_conflicts=True)
    return len(missing)
