"""What every change that is pushed does: one at a time of each directory, whole or not at all, and a sync is due soon.

The directory's row is held from the first look to the commit. So no two pushes give one name twice, and a sync either
sees a push or is due again after it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from unicodedata import normalize

from django.db import transaction
from django.utils import timezone
from scim2_models import InvalidValueException, NotFoundException, PreconditionFailedException

from stationer.portal.directories.models import Directory
from stationer.portal.directories.scim.rows import PushedGroup, PushedPerson

#: A sync waits so long after a push, so that those that come together are one.
QUIET = timedelta(seconds=10)
#: Characters that one resource may have, its members apart, and a name.
MOST_SAID, MOST_NAME = 64_000, 500
#: What is never kept: a password is no affair of ours; the others are made anew for every answer.
NEVER_KEPT = ("password", "id", "meta", "groups", "members")
Row = PushedPerson | PushedGroup


@contextmanager
def held(row: Directory) -> Iterator[None]:
    """A change of what this directory said. It is read soon after the commit. Raises NotFoundException: it is gone."""
    with transaction.atomic():
        now = Directory.objects.select_for_update().filter(pk=row.pk).first()
        if now is None:
            raise NotFoundException(detail="This directory was forgotten here meanwhile.")
        yield
        soon = timezone.now() + QUIET
        in_hand = now.leased_until is not None and now.leased_until > timezone.now()
        if in_hand or now.next_at > soon:
            Directory.objects.filter(pk=row.pk).update(next_at=soon)


def again(row: Row) -> None:
    """The row as it is now that its directory is held. Raises NotFoundException: it was taken away since."""
    try:
        row.refresh_from_db()
    except type(row).DoesNotExist:
        raise NotFoundException(detail=f"{row.pk} was taken away meanwhile.") from None


def compared(name: str) -> str:
    """A name as names are compared (RFC 7643 §2.2: case does not count). Raises InvalidValueException.

    What is kept is measured: small letters may be more than the capitals were (İ)."""
    return measured(normalize("NFC", normalize("NFC", measured(name)).lower()))


def measured(name: str) -> str:
    """The name, where it is no longer than is kept. Raises InvalidValueException."""
    if len(name) > MOST_NAME:
        raise InvalidValueException(detail=f"A name has at most {MOST_NAME} characters.")
    return name


def kept(resource: Any) -> dict[str, Any]:
    """What is kept of a resource. Raises InvalidValueException for what no database keeps, or is too long."""
    said = {name: value for name, value in resource.model_dump().items() if name not in NEVER_KEPT}
    text = json.dumps(said)
    if len(text) > MOST_SAID:
        raise InvalidValueException(detail=f"A resource has at most {MOST_SAID} characters.")
    if "\\u0000" in text or ("\\ud" in text.lower() and not _well_formed(said)):
        raise InvalidValueException(
            detail="A text has characters that cannot be kept (U+0000, half a surrogate)."
        )
    return said


def _well_formed(said: dict[str, Any]) -> bool:
    try:
        json.dumps(said, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def version_of(row: Row) -> str:
    """The entity tag (RFC 7644 §3.14)."""
    return f'W/"{row.version}"'


def expected(row: Row, wanted: str) -> None:
    """`wanted`: the If-Match header. Raises PreconditionFailedException where it is another version by now."""
    tags = {one.strip().removeprefix("W/") for one in wanted.split(",") if one.strip()}
    if tags and "*" not in tags and version_of(row).removeprefix("W/") not in tags:
        raise PreconditionFailedException(
            detail="It was changed since: read it again, then say what to change."
        )


def keep(row: Row, *, fresh: bool) -> None:
    """Write it, with its version."""
    if fresh:
        row.save(force_insert=True)
        return
    row.version += 1
    row.changed_at = timezone.now()
    row.save()
