"""Users as they are pushed: made, replaced, changed, taken away (RFC 7644 §3.3, §3.5, §3.6)."""

from __future__ import annotations

from typing import Any

from scim2_models import Context, PatchOp, UniquenessException

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim import quirks
from stationer.portal.directories.scim.keeping import again, compared, expected, held, keep, kept, measured
from stationer.portal.directories.scim.room import take
from stationer.portal.directories.scim.rows import PushedPerson
from stationer.portal.directories.scim.schemas import Person


def create(directory: Directory, data: Any) -> PushedPerson:
    """Raises SCIMException, pydantic's ValidationError; then nothing is kept. So do all of these."""
    said = Person.model_validate(quirks.whole(data), scim_ctx=Context.RESOURCE_CREATION_REQUEST)
    row = PushedPerson(directory=directory)
    with held(directory):
        take(directory.pk, "users", 1)
        _take(row, said)
        keep(row, fresh=True)
    return row


def replace(row: PushedPerson, data: Any, wanted: str) -> PushedPerson:
    """PUT: what is not said is no more. `wanted`: If-Match."""
    said = Person.model_validate(quirks.whole(data), scim_ctx=Context.RESOURCE_REPLACEMENT_REQUEST)
    with held(row.directory):
        again(row)
        expected(row, wanted)
        before = resource(row)
        said.id = before.id
        if said.replace(before):
            _take(row, said)
            keep(row, fresh=False)
    return row


def patch(row: PushedPerson, data: Any, wanted: str) -> PushedPerson:
    """PATCH: all operations, or none."""
    said = PatchOp[Person].model_validate(quirks.operations(data), scim_ctx=Context.RESOURCE_PATCH_REQUEST)
    with held(row.directory):
        again(row)
        expected(row, wanted)
        after = resource(row)
        if said.patch(after):
            _take(row, after)
            keep(row, fresh=False)
    return row


def delete(row: PushedPerson, wanted: str) -> None:
    """No more in the directory."""
    with held(row.directory):
        again(row)
        expected(row, wanted)
        row.delete()


def resource(row: PushedPerson) -> Any:
    """The row as scim2-models has it, without what an answer adds."""
    return Person.model_validate({**row.said, "id": str(row.pk)})


def _take(row: PushedPerson, said: Any) -> None:
    """Raises UniquenessException: the directory has another of that name."""
    row.said = kept(said)
    row.key = compared(said.user_name or "")
    row.external_id = compared_id(said.external_id)
    row.active = said.active is not False
    mails = {str(one.value).lower() for one in said.emails or () if one.value}
    row.mails = "\n" + "".join(f"{one}\n" for one in sorted(mails)) if mails else ""
    others = PushedPerson.objects.filter(directory_id=row.directory_id, key=row.key)
    if others.exclude(pk=row.pk).exists():
        raise UniquenessException(detail=f"There is a user {said.user_name!r} already.")


def compared_id(text: str | None) -> str:
    """externalId as it is found by: case counts (RFC 7643 §3.1). Raises InvalidValueException."""
    return measured(text or "")
