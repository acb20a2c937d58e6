"""Rows that belong to a PEN: the abstract model, its one manager, and the constraint that keeps relations inside.

Three walls stand behind one another: no query without a scope; in a scope only the PEN's own rows are seen, made
or changed; and the database refuses a row that points at another PEN's (composite foreign keys).
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any, ClassVar, NoReturn, TypeVar

import uuid_utils.compat
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models.constraints import BaseConstraint
from django.dispatch import Signal
from django.utils.translation import gettext, gettext_lazy

from stationer.portal.people.scope import ForeignPen, Outside, in_scope, scoped_pen

#: Sent with `sender` (the model) and `pen_id` after rows of a PEN were written, in the writing transaction.
rows_changed = Signal()


#: `(rows, "made" | "changed" | "removed", objects given, values given)` → what stands round the bulk write.
Watch = Callable[
    ["ScopedQuerySet[Any]", str, Sequence["PenOwned"], Mapping[str, Any]], AbstractContextManager[None]
]


def _unwatched(
    rows: ScopedQuerySet[Any], what: str, objects: Sequence[PenOwned], values: Mapping[str, Any]
) -> AbstractContextManager[None]:
    return nullcontext()


_watch: list[Watch] = [_unwatched]


def watch_bulk_writes(watch: Watch) -> None:
    """Every bulk write happens inside what this makes (the audit's; there is one)."""
    _watch[:] = [watch]


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562 §5.7)."""
    return uuid_utils.compat.uuid7()


T = TypeVar("T", bound="PenOwned")
#: What a field is called where there is one with its value already.
CALLED = {
    "address": gettext_lazy("address"),
    "name": gettext_lazy("name"),
    "key": gettext_lazy("key"),
    "account": gettext_lazy("account"),
    "domain": gettext_lazy("domain"),
}


class AppendOnly(RuntimeError):
    """Somebody tried to change or take out a row that is only ever added."""


class ScopedQuerySet(models.QuerySet[T]):
    """Rows of the PEN in scope. What is made here gets that PEN; what names another is refused."""

    def create(self, **values: Any) -> T:
        row = self.model(**values)
        adopt(row)
        self._for_write = True
        row.save(force_insert=True, using=self.db)
        return row

    def bulk_create(self, objs: Iterable[T], *args: Any, **options: Any) -> list[T]:
        rows = list(objs)
        for row in rows:
            adopt(row)
        with transaction.atomic(using=self.db, savepoint=False), _watch[0](self, "made", rows, {}):
            made = super().bulk_create(rows, *args, **options)
            announce(self.model, {row.pen_id for row in rows})
        return made

    def bulk_update(self, objs: Iterable[T], fields: Iterable[str], batch_size: int | None = None) -> int:
        self._keep()
        rows = list(objs)
        for row in rows:
            adopt(row)
        said = dict.fromkeys(fields)
        with transaction.atomic(using=self.db, savepoint=False), _watch[0](self, "changed", rows, said):
            changed = super().bulk_update(rows, list(said), batch_size)
            announce(self.model, {row.pen_id for row in rows})
        return changed

    def update(self, **values: Any) -> int:
        if "pen" in values or "pen_id" in values:
            raise ForeignPen("a row stays in its PEN")
        self._keep()
        with transaction.atomic(using=self.db, savepoint=False), _watch[0](self, "changed", (), values):
            pens = self._pens()
            changed = super().update(**values)
            announce(self.model, pens)
        return changed

    def delete(self) -> tuple[int, dict[str, int]]:
        self._keep()
        with transaction.atomic(using=self.db, savepoint=False), _watch[0](self, "removed", (), {}):
            pens = self._pens()
            gone = super().delete()
            announce(self.model, pens)
        return gone

    def raw(self, *args: Any, **options: Any) -> NoReturn:
        raise ForeignPen("raw SQL cannot be kept inside a PEN: use the query language")

    def _keep(self) -> None:
        if self.model.append_only:
            raise AppendOnly("what was done stays as it was written")

    def _pens(self) -> set[uuid.UUID]:
        scope = scoped_pen()
        if not isinstance(scope, Outside):
            return {scope}
        return set(self.order_by().values_list("pen_id", flat=True).distinct())


class ScopedManager(models.Manager[T]):
    """The only way to a PEN's rows. Raises NoPenInScope when there is no scope."""

    def get_queryset(self) -> ScopedQuerySet[T]:
        scope = scoped_pen()
        rows: ScopedQuerySet[T] = ScopedQuerySet(self.model, using=self._db, hints=self._hints)  # type: ignore[attr-defined]
        return rows if isinstance(scope, Outside) else rows.filter(pen_id=scope)


