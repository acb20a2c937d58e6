"""Every change of a PEN's rows writes its own audit row, in the same transaction: saves, deletions, and bulk writes.

A model says in `untold` what is not worth telling of it (`"*"`: nothing at all). Octets are never told: keys, hashes
of tokens and sealed things are kept as such. Whoever does many things as one says so itself:
`with in_one(): …` and then `record(…)`.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ObjectDoesNotExist
from django.db import models
from django.db.models.expressions import BaseExpression

from stationer.portal.audit.actor import actor, in_one, is_silent
from stationer.portal.audit.models import Entry
from stationer.portal.people.models import Pen
from stationer.portal.people.owned import PenOwned, ScopedQuerySet
from stationer.portal.people.scope import current_pen_id, pen_scope

#: Of a bulk write, up to so many rows are told one by one; more of them in one sentence.
ONE_BY_ONE = 20
#: Longest text that is kept of a value, in characters.
LONGEST = 4000
Values = dict[str, Any]


def record(
    what: str,
    noun: str,
    called: str = "",
    *,
    noun_id: str = "",
    count: int = 1,
    lines: Iterable[Mapping[str, Any]] = (),
    pen_id: uuid.UUID | None = None,
) -> Entry:
    """Write down that whoever is at work did this, in the running transaction."""
    who = actor()
    row = Entry(
        pen_id=pen_id or current_pen_id(),
        via=who.via,
        who=who.who[:254],
        address=who.address[:254],
        account=who.account,
        via_name=who.via_name[:160],
        path=who.path[:200],
        what=what,
        noun=noun,
        noun_id=noun_id,
        called=called[:254],
        count=count,
        lines=[dict(line) for line in lines],
    )
    with pen_scope(row.pen_id):  # a new PEN is told before there is a scope
        row.save(force_insert=True)
    return row


# ── single rows: Django's own signals ──


def is_told(model: type[models.Model]) -> bool:
    """Whether changes of this model's rows are recorded."""
    return issubclass(model, Pen) or (issubclass(model, PenOwned) and "*" not in model.untold)


