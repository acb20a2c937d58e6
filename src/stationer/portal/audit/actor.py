"""Who is at work: a context variable that the request sets, and that every audit row is signed with.

Where nobody set it, it is the installation itself: a command on the server, or a job.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Via = Literal["page", "key", "device", "server"]


@dataclass(frozen=True)
class Actor:
    """`who` is a name, `address` a person's; `via_name` the key or device; `path` the address asked."""

    via: Via = "server"
    who: str = ""
    address: str = ""
    account: uuid.UUID | None = None
    via_name: str = ""
    path: str = ""


_actor: ContextVar[Actor | None] = ContextVar("stationer_actor", default=None)
_silent: ContextVar[bool] = ContextVar("stationer_audit_silent", default=False)


def actor() -> Actor:
    """Who is at work now."""
    return _actor.get() or Actor()


@contextmanager
def acting(who: Actor) -> Iterator[None]:
    """What is done inside is done by `who`."""
    token = _actor.set(who)
    try:
        yield
    finally:
        _actor.reset(token)


def is_silent() -> bool:
    """Whether changes are not recorded by themselves just now."""
    return _silent.get()


@contextmanager
def in_one() -> Iterator[None]:
    """Changes inside are not recorded one by one: the caller says in one `record(…)` what it did."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)
