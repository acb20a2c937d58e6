"""The bin: what is deleted waits there for thirty days, and comes back as it was, under the same id."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.db import transaction
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from stationer.portal.access.models import Account
from stationer.portal.content.locked_parts import check_gone
from stationer.portal.content.models import Binned, Campaign, Message, Template, Written
from stationer.portal.people.scope import outside_scope

KEPT = timedelta(days=30)
AT_ONCE = 500
_MODELS: dict[str, type[Written]] = {"template": Template, "campaign": Campaign, "message": Message}
#: What belongs to the moment or to the PEN, and is no part of what somebody wrote.
_NOT_KEPT = frozenset({"pen_id", "changed_at", "changed_by_id"})


class CannotReturn(ValueError):
    """It cannot be brought back now; the sentence says why and what to do."""


def until(row: Binned) -> datetime:
    """Until when it can be brought back."""
    return row.binned_at + KEPT


def discard(row: Written, by: Account | None) -> Binned:
    """Delete a template, a campaign with its messages, or a message; it can be brought back. Raises ValidationError."""
    if isinstance(row, Template):
        check_gone(row)
    kind = next(name for name, model in _MODELS.items() if isinstance(row, model))
    rows = [_fields(row)]
    if isinstance(row, Campaign):
        rows += [_fields(one) for one in row.messages.all()]
    with transaction.atomic():
        kept = Binned.objects.create(kind=kind, name=row.name, rows=rows, binned_by=by)
        row.delete()
    return kept


def discard_all(rows: Sequence[Written], by: Account | None) -> None:
    """The same for many of one kind, in as few questions as there are batches of them."""
    for at in range(0, len(rows), AT_ONCE):
        some = rows[at : at + AT_ONCE]
        model = type(some[0])
        kind = next(name for name, one in _MODELS.items() if one is model)
        below: dict[uuid.UUID, list[dict[str, Any]]] = {}
        if model is Campaign:
            for message in Message.objects.filter(campaign__in=[row.pk for row in some]):
                below.setdefault(message.campaign_id, []).append(_fields(message))
        with transaction.atomic():
            Binned.objects.bulk_create(
                Binned(kind=kind, name=row.name, rows=[_fields(row), *below.get(row.pk, ())], binned_by=by)
                for row in some
            )
            model.objects.filter(pk__in=[row.pk for row in some]).delete()


def _fields(row: Written) -> dict[str, Any]:
    said = {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}
    plain: dict[str, Any] = msgspec.to_builtins({k: v for k, v in said.items() if k not in _NOT_KEPT})
    return plain


def bring_back(kept: Binned, by: Account | None) -> Written:
    """The row as it was. Raises CannotReturn; then nothing changed."""
    model = _MODELS[kept.kind]
    with transaction.atomic():
        first, *others = kept.rows
        _check(model, kept.kind, first)
        row = _made(model, first, by)
        for one in others:
            _made(Message, one, by)
        kept.delete()
    return row


def _check(model: type[Written], kind: str, fields: Mapping[str, Any]) -> None:
    if model._default_manager.filter(
        pk=uuid.UUID(fields["id"])
    ).exists():  # an earlier version's drafts brought it
        raise CannotReturn(
            _(
                "It is there already, as an earlier version had it. Delete that one first, then bring this one back."
            )
        )
    if kind != "message" or Campaign.objects.filter(pk=uuid.UUID(fields["campaign_id"])).exists():
        return
    raise CannotReturn(_("Its campaign is deleted as well. Bring the campaign back first."))


def _made(model: type[Written], fields: Mapping[str, Any], by: Account | None) -> Written:
    """A row of these fields. A key or the place of fallback that somebody else has by now stays theirs."""
    own = {name: value for name, value in fields.items() if name not in ("id", "created_at")}
    maker: Any = model
    row: Written = maker(pk=uuid.UUID(fields["id"]), changed_by=by, **own)
    same = model.objects.filter(key=row.key)
    if isinstance(row, Message):
        same = Message.objects.filter(key=row.key, campaign_id=row.campaign_id)
    if row.key and same.exists():
        row.key = ""
    if isinstance(row, Template) and row.fallback:
        row.fallback = not Template.objects.filter(fallback=True).exists()
    row.save(force_insert=True)
    model.objects.filter(pk=row.pk).update(created_at=parse_datetime(fields["created_at"]))
    return row


def forget_old() -> int:
    """Delete for good what has waited long enough. Returns how many."""
    with outside_scope(reason="what has lain in the bin for thirty days, of every PEN"):
        return Binned.objects.filter(binned_at__lt=timezone.now() - KEPT).delete()[0]
