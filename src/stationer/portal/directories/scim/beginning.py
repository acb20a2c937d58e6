"""A new directory that speaks SCIM."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone

from stationer.portal.directories.models import Directory
from stationer.portal.directories.presets import PRESETS
from stationer.portal.directories.scim.keys import rotate

#: Where nothing is pushed it is read so often, against what was changed here meanwhile.
EVERY = Directory.Every.DAY


def begin(name: str) -> tuple[Directory, str]:
    """It, and its token. Nothing is read before it says something."""
    row = Directory(name=name, kind=Directory.Kind.SCIM, rules=PRESETS["scim"].rules, every=EVERY)
    row.next_at = timezone.now() + timedelta(minutes=EVERY)
    row.save()
    return row, rotate(row)
