"""Groups as they are pushed. Members are rows: a change of a few touches those, however many there are."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from scim2_models import Context, InvalidFilterException, InvalidValueException, PatchOp
from scim2_models.path import CompareOperator, Comparison, LogicalExpr, LogicalOperator

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import quirks
from stationer.portal.directories.scim.keeping import again, compared, expected, held, keep, kept
from stationer.portal.directories.scim.people import compared_id
from stationer.portal.directories.scim.room import take
from stationer.portal.directories.scim.rows import PushedGroup, PushedPerson, PushedPlace
from stationer.portal.directories.scim.schemas import Team

PIECE = 500


def create(directory: Directory, data: Any) -> PushedGroup:
    """Raises SCIMException, pydantic's ValidationError; then nothing is kept. So do all of these."""
    said = Team.model_validate(quirks.whole(data), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    row = PushedGroup(directory=directory)
    with held(directory):
        take(directory.pk, "groups", 1)
        _take(row, said)
        keep(row, fresh=True)
        _add(row, _named(said.members))
    return row


def replace(row: PushedGroup, data: Any, wanted: str) -> PushedGroup:
    """PUT: who is not said is no member any more. `wanted`: If-Match."""
    said = Team.model_validate(quirks.whole(data), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    with held(row.directory):
        again(row)
        expected(row, wanted)
        members = _named(said.members)
        before = resource(row)
        said.id, said.members = before.id, None
        changed = said.replace(before)
        _take(row, said)
        if _set(row, members) or changed:
            keep(row, fresh=False)
    return row


def patch(row: PushedGroup, data: Any, wanted: str) -> PushedGroup:
    """PATCH: all operations, or none. Those about members go to their rows, the others to the group."""
    said = PatchOp[Team].model_validate(quirks.operations(data), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    with held(row.directory):
        again(row)
        expected(row, wanted)
        after = resource(row)
        changed = [_operation(row, after, one) for one in said.operations or ()]
        if any(changed):
            _take(row, after)
            keep(row, fresh=False)
    return row


def delete(row: PushedGroup, wanted: str) -> None:
    """No more in the directory; its people stay."""
    with held(row.directory):
        again(row)
        expected(row, wanted)
        row.delete()


def resource(row: PushedGroup) -> Any:
    """The row as scim2-models has it, without its members."""
    return Team.model_validate({**row.said, "id": str(row.pk)})


def _take(row: PushedGroup, said: Any) -> None:
    row.said, row.key = kept(said), compared(said.display_name or "")
    row.external_id = compared_id(said.external_id)


def _operation(row: PushedGroup, after: Any, one: Any) -> bool:
    """Returns whether anything is otherwise now."""
    kind = one.op.value
    if one.path is not None and one.path.attr.lower() == "members":
        return _of_members(row, kind, one)
    changed = False
    if one.path is None and isinstance(one.value, dict):
        inside = [name for name in one.value if name.lower() == "members"]
        for name in inside:
            members = _named(one.value.pop(name))
            changed |= _set(row, members) if kind == "replace" else _add(row, members)
        if not one.value:
            return changed
    said: Any = {"operations": [one]}
    return bool(PatchOp[Team](**said).patch(after)) or changed


def _of_members(row: PushedGroup, kind: str, one: Any) -> bool:
    chosen = _chosen(one.path.value_filter)
    if kind == "remove":
        if chosen is None and one.value is not None:
            chosen = _named(one.value)
        return _remove(row, chosen)
    if chosen is not None:
        raise InvalidValueException(
            detail="What says who a member is never changes: remove one and add another."
        )
    members = _named(one.value)
    return _set(row, members) if kind == "replace" else _add(row, members)


def _chosen(node: Any) -> list[str] | None:
    """Whom `value eq "…"`, or several of them with `or`, mean; None: no filter. Raises InvalidFilterException."""
    if node is None:
        return None
    terms = node.terms if isinstance(node, LogicalExpr) and node.op == LogicalOperator.or_ else (node,)
    found = []
    for term in terms:
        if (
            not isinstance(term, Comparison)
            or term.op != CompareOperator.eq
            or term.attr_path.attr.lower() != "value"
        ):
            raise InvalidFilterException(detail='Members are chosen by value alone: members[value eq "…"].')
        found.append(str(term.value))
    return found


def _named(value: Any) -> list[str]:
    """The ids that a list of members names."""
    if value is None:
        return []
    found = []
    for one in value if isinstance(value, list) else [value]:
        key = one.get("value") if isinstance(one, dict) else getattr(one, "value", one)
        if not isinstance(key, str):
            raise InvalidValueException(detail="A member needs a value: the id of a user or group.")
        found.append(key)
    return list(dict.fromkeys(found))


def _keys(named: Iterable[str], *, strict: bool) -> list[uuid.UUID]:
    found = []
    for text in named:
        try:
            found.append(uuid.UUID(text))
        except ValueError:
            if strict:
                raise InvalidValueException(detail=f"There is no user or group {text!r}.") from None
    return found


def _add(row: PushedGroup, named: Sequence[str]) -> bool:
    """Raises InvalidValueException for one who is not there, Full where there would be too many."""
    changed = False
    keys = _keys(named, strict=True)
    for start in range(0, len(keys), PIECE):
        some = keys[start : start + PIECE]
        there = PushedPerson.objects.filter(directory_id=row.directory_id, pk__in=some)
        people = set(there.values_list("pk", flat=True))
        inner: set[uuid.UUID] = set()
        if rest := [key for key in some if key not in people]:
            groups = PushedGroup.objects.filter(directory_id=row.directory_id, pk__in=rest)
            inner = set(groups.values_list("pk", flat=True)) - {row.pk}
        if missing := [key for key in some if key not in people | inner]:
            raise InvalidValueException(detail=f"There is no user or group {str(missing[0])!r}.")
        people -= set(row.places.filter(person__in=people).values_list("person_id", flat=True))
        inner -= (
            set(row.places.filter(inner__in=inner).values_list("inner_id", flat=True)) if inner else set()
        )
        if people or inner:
            take(row.directory_id, "memberships", len(people) + len(inner))
        PushedPlace.objects.bulk_create(
            [
                *(PushedPlace(group=row, person_id=key) for key in sorted(people)),
                *(PushedPlace(group=row, inner_id=key) for key in sorted(inner)),
            ]
        )
        changed |= bool(people or inner)
    return changed


def _remove(row: PushedGroup, named: Sequence[str] | None) -> bool:
    """Of these, or of all; who is none is none afterwards as well."""
    if named is None:
        return bool(row.places.all().delete()[0])
    keys, gone = _keys(named, strict=False), 0
    for start in range(0, len(keys), PIECE):
        some = keys[start : start + PIECE]
        gone += row.places.filter(person__in=some).delete()[0]
        gone += row.places.filter(inner__in=some).delete()[0]
    return bool(gone)


def _set(row: PushedGroup, named: Sequence[str]) -> bool:
    """These and no others."""
    wanted = set(_keys(named, strict=True))
    there = {person or inner for person, inner in row.places.values_list("person_id", "inner_id")}
    gone = _remove(row, [str(key) for key in there - wanted if key]) if there - wanted else False
    return _add(row, named) or gone
