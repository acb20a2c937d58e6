"""Whether a package's disclaimer has a place in the mail: a template that shows `{{disclaimer}}`."""

from __future__ import annotations

import json
import re

from stationer.compose import SHAPES
from stationer.portal.content.models import Template

PLACE = re.compile(r"\{\{\s*disclaimer\s*[|}]")


def reaches() -> bool:
    """Whether some template of the PEN in scope shows it, in words of its own or by its shape."""
    for parts in Template.objects.values_list("parts", flat=True):
        if PLACE.search(json.dumps(parts, ensure_ascii=False)):
            return True
        for slots in parts.values():
            if any(_by_shape(source) for source in slots.values()):
                return True
    return False


def _by_shape(source: dict[str, object]) -> bool:
    """Whether a field that its author left alone shows it."""
    shape, values = SHAPES.get(str(source.get("shape"))), source.get("values") or {}
    assert isinstance(values, dict)
    return bool(shape) and any(
        PLACE.search(field.otherwise) and field.name not in values
        for field in (shape.fields if shape else ())
    )
