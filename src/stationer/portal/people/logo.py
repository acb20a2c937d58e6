"""The picture by which a PEN is known on its pages."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

#: What a picture's file is called, below /a/ (content.models.Asset.file_name).
LOGO = re.compile(r"[0-9a-f]{40}\.(?:png|jpg|gif)")


class Logo(NamedTuple):
    """`path`: where the picture is, or empty. `wide`: it is more than twice as wide as high, so that it has the name
    in it."""

    path: str
    wide: bool


def logo_of(brand: Mapping[str, object]) -> Logo | None:
    """The one that a PEN's own brand names; None where it names none."""
    file = str(brand.get("logo", ""))
    return Logo(f"/a/{file}", bool(brand.get("logo_wide"))) if LOGO.fullmatch(file) else None
