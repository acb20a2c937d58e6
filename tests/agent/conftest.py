"""Alice's desk, on the demo's mail server and an edge of our own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.agent.desk import Desk
from tests.agent.edges import FakeEdge
from tests.agent.edges import edge as running_edge
from tests.demo.fixtures import demo_mail

__all__ = ["demo_mail"]


@pytest.fixture
def edge() -> Iterator[FakeEdge]:
    """An edge that answers."""
    with running_edge() as fake:
        yield fake


@pytest.fixture
def desk(demo_mail, edge: FakeEdge, tmp_path: Path) -> Desk:  # type: ignore[no-untyped-def]
    """An enrolled agent that does not run yet."""
    alice = Desk(demo_mail, tmp_path / "agent", edge.url)
    alice.enrol()
    return alice
