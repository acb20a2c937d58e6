"""An arrival is put in place, and taken back: each in one transaction, with one line in the audit."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from django.db import IntegrityError, OperationalError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from stationer.pick.company import CompanyErrors, read
from stationer.portal.access.rights import Right
from stationer.portal.audit.actor import in_one
from stationer.portal.audit.recording import record
from stationer.portal.company import merging
from stationer.portal.company.looking import MOST_GONE, bring, compared, digest_of, pictures
from stationer.portal.company.models import Arrival, packed, unpacked
from stationer.portal.content.binning import AT_ONCE
from stationer.portal.content.comparing import Change
from stationer.portal.content.exporting import as_written, said_of, written
from stationer.portal.content.importing import bring_in
from stationer.portal.content.manner import Manner
from stationer.portal.content.models import Binned, Campaign, Message, Template
from stationer.portal.people.beside import met, patiently, whole
from stationer.portal.people.models import AddressList, Group, Member, Package, Pen
from stationer.portal.people.owned import PenOwned
from stationer.portal.people.scope import current_pen_id, outside_scope

State = Arrival.State
#: How long an arrival can be taken back, and one that nobody went on with lies about.
KEEP, FORSAKEN = timedelta(days=30), timedelta(days=2)
#: The right to each kind of change.
NEEDED: dict[str, Right] = {
    **dict.fromkeys(("person", "group", "package", "list"), "change-people"),
    **dict.fromkeys(("template", "campaign", "message", "picture"), "change-content"),
    "settings": "change-settings",
}
#: Rows that a file overwrites, in the order in which `bring_in` locks them.
_IN_A_FILE: tuple[type[PenOwned], ...] = (Package, Group, Member, AddressList, Template, Campaign, Message)
#: Whoever sees a company file sees all of these.
SEES: frozenset[Right] = frozenset({"see-people", "see-content", "see-settings"})


class Refused(ValueError):
    """It cannot be done; the sentence says why and what to do. `moved`: because what was shown is no longer so."""

    def __init__(self, sentence: str, *, moved: bool = False) -> None:
        self.moved = moved
        super().__init__(sentence)


class _Moved(Exception):
    pass


def lacking(row: Arrival, rights: Collection[str]) -> list[Right]:
    """The rights that what it changes would need beside these."""
    kinds = [kind for kind, counts in row.counts.items() if set(counts) - {"kept"}]
    return sorted({NEEDED[kind] for kind in kinds} - set(rights))


def apply(row: Arrival, rights: Collection[str], *, sure: bool = False) -> None:
    """Everything that was shown is in place, or nothing is. Raises Refused; where something moved, the arrival says
    what it would change now."""
    if lacking(row, rights):
        raise Refused(_("You may not change all that this file changes. Ask somebody who may."))
    if row.share > MOST_GONE and not sure:
        raise Refused(_("More than {most} of 100 would go. Say that you mean it.").format(most=MOST_GONE))
    try:
        patiently(partial(_apply, row))
    except (_Moved, CompanyErrors) as error:
        _look_again(row, error)
    except OperationalError as error:
        raise _in_the_way(error) from error
    except IntegrityError as error:
        sentence = _(
            "Two things in the file change places, or somebody has just made one like it. Look at it again."
        )
        raise Refused(sentence, moved=True) from error


def _apply(row: Arrival) -> None:
    _claim(row, State.CHECKED)
    before = said_of(as_written())
    names = _ids()

    def check(changes: Sequence[Change]) -> None:
        if digest_of(changes) != row.digest:
            raise _Moved

    with in_one():
        bring(row, show=check)
    row.before, row.after, row.ids = packed(before), packed(said_of(as_written())), packed(names)
    row.state, row.applied_at = State.DONE, timezone.now()
    row.save()
    _note(row, "imported")


def _claim(row: Arrival, state: str) -> None:
    """This arrival, this PEN and all that a file changes are nobody else's until the commit: what is read from here on
    is what is overwritten. Nobody adds rows meanwhile either, since each new one refers to the PEN. Raises Refused."""
    whole()
    if not Arrival.objects.select_for_update().filter(pk=row.pk, state=state).exists():
        raise Refused(_("Somebody else has just decided it."), moved=True)
    if connection.features.has_select_for_update:  # SQLite has one writer at a time
        for model in _IN_A_FILE:
            list(model._default_manager.select_for_update().order_by("pk").values_list("pk", flat=True))


def _in_the_way(fault: OperationalError) -> Exception:
    """Somebody writes here again and again; or the database has a fault, which is left as it is."""
    sentence = _("Others are writing here just now. Nothing is done; try again in a moment.")
    return Refused(sentence, moved=True) if met(fault) else fault


def _look_again(row: Arrival, error: Exception) -> None:
    """Raises Refused, after a fresh look where the file can still be read."""
    if isinstance(error, CompanyErrors):
        raise Refused(" ".join(one.sentence() for one in error.problems[:3]), moved=True) from error
    compared(row)
    row.save()
    sentence = _(
        "Something was changed since you looked. This is what the file would do now; nothing is done yet."
    )
    raise Refused(sentence, moved=True) from error


def undo(row: Arrival, rights: Collection[str]) -> None:
    """What it changed is as it was before, but for what was changed again since (`left`). Raises Refused."""
    if lacking(row, rights):
        raise Refused(_("You may not change all that this file changes. Ask somebody who may."))
    try:
        patiently(partial(_undo, row))
    except CompanyErrors as error:
        said = " ".join(one.what for one in error.problems[:3])
        raise Refused(_("It cannot be taken back: {why}").format(why=said)) from error
    except OperationalError as error:
        raise _in_the_way(error) from error
    except IntegrityError as error:
        raise Refused(
            _("It cannot be taken back: names or addresses have passed to others since.")
        ) from error


def _undo(row: Arrival) -> None:
    _claim(row, State.DONE)
    assert row.before is not None and row.after is not None and row.ids is not None
    now = said_of(as_written())
    merged = merging.back(unpacked(bytes(row.before)), unpacked(bytes(row.after)), now)
    company = read(written(merged.said))
    again = {(kind, name): uuid.UUID(key) for kind, name, key in unpacked(bytes(row.ids))}
    there = {key for _kind, _name, key in _ids()}
    manner = Manner(
        remove=True,
        spare_devices=True,
        by=row.by,
        again={name: key for name, key in again.items() if str(key) not in there},
        lock=True,
    )
    pen = Pen.objects.get(pk=current_pen_id())
    with in_one():
        _, changes = bring_in(company, pen=pen, pictures=pictures(company), lists={}, manner=manner)
    row.left = [*merged.left, *(one.name for one in changes if one.what == "kept")]
    _empty_bin(row)
    row.state = State.UNDONE
    row.before = row.after = row.ids = None
    row.save()
    _note(row, "taken-back")


def _empty_bin(row: Arrival) -> None:
    """What came back from the bin by this is no longer in it."""
    there = {key for _kind, _name, key in _ids()}
    lain = Binned.objects.filter(binned_at__gte=row.created_at).values_list("pk", "rows")
    back = [key for key, rows in lain if rows[0]["id"] in there]
    for at in range(0, len(back), AT_ONCE):
        Binned.objects.filter(pk__in=back[at : at + AT_ONCE]).delete()


def _ids() -> list[tuple[str, str, str]]:
    """What everything is called that a file may take out: kind, name or key, id."""
    rows: list[Any] = [*Template.objects.only("pk", "key"), *Campaign.objects.only("pk", "key")]
    found = [(str(row._meta.model_name), row.key or row.outside_id, str(row.pk)) for row in rows]
    for text in Message.objects.select_related("campaign").only("pk", "key", "campaign__key"):
        of = text.campaign.key or text.campaign.outside_id
        found.append(("message", f"{of}/{text.key or text.outside_id}", str(text.pk)))
    for kind, model, name in (
        ("person", Member, "address"),
        ("group", Group, "name"),
        ("list", AddressList, "name"),
    ):
        found += [(kind, called, str(key)) for called, key in model._default_manager.values_list(name, "pk")]
    return found


def _note(row: Arrival, what: str) -> None:
    """One line in the audit for all of it: what became of each kind."""
    lines = [
        {"about": f"{kind}: {how}", "before": "", "after": n}
        for kind, counts in row.counts.items()
        for how, n in counts.items()
    ]
    record(what, "arrival", row.name, noun_id=row.outside_id, count=row.coming, lines=lines)


def forget_old() -> int:
    """Forget arrivals that can no longer be taken back, and those that nobody went on with."""
    now = timezone.now()
    with outside_scope(reason="company files that are over, of every PEN"):
        done = Arrival.objects.filter(applied_at__lt=now - KEEP)
        given_up = Arrival.objects.filter(applied_at=None, created_at__lt=now - FORSAKEN)
        return done.delete()[0] + given_up.delete()[0]
