"""The edge tells its uplink what was addressed and what became of it."""

from __future__ import annotations

from tests.edge.conftest import A, Edge
from tests.edge.world import World

from stationer.pick import compile
from stationer.wire.definition import Definition, Management
from stationer.wire.uplink import Addressed, Clicked, Reported

OFF = Management(60_000, tracking="off")


class Heard:
    """An uplink that remembers what it was told."""

    keeps = True

    def __init__(self) -> None:
        self.all: list[Addressed | Reported | Clicked] = []
        self.clicked = self.addressed = self.reported = self.all.append


def test_a_pick_and_its_report_are_told(world: World, edge: Edge) -> None:
    world.publish(A, banner="Come")
    edge.look()
    edge.handler.up = heard = Heard()
    edge.ask("alice", **{"from": "alice@acme.example", "to": ["bob@other.example"], "cc": ["c@d.example"]})
    (told,) = heard.all
    assert isinstance(told, Addressed)
    assert (told.pen, told.sender, told.at) == (A, "mem_a", edge.now)
    (copy,) = told.copies
    assert (copy.count, copy.addresses, copy.rest) == (2, ("bob@other.example", "c@d.example"), True)
    assert [(offer.campaign, offer.of) for offer in copy.offers] == [("", "tpl"), ("cam", "msg")]
    heard.all.clear()
    edge.report({"pick": told.pick, "copy": 0, "outcome": {"used": [copy.offers[0].mark]}})
    edge.report({"pick": told.pick, "copy": 0, "outcome": "unsent"})
    assert heard.all == [
        Reported(A, told.pick, 0, edge.now, "used", (copy.offers[0].mark,)),
        Reported(A, told.pick, 0, edge.now, "unsent"),
    ]


def test_where_nobody_is_followed_nothing_is_told(world: World, edge: Edge) -> None:
    world.write(A, "snapshot", compile(Definition(A, "Acme", ("acme.example",), A.encode(), (), (), OFF)))
    edge.look()
    edge.handler.up = heard = Heard()
    edge.ask("alice", **{"from": "alice@acme.example", "to": ["bob@other.example"], "cc": []})
    edge.report({"pick": "pk_a", "copy": 0, "outcome": "unsent"})
    assert heard.all == []


def test_of_a_stranger_nothing_is_told(world: World, edge: Edge) -> None:
    edge.handler.up = heard = Heard()
    edge.ask("alice", **{"from": "nobody@acme.example", "to": ["bob@other.example"], "cc": []})
    assert heard.all == []
