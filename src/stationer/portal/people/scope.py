"""Which PEN this work is for. Without an answer no query of a PEN's rows is made.

The scope is a context variable: the middleware sets it from the signed-in person's membership, a device's or a
key's PEN sets it for a program, a job sets it for itself. Work for another PEN inside a scope is a bug and raises.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol


class HasId(Protocol):
    """Anything that carries a PEN's id."""

    @property
    def id(self) -> uuid.UUID: ...


class NoPenInScope(RuntimeError):
    """A PEN's rows were asked for with no PEN in scope. Wrap the work in `with pen_scope(pen):`."""


class ForeignPen(RuntimeError):
    """Work for one PEN tried to touch another's rows, or to open another's scope."""


class Outside:
    """The scope that has no wall; `reason` says why the work may cross it."""

    def __init__(self, reason: str) -> None:
        self.reason = reason


_scope: ContextVar[uuid.UUID | Outside | None] = ContextVar("stationer_pen", default=None)


def scoped_pen() -> uuid.UUID | Outside:
    """The id of the PEN in scope, or the `Outside` that was opened. Raises NoPenInScope."""
    scope = _scope.get()
    if scope is None:
        raise NoPenInScope("no PEN in scope: wrap the work in `with pen_scope(pen):`")
    return scope


def current_pen_id() -> uuid.UUID:
    """The id of the PEN in scope. Raises NoPenInScope also outside every scope."""
    scope = scoped_pen()
    if isinstance(scope, Outside):
        raise NoPenInScope(f"work outside every scope ({scope.reason}) must name its PEN")
    return scope


def in_scope(pen_id: uuid.UUID) -> bool:
    """Whether work for this PEN may go on here: its own scope, or outside every scope."""
    scope = scoped_pen()
    return isinstance(scope, Outside) or scope == pen_id


@contextmanager
def pen_scope(pen: HasId | uuid.UUID) -> Iterator[uuid.UUID]:
    """Do the work inside for one PEN. Raises ForeignPen inside the scope of another."""
    pen_id = pen if isinstance(pen, uuid.UUID) else pen.id
    now = _scope.get()
    if isinstance(now, uuid.UUID) and now != pen_id:
        raise ForeignPen("another PEN is in scope already")
    token = _scope.set(pen_id)
    try:
        yield pen_id
    finally:
        _scope.reset(token)


@contextmanager
def outside_scope(*, reason: str) -> Iterator[None]:
    """Do the work inside with no wall. Every use is on the allow-list of tests/portal/test_scope.py."""
    if isinstance(_scope.get(), uuid.UUID):
        raise ForeignPen("a PEN is in scope: its work does not go outside")
    token = _scope.set(Outside(reason))
    try:
        yield
    finally:
        _scope.reset(token)
