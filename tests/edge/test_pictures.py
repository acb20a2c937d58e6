"""Octets of pictures by digest: for the PEN whose contents call them, for ever, and for a while after."""

from __future__ import annotations

import msgspec
import pytest
from tests.edge.conftest import A, B, Edge
from tests.edge.world import World

from stationer.compose import digest_of, press
from stationer.pick import compile, illustrated
from stationer.wire.content import Block
from stationer.wire.definition import Definition, Management, Template
from stationer.wire.errors import ERRORS, Refusal
from stationer.wire.rules import Rule
from stationer.wire.source import Picture, Source

LOGO = b"octets of a logo"
DIGEST = digest_of(LOGO)


def publish(world: World, pen: str, data: bytes = LOGO) -> None:
    """A letterhead with a picture."""
    picture = Picture("https://a.example/l.png", 10, 10, digest_of(data), "image/gif", len(data))
    source = Source("letterhead", {"picture": "logo"})
    part = press(source, kind="template", slot="top", pictures={"logo": picture}).content
    assert part is not None
    template = Template("tpl", "All", Rule(), {"new": (part,)}, fallback=True)
    management = Management(pictures="embedded")
    meant = Definition(pen, "Acme", ("acme.example",), pen.encode(), (template,), (), management)
    world.write(pen, "snapshot", illustrated(compile(meant), {digest_of(data): data}))


def code(response: object) -> str:
    body = msgspec.json.decode(response.body, type=Refusal)  # type: ignore[attr-defined]
    assert response.status == ERRORS[body.error][0]  # type: ignore[attr-defined]
    return body.error


def test_a_block_names_its_pictures_and_they_can_be_fetched(world: World, edge: Edge) -> None:
    publish(world, A)
    edge.holder.look()
    (name,) = edge.names("alice")
    block = msgspec.json.decode(edge.get(f"/v1/blocks/{name}", "alice").body, type=Block)
    assert [(p.name, p.digest, p.size) for p in block.pictures] == [("picture-1", DIGEST, len(LOGO))]
    fetched = edge.get(f"/v1/pictures/{DIGEST}", "alice")
    assert (fetched.status, fetched.body) == (200, LOGO)
    assert fetched.headers == [
        ("Content-Type", "image/gif"),
        ("Cache-Control", "private, max-age=31536000, immutable"),
    ]


def test_another_pens_picture_is_not_there(world: World, edge: Edge) -> None:
    publish(world, B)
    world.enrol(B, "bob")
    edge.holder.look()
    assert edge.get(f"/v1/pictures/{DIGEST}", "bob").status == 200
    assert code(edge.get(f"/v1/pictures/{DIGEST}", "alice")) == "not-found"
    assert (
        edge.get(f"/v1/pictures/{DIGEST}", "alice").body == edge.get(f"/v1/pictures/{'a' * 24}", "alice").body
    )


@pytest.mark.parametrize(
    "digest", ["", "x", DIGEST.upper(), DIGEST + "\n", f"../{DIGEST}", DIGEST[:-1] + "1"]
)
def test_what_is_no_digest_is_not_there(world: World, edge: Edge, digest: str) -> None:
    publish(world, A)
    edge.holder.look()
    assert code(edge.get(f"/v1/pictures/{digest}", "alice")) == "not-found"


def test_nobody_without_a_token_gets_one_and_nothing_is_put_there(world: World, edge: Edge) -> None:
    publish(world, A)
    edge.holder.look()
    assert code(edge.get(f"/v1/pictures/{DIGEST}", "mallory")) == "unauthorised"
    refused = edge.handler.handle("POST", f"/v1/pictures/{DIGEST}", "alice", b"")
    assert code(refused) == "method-not-allowed" and ("Allow", "GET") in refused.headers


def test_a_picture_stays_for_a_while_after_it_went_out_of_force(world: World, edge: Edge) -> None:
    publish(world, A)
    edge.holder.look()
    publish(world, A, b"another")
    edge.holder.look()
    assert edge.get(f"/v1/pictures/{DIGEST}", "alice").body == LOGO
    assert edge.get(f"/v1/pictures/{digest_of(b'another')}", "alice").body == b"another"
    edge.clock = 61.0
    edge.holder.look()
    assert code(edge.get(f"/v1/pictures/{DIGEST}", "alice")) == "not-found"
