"""The installation's edges: made by name, known by a token of which its SHA-256 is kept (contract/uplink.md §3)."""

from __future__ import annotations

import re

from stationer.portal.access.devices import new_token, token_hash
from stationer.portal.statistics.models import Edge

_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,31}")


class WrongName(ValueError):
    """The name is none of an edge, or taken."""


def create(name: str, *, again: bool = False) -> str:
    """A new edge's token, which is shown this once; with `again` a new one for an edge that is there. Raises
    WrongName."""
    _check(name)
    token = new_token()
    there = Edge.objects.filter(name=name)
    if again and there.update(token_sha256=token_hash(token)):
        return token
    if again:
        raise WrongName(f"There is no edge {name!r}. Leave --again out to make it.")
    if there.exists():
        raise WrongName(f"There is an edge {name!r} already; --again makes a new token for it.")
    Edge.objects.create(name=name, token_sha256=token_hash(token))
    return token


def register(name: str, token: str) -> None:
    """Know the edge that runs beside the portal by the token that both were given. Raises WrongName."""
    _check(name)
    Edge.objects.update_or_create(name=name, defaults={"token_sha256": token_hash(token)})


def by_token(token: str) -> Edge | None:
    """Whose token this is."""
    return Edge.objects.filter(token_sha256=token_hash(token)).first() if token else None


def _check(name: str) -> None:
    if not _NAME.fullmatch(name):
        raise WrongName(f"{name!r} is no name of an edge: up to 32 of a-z, 0-9 and -.")
