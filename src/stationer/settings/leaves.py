"""The tree of structs as a flat list of leaves: dotted name, environment variable, type, default."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, get_args, get_origin

import msgspec

from stationer.settings.sections import Settings


class Leaf(msgspec.Struct, frozen=True):
    """One setting. `type` is its annotation, `extra` what its `Meta` says beyond constraints."""

    name: str
    type: Any
    default: Any
    description: str
    extra: dict[str, Any]

    @property
    def variable(self) -> str:
        """`portal.relay.host` → `STATIONER_PORTAL__RELAY__HOST`."""
        return "STATIONER_" + self.name.replace(".", "__").upper()

    @property
    def secret(self) -> bool:
        """Whether its value is masked and may be given as `…_FILE`."""
        return bool(self.extra.get("secret"))

    @property
    def plain(self) -> Any:
        """The annotation without `Annotated`."""
        return get_args(self.type)[0] if get_origin(self.type) is Annotated else self.type


def _leaf(name: str, field: msgspec.structs.FieldInfo) -> Leaf:
    metas = (
        [m for m in get_args(field.type)[1:] if isinstance(m, msgspec.Meta)] if _annotated(field.type) else []
    )
    description = next((m.description for m in metas if m.description), "")
    extra = {k: v for m in metas for k, v in (m.extra or {}).items()}
    return Leaf(name, field.type, field.default, description, extra)


def _annotated(annotation: Any) -> bool:
    return get_origin(annotation) is Annotated


def leaves(struct: type[msgspec.Struct] = Settings, prefix: str = "") -> Iterator[Leaf]:
    """Every setting below `struct`, in the order written."""
    for field in msgspec.structs.fields(struct):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            yield from leaves(field.type, f"{prefix}{field.name}.")
        else:
            yield _leaf(prefix + field.name, field)


LEAVES: dict[str, Leaf] = {leaf.name: leaf for leaf in leaves()}
