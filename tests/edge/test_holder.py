"""What is in force changes only for a better file; everything else is refused, told, and survived."""

import os
import random
import shutil

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from tests.edge.conftest import A, B, Edge

from stationer.pick.container import unpack


def text(edge, name: str, token: str = "alice") -> str:
    """A block's words, empty when it is not found."""
    response = edge.get(f"/v1/blocks/{name}", token)
    return "".join(map(str, msgspec.json.decode(response.body)["html"])) if response.status == 200 else ""


def test_a_new_snapshot_is_in_force_at_the_next_look(world, edge):
    world.publish(A, "Cheers", banner="Sale")
    edge.holder.look()
    assert [text(edge, name) for name in edge.names("alice")] == ["<p>Cheers Alice</p>", "<p>Sale</p>"]


def test_a_new_roll_is_in_force_at_the_next_look(world, edge):
    world.enrol(A, "bob", name="Alice B.")
    edge.holder.look()
    assert edge.ask("alice").status == 401
    (name,) = edge.names("bob")
    assert text(edge, name, "bob") == "<p>Regards Alice B.</p>"


@pytest.mark.parametrize("kind", ["snapshot", "roll"])
def test_a_file_damaged_at_any_byte_is_refused_and_the_old_one_serves_on(world, edge, kind):
    before = edge.ask("alice").body[40:]
    good = world.path(A, kind).read_bytes()
    chance = random.Random(1)
    places = {
        0,
        7,
        8,
        15,
        16,
        24,
        39,
        40,
        47,
        48,
        len(good) - 1,
        len(good) - 64,
        len(good) - 65,
        len(good) - 97,
    }
    places |= set(chance.sample(range(len(good)), 60))
    for count, place in enumerate(sorted(places), 1):
        flipped = bytearray(good)
        flipped[place] ^= 1 << chance.randrange(8)
        world.put(A, kind, bytes(flipped))
        edge.holder.look()
        assert (A, kind) in edge.holder.refused, f"byte {place}"
        assert edge.ask("alice").body[40:] == before
        assert edge.holder.taken == 2 and count >= edge.holder.refusals > 0
    world.put(A, kind, good)
    edge.holder.look()
    assert not edge.holder.refused and edge.holder.taken == 3


def test_a_file_cut_short_anywhere_is_refused(world, edge):
    good = world.path(A, "snapshot").read_bytes()
    for size in [0, 1, 47, 48, 143, 144, *range(145, len(good), 37), len(good) - 1]:
        world.put(A, "snapshot", good[:size])
        edge.holder.look()
        assert (A, "snapshot") in edge.holder.refused
    assert edge.ask("alice").status == 200


def test_unsigned_foreign_and_older_files_are_refused(world, edge):
    good = world.path(A, "snapshot").read_bytes()
    payload = unpack(good, kind="snapshot", public_key=None).payload
    foreign = Ed25519PrivateKey.generate()
    mine, world.key = world.key, foreign
    other_key = world.packed(A, "snapshot", payload, 50)
    world.key = mine
    for data, reason in (
        (world.packed(A, "snapshot", payload, 50, signed=False), "not signed"),
        (other_key, "signature"),
        (world.packed(B, "snapshot", payload, 50), "another PEN"),
        (world.path(A, "roll").read_bytes(), "begin"),
        (world.packed(A, "snapshot", payload, 0), "lower than"),
    ):
        world.put(A, "snapshot", data)
        edge.holder.look()
        assert reason in edge.holder.refused[A, "snapshot"]
        assert edge.ask("alice").status == 200


def test_a_refused_file_is_not_read_again_until_it_changes(world, edge):
    world.put(A, "snapshot", b"garbage")
    for _ in range(3):
        edge.holder.look()
    assert edge.holder.refusals == 1


@pytest.mark.parametrize("what", ["file", "pen", "folder", "empty"])
def test_it_answers_on_when_the_disk_is_gone(world, edge, what):
    if what == "file":
        world.path(A, "snapshot").unlink()
        world.path(A, "roll").unlink()
    else:
        shutil.rmtree(world.folder / A if what == "pen" else world.folder)
        if what == "empty":  # a mount point without its disk
            world.folder.mkdir()
    edge.holder.look()
    assert edge.ask("alice").status == 200
    assert edge.holder.ready()
    assert bool(edge.holder.blind) == (what == "folder")


