"""Answers as contract/http.md says, and refusals from the registry for everything else."""

import json
import shutil
import subprocess
import sys

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.edge.conftest import A, B, Edge

from stationer.edge.handler import Limits
from stationer.wire.content import Block
from stationer.wire.errors import ERRORS, Refusal
from stationer.wire.pick import Answer


def code(response) -> str:
    """The refusal's code; its status is the registry's."""
    body = msgspec.json.decode(response.body, type=Refusal)
    assert response.status == ERRORS[body.error][0]
    return body.error


def test_a_pick_names_blocks_that_can_be_fetched(edge):
    response = edge.ask("alice")
    assert response.status == 200
    assert ("Stationer-Hold-Ms", "60000") in response.headers
    answer = msgspec.json.decode(response.body, type=Answer)
    assert answer.pick.startswith("pk_")
    (copy,) = answer.copies
    assert copy.rest and copy.to == [0]
    fetched = edge.get(f"/v1/blocks/{copy.new.signature[0].block}", "alice")
    block = msgspec.json.decode(fetched.body, type=Block)
    assert "".join(map(str, block.html)) == "<p>Regards Alice</p>"
    assert ("Cache-Control", "private, max-age=31536000, immutable") in fetched.headers


def test_every_pick_has_an_id_of_its_own_and_the_same_choice(edge):
    first, second = (msgspec.json.decode(edge.ask("alice").body) for _ in range(2))
    assert first.pop("pick") != second.pop("pick")
    assert first == second


def test_a_sender_nobody_knows_gets_nothing(edge):
    response = edge.ask("alice", **{"from": "stranger@acme.example", "to": ["x@y.example"], "cc": []})
    assert msgspec.json.decode(response.body)["copies"] == [
        {"to": [0], "rest": True, "new": {}, "reply": {}, "forward": {}}
    ]


@pytest.mark.parametrize("token", ["", "bob", "alice ", "ALICE", "\ud800"])
def test_a_token_that_is_not_known_is_unauthorised(edge, token):
    assert code(edge.ask(token)) == "unauthorised"
    assert code(edge.get("/v1/blocks/" + "a" * 24 + "." + "a" * 24, token)) == "unauthorised"


@pytest.mark.parametrize(
    "trouble", ["roll damaged", "roll gone", "folder gone", "another PEN without a roll"]
)
def test_whoever_may_be_on_a_roll_that_is_not_there_is_to_wait_and_not_to_enrol_again(world, edge, trouble):
    roll = world.path(A, "roll")
    kept = roll.read_bytes()
    if trouble == "roll damaged":
        roll.write_bytes(kept[:-1])
    elif trouble == "roll gone":
        roll.unlink()
    elif trouble == "folder gone":
        shutil.rmtree(world.folder)
    else:
        world.publish(B)
    started = Edge(world)
    started.look()
    for answer in (started.ask("carol"), started.report(token="carol"), started.get("/v1/blocks/x", "carol")):
        assert code(answer) == "not-ready" and dict(answer.headers)["Retry-After"]
    assert code(started.ask("")) == "unauthorised", "nobody is on no roll"
    world.put(A, "roll", kept)
    world.enrol(B, "bob")
    started.look()
    assert code(started.ask("carol")) == "unauthorised"


def test_what_is_no_folder_of_a_pen_lets_nobody_wait(world, edge):
    (world.folder / "lost+found").mkdir()
    edge.look()
    assert code(edge.ask("carol")) == "unauthorised"


def test_a_device_without_the_scope_may_not_ask(world, edge):
    world.enrol(A, "alice", scopes=("else",))
    edge.holder.look()
    assert code(edge.ask("alice")) == "unauthorised"


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"from": "a", "to": []}',
        b'{"from": "a", "to": [], "cc": [], "subject": "x"}',
        b'{"from": "a", "to": [1], "cc": []}',
        b'{"from": "a", "to": "b", "cc": []}',
        b'{"from": "\xff", "to": [], "cc": []}',
        b'{"from": "\\ud800", "to": [], "cc": []}',
        b"[" * 100_000,
        b'{"from":' * 100_000,
    ],
)
def test_anything_but_a_question_is_malformed(edge, body):
    response = edge.handler.handle("POST", "/v1/pick", "alice", body)
    assert code(response) == "malformed"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"from": "\xff", "to": [], "cc": []}', b"not UTF-8"),
        (b'{"from": "a", "from": "b", "to": [], "cc": []}', b"twice"),
        (b'{"from": "a", "\\u0066rom": "b", "to": [], "cc": []}', b"twice"),
        (b'{"from": "a:\\":", "to": [], "to" : [], "cc": []}', b"twice"),
    ],
)
def test_a_malformed_request_is_told_the_right_reason(edge, body, said):
    response = edge.handler.handle("POST", "/v1/pick", "alice", body)
    assert code(response) == "malformed" and said in response.body


def test_colons_and_quotes_in_an_address_are_no_further_keys(edge):
    to = ["x@[IPv6:2001:db8::1]", '"a":b"@y.example', "back\\"]
    response = edge.ask("alice", **{"from": "alice@acme.example", "to": to, "cc": []})
    assert response.status == 200


def test_what_can_be_no_address_is_answered_in_its_place_and_matches_nothing(edge):
    odd = ["a" * 400 + "@acme.example", "x\n@acme.example", "é" * 155 + "@acme.example", "\x7f@acme.example"]
    plain = {"from": "alice@acme.example", "to": ["x@y.example", "", "", "", ""], "cc": []}
    asked = {**plain, "to": ["x@y.example", *odd]}
    first, second = (msgspec.json.decode(edge.ask("alice", **body).body)["copies"] for body in (plain, asked))
    assert first == second and sum(len(copy["to"]) for copy in second) == 5
    for address in ("alice@acme.example\n", "alice@acme.example" + "." * 400):
        response = edge.ask("alice", **{"from": address, "to": [], "cc": []})
        assert msgspec.json.decode(response.body)["copies"][0]["new"] == {}