def told_fields(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    """The fields that are worth telling: no ids, no octets, no stamps that a save sets by itself."""
    untold = {"id", "pen", "changed_by", *getattr(model, "untold", ())}
    return [
        field
        for field in model._meta.concrete_fields
        if field.name not in untold
        and not isinstance(field, models.BinaryField)
        and not getattr(field, "auto_now", False)
        and not getattr(field, "auto_now_add", False)
    ]


def plain(value: Any) -> Any:
    """A value as JSON keeps it; long texts are cut."""
    if isinstance(value, str):
        return value if len(value) <= LONGEST else value[: LONGEST - 1] + "…"
    if isinstance(value, uuid.UUID | datetime.date):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [plain(one) for one in value[:500]]
    return value if value is None or isinstance(value, bool | int | float) else str(value)


def values_of(row: models.Model, names: Iterable[str] | None = None) -> Values:
    """What a row says, by field; a relation by the name of what it leads to."""
    wanted = None if names is None else set(names)
    found: Values = {}
    for field in told_fields(type(row)):
        if wanted is None or field.name in wanted or field.attname in wanted:
            related = field.is_relation and getattr(row, field.attname) is not None
            found[field.name] = plain(_leads_to(row, field) if related else getattr(row, field.attname))
    return found


def _leads_to(row: models.Model, field: models.Field[Any, Any]) -> str:
    """The name at the other end of a relation; its id where it leads nowhere, which the database will refuse."""
    try:
        return str(getattr(row, field.name))
    except ObjectDoesNotExist:
        return str(getattr(row, field.attname))


def lines_of(before: Values, after: Values) -> list[Values]:
    """What differs, field by field."""
    return [
        {"about": name, "before": before.get(name), "after": after.get(name)}
        for name in {**before, **after}
        if before.get(name) != after.get(name)
    ]


def noun_of(model: type[models.Model]) -> str:
    """The model's name in small letters: the key of its word in `audit.words`."""
    return model._meta.model_name or ""


def outside(row: models.Model) -> str:
    """The id as pages and programs know it, else the bare one."""
    return str(getattr(row, "outside_id", row.pk))


def pen_of(row: models.Model) -> uuid.UUID:
    """The PEN whose audit tells of this row."""
    found: uuid.UUID = row.pk if isinstance(row, Pen) else getattr(row, "pen_id")  # noqa: B009
    return found


def tell(what: str, row: models.Model, lines: list[Values]) -> None:
    """One row was made, changed or removed."""
    record(what, noun_of(type(row)), str(row), noun_id=outside(row), lines=lines, pen_id=pen_of(row))


def before_save(sender: type[models.Model], instance: models.Model, raw: bool = False, **_: Any) -> None:
    """Remember what the row says in the database."""
    if raw or is_silent() or not is_told(sender):
        return
    known = None if instance._state.adding else sender._default_manager.filter(pk=instance.pk).first()
    instance._audit_before = values_of(known) if known else None  # type: ignore[attr-defined]


def after_save(
    sender: type[models.Model],
    instance: models.Model,
    created: bool = False,
    raw: bool = False,
    **options: Any,
) -> None:
    """Tell what the save made or changed; a save that changed nothing is not told."""
    if raw or is_silent() or not is_told(sender):
        return
    before = instance.__dict__.pop("_audit_before", None)
    if created or before is None:
        tell(
            "made",
            instance,
            lines_of({}, {k: v for k, v in values_of(instance).items() if v not in ("", None)}),
        )
        return
    after = values_of(instance, options.get("update_fields"))
    lines = lines_of({name: before[name] for name in after}, after)
    if lines:
        tell("changed", instance, lines)


def after_delete(sender: type[models.Model], instance: models.Model, origin: Any = None, **_: Any) -> None:
    """Tell what was removed by itself; what went with it is not told again."""
    if origin is instance and not is_silent() and is_told(sender) and not isinstance(instance, Pen):
        tell("removed", instance, [])


# ── many rows at once ──


@contextmanager
def watch(
    rows: ScopedQuerySet[Any], what: str, objects: Sequence[PenOwned], values: Mapping[str, Any]
) -> Iterator[None]:
    """Round a bulk write: few rows are told one by one, many in one sentence."""
    if is_silent() or not is_told(rows.model):
        yield
        return
    named = [name for name in values if _is_told_field(rows.model, name)]
    if what == "changed" and not named:
        yield
        return
    found = _before(rows, what, objects)
    before = {row.pk: values_of(row, named or None) for row in found[:ONE_BY_ONE]}
    total = len(found) if len(found) <= ONE_BY_ONE else (len(objects) or rows.count())
    with in_one():  # Django makes one bulk write out of others
        yield
    if not found:
        return
    if total > ONE_BY_ONE:
        _tell_many(rows.model, what, total, found[0].pen_id, named, values)
        return
    for row in _after(rows.model, what, found):
        after = values_of(row, named or None) if what != "removed" else {}
        lines = lines_of(before.get(row.pk, {}) if what == "changed" else {}, after)
        if what != "changed" or lines:
            tell(what, row, [line for line in lines if what == "changed" or line["after"] not in ("", None)])


def _is_told_field(model: type[models.Model], name: str) -> bool:
    try:
        field = model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return field in told_fields(model)


def _before(rows: ScopedQuerySet[Any], what: str, objects: Sequence[PenOwned]) -> list[Any]:
    """The rows as they are before the write: those named, or up to one more than are told one by one."""
    if what == "made":
        return list(objects)
    if objects:
        keys = [row.pk for row in objects[: ONE_BY_ONE + 1]]
        return list(rows.model.objects.filter(pk__in=keys))
    return list(rows.all()[: ONE_BY_ONE + 1] if not rows.query.is_sliced else rows.all())


def _after(model: type[PenOwned], what: str, found: Sequence[Any]) -> list[Any]:
    if what != "changed":
        return list(found)
    return list(model.objects.filter(pk__in=[row.pk for row in found]))


def _tell_many(
    model: type[models.Model],
    what: str,
    total: int,
    pen_id: uuid.UUID,
    named: Sequence[str],
    values: Mapping[str, Any],
) -> None:
    lines = [
        {"about": name, "before": None, "after": plain(values[name])}
        for name in named
        if values[name] is not None and not isinstance(values[name], BaseExpression | models.Model)
    ]
    record(what, noun_of(model), count=total, lines=lines, pen_id=pen_id)
