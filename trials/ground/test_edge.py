"""The edge of the trials answers its own company, and a change on the disk is in force within 2 s."""

from __future__ import annotations

import httpx
import msgspec
import pytest

from stationer.wire.pick import Answer, Question
from trials.servers.company import Company
from trials.servers.edge import Edge
from trials.servers.people import ALICE, BOB, CAROL
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop

IN_FORCE_S = 2.0


def ask(edge: Edge, token: str) -> httpx.Response:
    question = msgspec.json.encode(Question(ALICE.address, [BOB.address], [CAROL.address]))
    return httpx.post(f"{edge.url}/v1/pick", content=question, headers={"Authorization": f"Bearer {token}"})


def test_the_edge_answers_with_template_and_campaign(edge: Edge, company: Company) -> None:
    answered = ask(edge, company.tokens[ALICE.address])
    choice = msgspec.json.decode(answered.content, type=Answer).copies[0].new
    assert [len(choice.signature), len(choice.banner)] == [1, 1]
    assert answered.headers["Stationer-Hold-Ms"] == "60000"
    assert ask(edge, "not a token").status_code == 401


def test_a_device_is_out_of_force_and_in_force_within_two_seconds(workshop: Workshop) -> None:
    company = Company(workshop("company"))
    edge = Edge(company, workshop("edge"))
    try:
        token = company.tokens[ALICE.address]
        assert ask(edge, token).status_code == 200
        company.write_roll(without=[ALICE.address])
        wait_until("the device to be unknown", lambda: ask(edge, token).status_code == 401, IN_FORCE_S)
        company.write_roll()
        wait_until("the device to be known", lambda: ask(edge, token).status_code == 200, IN_FORCE_S)
    finally:
        edge.stop()


@pytest.mark.parametrize("damage", ["cut", "flipped", "emptied"])
def test_a_damaged_snapshot_is_refused_and_the_old_one_serves_on(workshop: Workshop, damage: str) -> None:
    company = Company(workshop("company"))
    edge = Edge(company, workshop("edge"))
    try:
        path = company.folder / company.pen / "snapshot.stn"
        good = path.read_bytes()
        middle = len(good) // 2
        flipped = good[:middle] + bytes([good[middle] ^ 1]) + good[middle + 1 :]
        path.write_bytes({"cut": good[:middle], "flipped": flipped, "emptied": b""}[damage])
        wait_until("the edge to say so", lambda: "file-refused" in edge.running.said(), IN_FORCE_S)
        assert ask(edge, company.tokens[ALICE.address]).status_code == 200
    finally:
        edge.stop()