class SamePen(BaseConstraint):
    """FOREIGN KEY (pen_id, x_id) REFERENCES x (pen_id, id): a relation never leaves the PEN."""

    def __init__(self, *, field: str, name: str) -> None:
        self.field = field
        super().__init__(name=name)

    def _clause(self, model: type[models.Model], editor: BaseDatabaseSchemaEditor) -> str:
        field: Any = model._meta.get_field(self.field)
        quote = editor.quote_name
        target = field.related_model._meta.db_table
        return (
            f"CONSTRAINT {quote(self.name)} FOREIGN KEY ({quote('pen_id')}, {quote(field.column)}) "
            f"REFERENCES {quote(target)} ({quote('pen_id')}, {quote('id')}) DEFERRABLE INITIALLY DEFERRED"
        )

    def constraint_sql(self, model: Any, schema_editor: Any) -> str:
        return self._clause(model, schema_editor)

    def create_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} ADD {self._clause(model, schema_editor)}"

    def remove_sql(self, model: Any, schema_editor: Any) -> str:
        table = schema_editor.quote_name(model._meta.db_table)
        return f"ALTER TABLE {table} DROP CONSTRAINT {schema_editor.quote_name(self.name)}"

    def validate(self, *args: Any, **options: Any) -> None:
        """The database says it; the scoped manager has already made other PENs' rows invisible."""

    def deconstruct(self) -> Any:
        path, args, options = super().deconstruct()
        return path, args, {**options, "field": self.field}

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SamePen) and (self.field, self.name) == (other.field, other.name)

    def __hash__(self) -> int:
        return hash((self.field, self.name))


class UniqueWhere(models.UniqueConstraint):
    """A UniqueConstraint with a condition, of rows that a PEN owns: what clashes is said of its field, where Django
    says the constraint's name of the whole row. In migrations it is Django's own."""

    def validate(self, model: Any, instance: Any, *args: Any, **options: Any) -> None:
        try:
            super().validate(model, instance, *args, **options)
        except ValidationError as error:
            raise instance.unique_error_message(model, self.fields) from error

    def deconstruct(self) -> Any:
        _, args, options = super().deconstruct()
        return "django.db.models.UniqueConstraint", args, options


class PenOwned(models.Model):
    """A row of one PEN. `id` is a UUIDv7; outside it is written by `wire.ids`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    pen = models.ForeignKey("people.Pen", on_delete=models.CASCADE, related_name="+", editable=False)

    #: fields that the audit leaves out; `"*"`: bookkeeping, of which nothing is told
    untold: ClassVar[tuple[str, ...]] = ()
    #: whether rows are only ever added
    append_only: ClassVar[bool] = False

    objects = ScopedManager()

    class Meta:
        abstract = True
        base_manager_name = "objects"
        default_manager_name = "objects"

    def full_clean(self, *args: Any, **options: Any) -> None:
        adopt(self)  # so that what is unique in a PEN is looked for in this one
        super().full_clean(*args, **options)

    def unique_error_message(
        self, model_class: type[models.Model], unique_check: Sequence[str]
    ) -> ValidationError:
        """Names the field that clashes, and not the PEN beside it."""
        fields = [name for name in unique_check if name != "pen"]
        sentence = gettext("There is already one with this %(field)s.")
        found = ValidationError(
            {
                fields[-1]: ValidationError(
                    sentence, code="unique", params={"field": str(CALLED.get(fields[-1], fields[-1]))}
                )
            }
        )
        found.code = "unique"  # UniqueConstraint.validate reads it from what this returns
        return found

    def save(self, *args: Any, **options: Any) -> None:
        adopt(self)
        with transaction.atomic(using=options.get("using"), savepoint=False):
            super().save(*args, **options)
            announce(type(self), {self.pen_id})

    def delete(self, *args: Any, **options: Any) -> tuple[int, dict[str, int]]:
        adopt(self)
        with transaction.atomic(using=options.get("using"), savepoint=False):
            gone = super().delete(*args, **options)
            announce(type(self), {self.pen_id})
        return gone


def adopt(row: PenOwned) -> None:
    """Give a new row the PEN in scope. Raises ForeignPen for a row of another, NoPenInScope without a scope."""
    pen_id: uuid.UUID | None = row.pen_id  # none yet in a new row
    if pen_id is None:
        scope = scoped_pen()
        if isinstance(scope, Outside):
            raise ForeignPen(f"outside every scope ({scope.reason}) a row must name its PEN")
        row.pen_id = scope
    if not in_scope(row.pen_id):
        raise ForeignPen("this row belongs to another PEN")


def announce(model: type[models.Model], pens: Iterable[uuid.UUID]) -> None:
    """Say that rows of these PENs changed (the roll listens)."""
    for pen_id in pens:
        rows_changed.send(sender=model, pen_id=pen_id)