def test_it_sees_again_when_the_disk_is_back(world, edge):
    aside = world.folder.with_name("aside")
    world.folder.rename(aside)
    edge.holder.look()
    aside.rename(world.folder)
    world.publish(A, "Back")
    edge.holder.look()
    assert not edge.holder.blind
    assert text(edge, edge.names("alice")[0]) == "<p>Back Alice</p>"


def test_a_roll_without_devices_takes_a_pen_out(world, edge):
    world.enrol(A)
    edge.holder.look()
    assert edge.ask("alice").status == 401
    assert not edge.holder.tokens


def test_a_token_that_stands_in_two_pens_stays_with_the_first(world, edge):
    world.publish(B, "Theirs")
    world.enrol(B, "alice", "bob")
    edge.holder.look()
    assert text(edge, edge.names("alice")[0]) == "<p>Regards Alice</p>"
    world.enrol(B, "bob")
    edge.holder.look()
    assert edge.ask("alice").status == 200


def test_a_block_answered_before_a_change_is_found_for_a_grace_period(world, edge):
    (before,) = edge.names("alice")
    world.publish(A, "Cheers")
    world.enrol(A, "alice", name="Alice Other")
    edge.holder.look()
    (after,) = edge.names("alice")
    assert (text(edge, before), text(edge, after)) == ("<p>Regards Alice</p>", "<p>Cheers Alice Other</p>")
    edge.clock = 59
    edge.holder.look()
    assert text(edge, before)
    edge.clock = 61
    world.publish(A, "Cheers")  # what was encoded is forgotten with the state it came from
    edge.holder.look()
    assert not text(edge, before) and text(edge, after)


def test_memory_stays_flat_while_snapshots_come_and_go(world, edge):
    for turn in range(200):
        edge.clock += 1
        world.publish(A, f"Words {turn}")
        edge.holder.look()
    (held,) = edge.holder.pens.values()
    assert len(held.retired.contents) <= 61


def test_without_a_key_nothing_is_taken_and_with_it_everything(world):
    pem = world.key_file.read_bytes()
    world.publish(A)
    world.enrol(A, "alice")
    for wrong in (None, b"no key"):
        world.key_file.unlink(missing_ok=True)
        if wrong:
            world.key_file.write_bytes(wrong)
        edge = Edge(world)
        edge.holder.look()
        assert not edge.holder.ready() and "public key" in edge.holder.blind
        world.key_file.write_bytes(pem)
        edge.holder.look()
        assert edge.holder.ready() and not edge.holder.blind


def test_a_key_that_vanishes_or_breaks_serves_on(world, edge):
    world.key_file.write_bytes(b"broken")
    world.publish(A, "Later")
    edge.holder.look()
    assert text(edge, edge.names("alice")[0]) == "<p>Later Alice</p>"


def test_a_new_key_is_used_for_what_comes_next(world, edge):
    world.key = Ed25519PrivateKey.generate()
    pem = world.key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
    world.key_file.write_bytes(pem)
    world.publish(A, "New key")
    edge.holder.look()
    assert text(edge, edge.names("alice")[0]) == "<p>New key Alice</p>"


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read_is_tried_again(world, edge):
    world.publish(A, "Later")
    world.path(A, "snapshot").chmod(0)
    edge.holder.look()
    assert "cannot be read" in edge.holder.refused[A, "snapshot"]
    world.path(A, "snapshot").chmod(0o644)
    edge.holder.look()
    assert text(edge, edge.names("alice")[0]) == "<p>Later Alice</p>"


def test_strange_things_in_the_folder_harm_nothing(world, edge):
    (world.folder / "a file").write_bytes(b"x")
    (world.folder / ".hidden").mkdir()
    (world.folder / "not a pen").mkdir()
    (world.folder / "not a pen" / "snapshot.stn").mkdir()
    (world.folder / "loop").symlink_to(world.folder / "loop")
    edge.holder.look()
    assert edge.ask("alice").status == 200
    assert "cannot be read" in edge.holder.refused["not a pen", "snapshot"]


def test_a_token_that_was_used_is_out_with_the_roll_that_takes_it_out(world, edge):
    assert edge.ask("alice").status == edge.ask("alice").status == 200
    world.enrol(A, "another")
    edge.holder.look()
    assert edge.ask("alice").status == 401 and edge.ask("another").status == 200


def test_tokens_that_nobody_has_are_not_remembered(edge):
    for number in range(50):
        assert edge.holder.known(f"guess {number}") is None
    assert edge.holder.known("alice") is not None
    assert list(edge.holder._seen) == ["alice"]
