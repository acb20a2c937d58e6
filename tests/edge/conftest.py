"""A world, and an edge in this process that looks at it when it is told to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from tests.edge.running import Running, serving
from tests.edge.world import World, pen_id

from stationer.edge.app import assemble, new_pick_id
from stationer.edge.handler import Handler, Response
from stationer.edge.holder import Holder
from stationer.edge.memories import Memories, watch_memories
from stationer.edge.wsgi import Application
from stationer.settings import load
from stationer.watch.metrics import Registry

A, B = pen_id(1), pen_id(2)


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A key and an empty folder."""
    return World(tmp_path)


class Edge:
    """The handler over a holder, with a clock of its own (s)."""

    def __init__(self, world: World, worker: str = "one") -> None:
        self.clock, self.now = 0.0, 1_770_000_000_000
        self.holder = Holder(world.folder, world.key_file, 60, lambda: self.clock)
        self.memories = Memories(world.folder.parent / "state", f"edge-{worker}", lambda: self.now, 0)
        self.registry = Registry()
        watch_memories(self.memories, self.registry)
        self.handler = Handler(
            self.holder, new_pick_id, lambda: self.now, self.registry.text, memories=self.memories
        )

    def look(self) -> None:
        """Take what is new in the folder, and do everything that is due behind the answers."""
        self.clock += 100
        self.holder.look()
        self.memories.tick(self.holder.pens, self.clock)

    def report(self, *reports: dict[str, object], token: str = "alice") -> Response:
        """POST /v1/sent."""
        return self.handler.handle("POST", "/v1/sent", token, msgspec.json.encode(reports))

    def ask(self, token: str, **question: object) -> Response:
        """POST /v1/pick; without words, from Alice to Bob."""
        body = question or {"from": "alice@acme.example", "to": ["bob@other.example"], "cc": []}
        return self.handler.handle("POST", "/v1/pick", token, msgspec.json.encode(body))

    def get(self, path: str, token: str = "") -> Response:
        """GET."""
        return self.handler.handle("GET", path, token, b"")

    def names(self, token: str) -> list[str]:
        """Names of all blocks of the new variant of a pick."""
        answer = msgspec.json.decode(self.ask(token).body)
        return [one["block"] for slot in answer["copies"][0]["new"].values() for one in slot]


@pytest.fixture
def edge(world: World) -> Edge:
    """An edge that has looked at a PEN A with the token `alice`."""
    world.publish(A)
    world.enrol(A, "alice")
    made = Edge(world)
    made.holder.look()
    return made


@pytest.fixture
def application(edge: Edge, tmp_path: Path) -> Application:
    """The WSGI application over the same holder."""
    return assemble(load({}, tmp_path).edge, edge.holder, edge.memories)


@pytest.fixture
def running(world: World, tmp_path: Path) -> Iterator[Running]:
    """`stationer serve edge` with two workers over a PEN A with the token `alice`."""
    with serving(world, tmp_path) as made:
        yield made