def test_a_refusal_says_which_key_is_wrong(edge):
    body = edge.ask("alice", **{"from": "a", "to": [], "cc": [], "subject": "hush"}).body
    assert b"subject" in body and b"hush" not in body


def test_too_much_is_refused_with_the_limit(edge):
    edge.handler.limits = Limits(max_body=2_000, max_recipients=3)
    four = {"from": "a@b.example", "to": ["x"] * 2, "cc": ["y"] * 2}
    assert code(edge.ask("alice", **four)) == "too-large"
    assert b"3 recipients" in edge.ask("alice", **four).body
    assert code(edge.handler.handle("POST", "/v1/pick", "alice", b" " * 2_001)) == "too-large"


def test_a_thousand_recipients_are_answered(edge):
    to = [f"p{n}@x{n}.example" for n in range(1000)]
    response = edge.ask("alice", **{"from": "alice@acme.example", "to": to, "cc": []})
    assert len(msgspec.json.decode(response.body)["copies"][0]["to"]) == 1000
    assert code(edge.ask("alice", **{"from": "alice@acme.example", "to": to, "cc": ["z"]})) == "too-large"


@pytest.mark.parametrize(
    "name", ["", "x", "a" * 24, "../snapshot.stn", "%2e%2e", "A" * 24 + "." + "a" * 24, "a" * 9999]
)
def test_a_name_that_is_none_is_not_found(edge, name):
    assert code(edge.get(f"/v1/blocks/{name}", "alice")) == "not-found"


def test_other_addresses_and_methods_are_refused(edge):
    assert code(edge.get("/")) == "not-found"
    assert code(edge.get("/v1/pick/")) == "not-found"
    for method, path, takes in (
        ("GET", "/v1/pick", "POST"),
        ("POST", "/livez", "GET"),
        ("PUT", "/v1/blocks/x", "GET"),
    ):
        response = edge.handler.handle(method, path, "alice", b"")
        assert code(response) == "method-not-allowed" and ("Allow", takes) in response.headers


def test_health_is_told(world, edge):
    assert edge.get("/livez").body == b"ok\n"
    assert json.loads(edge.get("/readyz").body) == {"ready": True, "refused": 0, "folder": "readable"}
    world.put(A, "snapshot", b"garbage")
    edge.holder.look()
    assert json.loads(edge.get("/readyz").body)["refused"] == 1


def test_it_is_not_ready_before_there_is_a_snapshot_and_a_roll(world):
    edge = Edge(world)
    edge.holder.look()
    assert edge.get("/livez").status == 200
    assert code(edge.get("/readyz")) == "not-ready"
    world.enrol(A, "alice")
    edge.holder.look()
    assert code(edge.get("/readyz")) == "not-ready"
    assert code(edge.ask("alice")) == "not-ready"
    assert code(edge.get("/v1/blocks/" + "a" * 24 + "." + "a" * 24, "alice")) == "not-found"


def test_two_pens_never_see_each_others_blocks_or_tokens(world, edge):
    world.publish(B, "Regards")
    world.enrol(B, "bob")
    edge.holder.look()
    (of_a,), (of_b,) = edge.names("alice"), edge.names("bob")
    assert of_a != of_b  # the same words and the same person, and yet nothing to compare
    assert edge.get(f"/v1/blocks/{of_a}", "alice").status == 200
    assert code(edge.get(f"/v1/blocks/{of_a}", "bob")) == "not-found"
    assert code(edge.get(f"/v1/blocks/{of_b}", "alice")) == "not-found"


word = st.text(max_size=30) | st.sampled_from(
    ["alice@acme.example", "@", "a@b", "\r\nX: y", "\0", "a@" + "b." * 99]
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "", "\0"]),
    path=st.sampled_from(["/v1/pick", "/v1/blocks/", "/livez", "/readyz", "/metrics", "/"]).flatmap(
        lambda head: st.text(max_size=60).map(lambda tail: head + tail) | st.just(head)
    ),
    token=st.sampled_from(["alice", "", "x"]),
    body=st.binary(max_size=200)
    | st.builds(
        lambda f, t, c: msgspec.json.encode({"from": f, "to": t, "cc": c}),
        word,
        st.lists(word, max_size=5),
        st.lists(word, max_size=5),
    ),
)
def test_whatever_comes_the_answer_is_well_formed_and_no_fault(edge, method, path, token, body):
    response = edge.handler.handle(method, path, token, body)
    assert response.status in {200, 400, 401, 404, 405, 413, 503}
    if response.status != 200:
        code(response)
    elif path == "/v1/pick":
        answer = msgspec.json.decode(response.body, type=Answer)
        asked = msgspec.json.decode(body)
        told = sorted(n for copy in answer.copies for n in copy.to)
        assert told == list(range(len(asked["to"]) + len(asked["cc"])))
        assert sum(copy.rest for copy in answer.copies) == 1


def test_neither_django_nor_a_database_is_in_its_process():
    code = (
        "import sys, stationer.edge.app, stationer.edge.serve;"
        "print([m for m in sys.modules if m.split('.')[0] in "
        "('django', 'sqlite3', 'psycopg', 'allauth', 'ninja', 'asyncpg')])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said == "[]\n"
