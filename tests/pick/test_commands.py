"""`stationer snapshot`, `pick` and `example`, as somebody types them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from stationer import pick
from stationer.edge.segments import Segments
from stationer.pick.counting import recipient_key
from stationer.wire.memory import Asked, AskedCopy, Offered, Sent


def stationer(*words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "stationer", *map(str, words)], capture_output=True, text=True
    )


@pytest.fixture
def company(tmp_path: Path) -> Path:
    path = tmp_path / "company.yaml"
    path.write_text(stationer("example", "company").stdout)
    return path


def test_from_the_example_to_an_explained_answer(company: Path) -> None:
    snapshot = company.with_name("company.stn")
    made = stationer("snapshot", company, "-o", snapshot)
    assert (made.returncode, made.stdout) == (0, "") and "unsigned" in made.stderr
    words = [
        "--from",
        "bob@harbourdental.example",
        "--to",
        "x@example.com",
        "y@example.com",
        "--cc",
        "z@example.com",
    ]
    asked = stationer("pick", snapshot, *words, "--at", "2026-11-20T10:00:00Z", "--explain")
    assert asked.returncode == 0, asked.stderr
    answer = json.loads(asked.stdout)
    assert answer["copies"][0]["to"] == [0, 1, 2] and len(answer["copies"][0]["new"]["banner"]) == 1
    taken = {v["id"] for v in answer["explanation"]["verdicts"] if v["taken"]}
    assert taken == {"dentists", "open-evening"}
    again = stationer("pick", snapshot, *words, "--at", "2026-11-20T10:00:00+00:00", "--explain")
    assert again.stdout == asked.stdout
    late = json.loads(stationer("pick", snapshot, *words, "--at", "2027-01-01T10:00:00Z").stdout)
    assert "banner" not in late["copies"][0]["new"] and "explanation" not in late


def test_a_signed_snapshot_verifies(company: Path) -> None:
    key = company.with_name("key")
    key.write_bytes(bytes(range(32)))
    assert stationer("snapshot", company, "-o", company.with_name("s"), "--key", key).returncode == 0
    public = Ed25519PrivateKey.from_private_bytes(key.read_bytes()).public_key().public_bytes_raw()
    found = pick.unpack(
        company.with_name("s").read_bytes(), kind="snapshot", public_key=public, pen="harbour-dental"
    )
    assert found.signed


def test_a_wrong_file_is_told_line_by_line_and_nothing_is_written(company: Path) -> None:
    company.write_text(
        company.read_text().replace("shape: banner", "shape: baner").replace("to: inside", "to: insid")
    )
    made = stationer("snapshot", company, "-o", company.with_name("s"))
    assert made.returncode == 4 and not company.with_name("s").exists()
    assert "Did you mean 'inside'?" in made.stderr and "Did you mean 'banner'?" in made.stderr


def test_a_file_that_is_not_utf8_is_told_with_its_line(company: Path) -> None:
    company.write_bytes(company.read_bytes() + "# Köln\n".encode("latin-1"))
    made = stationer("snapshot", company, "-o", company.with_name("s"))
    line = company.read_bytes().count(b"\n")
    assert (made.returncode, made.stdout) == (
        4,
        "",
    ) and f"line {line}, the file: This is not UTF-8." in made.stderr


def test_a_snapshot_that_cannot_be_written_is_a_sentence_and_leaves_nothing(company: Path) -> None:
    for output in (company.parent / "gone" / "x", company.parent):
        made = stationer("snapshot", company, "-o", output)
        assert made.returncode == 2 and made.stderr.count("\n") == 1 and "cannot write" in made.stderr
    assert [path.name for path in company.parent.iterdir()] == [company.name]


def test_usage_and_damage_have_their_own_exit_codes(company: Path) -> None:
    assert stationer("snapshot", company).returncode == 2
    assert stationer("snapshot", company.with_name("gone"), "-o", "x").returncode == 2
    assert stationer("pick", company.with_name("gone"), "--from", "a@b").returncode == 2
    assert stationer("pick", company, "--from", "a@b").returncode == 4
    assert stationer("pick", company, "--from", "a@b", "--at", "yesterday").returncode == 2
    assert stationer("example", "nothing").returncode == 2


def test_a_sender_nobody_knows_gets_an_empty_answer(company: Path) -> None:
    stationer("snapshot", company, "-o", company.with_name("s"))
    answer = json.loads(
        stationer("pick", company.with_name("s"), "--from", "x@y.example", "--explain").stdout
    )
    assert answer["copies"] == [{"to": [], "rest": True, "new": {}, "reply": {}, "forward": {}}]
    assert "nobody in this company" in answer["explanation"]["mail"]


COMPANY = """
pen: {id: b, name: B, domains: [b.example]}
people: [{address: a@b.example, name: A}]
templates: {h: {fallback: true, new: {signature: {shape: signature}}}}
campaigns:
  only: {name: Fair, caps: {ever: 1}, messages: {m: {content: {shape: note, words: x}}}}
"""


def test_what_an_edge_remembers_is_asked_and_nothing_in_its_folder_is_changed(tmp_path: Path) -> None:
    made, state = tmp_path / "s.stn", tmp_path / "state"
    made.with_suffix(".yaml").write_text(COMPANY)
    assert stationer("snapshot", made.with_suffix(".yaml"), "-o", made).returncode == 0
    words = ["pick", made, "--from", "a@b.example", "--to", "x@y.example", "--explain"]
    plain = json.loads(stationer(*words).stdout)["explanation"]
    assert plain["verdicts"][-1]["stage"] == "taken"
    assert (
        plain["caveat"].startswith("As if no recipient had been sent anything before")
        and "Fair" in plain["caveat"]
    )

    compiled = pick.unpack(made.read_bytes(), kind="snapshot", public_key=None).payload
    assert isinstance(compiled, pick.Compiled)
    to = recipient_key(compiled.mark_key, "x@y.example")
    segments = Segments(state, "edge-1")
    copies = (AskedCopy(to, (Offered("mark", "only"),)),)
    segments.append(*map(msgspec.msgpack.encode, (Asked("pk", 1, copies), Sent("pk", 0, 2, ("mark",)))))
    segments.close()
    (state / "checkpoint.stn").write_bytes(b"damaged")
    before = {path.name: path.read_bytes() for path in state.iterdir()}
    told = stationer(*words, "--state", state)
    explained = json.loads(told.stdout)["explanation"]
    assert (explained["verdicts"][-1]["stage"], "caveat" in explained) == ("cap", False), told.stderr
    assert {path.name: path.read_bytes() for path in state.iterdir()} == before
    assert stationer(*words, "--state", state / "gone").returncode == 2
