"""The token by which a directory speaks: made on its page, shown once, kept as a hash; a new one ends the old."""

from __future__ import annotations

from django.utils import timezone

from stationer.portal.access.devices import SEEN, new_token, token_hash
from stationer.portal.directories.models import Directory
from stationer.portal.people.scope import outside_scope


def rotate(row: Directory) -> str:
    """A new token; whoever speaks with the old one is a stranger from now on."""
    token = new_token()
    row.token_sha256, row.token_at, row.token_used_at = token_hash(token), timezone.now(), None
    row.save(update_fields=["token_sha256", "token_at", "token_used_at"])
    return token


def by_token(token: str) -> Directory | None:
    """The directory that has this token, with its PEN."""
    if not token:
        return None
    with outside_scope(reason="a directory's token says which PEN it speaks to"):
        rows = Directory.objects.filter(kind=Directory.Kind.SCIM, token_sha256=token_hash(token))
        return rows.select_related("pen").first()


def used(row: Directory) -> None:
    """Note that it spoke just now, good to some minutes."""
    now = timezone.now()
    if row.token_used_at is None or now - row.token_used_at > SEEN:
        Directory.objects.filter(pk=row.pk).update(token_used_at=now)
