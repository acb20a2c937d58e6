"""What a PEN is handed from above beside settings, as it is kept with the PEN: so that a page or a publication asks no
partner (contract/partners.md §3). `partners.handing` writes it; `by` is always a partner's name.
"""

from __future__ import annotations

from typing import Any

import msgspec
from django.core.exceptions import ValidationError

from stationer.wire.source import Source


class HandedPart(msgspec.Struct, frozen=True, omit_defaults=True):
    """One part of every template (`content.parts.PARTS`): what is written there, whose it is, whether it may differ."""

    source: Source
    by: str
    locked: bool = False


class Handed(msgspec.Struct, frozen=True, omit_defaults=True):
    """`locked_by`: who locked a setting, by its name. `brand_by`: who locked the brand; empty: nobody. `house`: what
    the portal is called, with `logo` (an address path); `url`: where it is."""

    by: str = ""
    locked_by: dict[str, str] = {}
    parts: dict[str, HandedPart] = {}
    brand: dict[str, str] = {}
    brand_by: str = ""
    house: str = ""
    logo: str = ""
    url: str = ""

    def looks(self, own: dict[str, Any]) -> dict[str, Any]:
        """The brand in force where a PEN's own is this."""
        return {**self.brand} if self.brand_by else {**self.brand, **own}

    def locked(self) -> dict[str, HandedPart]:
        """The parts that may not differ."""
        return {key: part for key, part in self.parts.items() if part.locked}


def check_handed(value: Any) -> None:
    """Refuses what is no Handed."""
    try:
        msgspec.convert(value, Handed)
    except msgspec.ValidationError as error:
        raise ValidationError(str(error), code="form") from None
