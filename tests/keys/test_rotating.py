"""Rotation: everything is readable before, during and after it, however often it is killed."""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stationer.cli.keys import run
from stationer.keys import Holder, add, kms_aead, make, read, rotate, under
from stationer.seal import Owner, UnknownKeyError, ring, wrap
from stationer.seal.keyring import ring_of
from tests.keys.table import Table, owner

ROOT = Path(__file__).parents[2]


class House:
    """A keyring, a table of keys under it, and what these keys are."""

    def __init__(self, folder: Path, many: int = 400) -> None:
        self.file, self.base = folder / "keys" / "keyring.json", folder / "rows.sqlite"
        make(self.file)
        self.table, self.known = Table(self.base), {f"{n:05}": os.urandom(32) for n in range(many)}
        held = Holder(self.file)
        self.table.add([(name, held.wrap(key, owner(name))) for name, key in self.known.items()])

    def ring(self):
        return ring_of(read(self.file), kms_aead)

    def wrong(self, held: Holder, table: Table, names) -> list[str]:
        """Rows that do not give their key."""
        return [name for name in names if held.unwrap(table.get(name), owner(name)) != self.known[name]]


@pytest.fixture
def house(tmp_path):
    return House(tmp_path)


def test_rotated_every_row_is_under_the_new_key_and_gives_its_own(house):
    before = read(house.file).primary
    assert under(house.table) == {before: 400}
    primary = add(house.file).primary
    assert rotate(house.ring(), house.table) == (400, {})
    assert under(house.table) == {primary: 400}
    assert not house.wrong(Holder(house.file), house.table, house.known)
    assert rotate(house.ring(), house.table) == (0, {})


def test_the_command_counts_what_is_under_each_key_where_it_has_a_table(house, capsys):
    def said(verb, as_json=False):
        arguments = argparse.Namespace(verb=verb, file=house.file, kms="", json=as_json)
        assert run(arguments, [house.table]) == 0
        return capsys.readouterr().out

    assert "400 wrapped keys" in said("show")
    assert "400 wrapped keys are under it" in said("rotate")
    assert [one["rows"] for one in json.loads(said("show", True))["keys"]] == [0, 400]


def test_a_program_that_runs_reads_what_is_under_a_key_it_never_saw(house):
    held = Holder(house.file)
    add(house.file)
    rotate(house.ring(), house.table)
    assert not house.wrong(held, house.table, house.known)
    assert held.wrap(bytes(32), owner("new"))[2:15].decode() == read(house.file).primary


def test_a_row_that_is_deleted_meanwhile_stays_deleted_and_a_changed_one_is_taken_again(house):
    add(house.file)

    class Meddled(Table):
        """Somebody deletes one row and writes another anew while the first piece is being rewrapped."""

        def replace(self, changes):
            if self.get("00001"):
                self.drop("00001")
                self.base.execute("update pens set wrapped = ? where name = '00002'", (again,))
            return super().replace(changes)

    first = ring_of(read(house.file), kms_aead)
    old = type(first)(read(house.file).keys[0].id, first.keys)
    again = wrap(old, house.known["00002"], owner("00002"))
    done = rotate(first, Meddled(house.base), 40)
    assert done == (399, {})
    assert house.table.get("00001") is None
    del house.known["00001"]
    assert not house.wrong(Holder(house.file), house.table, house.known)


def test_rows_that_no_key_opens_are_named_and_stop_no_other(house):
    strange = wrap(ring(bytes(32)), bytes(32), Owner("pen", "pen_x", "x"))
    house.table.add([("x-strange", strange), ("y-broken", b"\0")])
    primary = add(house.file).primary
    tally = rotate(house.ring(), house.table)
    assert tally.rewrapped == 400
    assert set(tally.unreadable) == {"x-strange", "y-broken"}
    assert under(house.table)[primary] == 400
    assert under(house.table)[""] == 1
    with pytest.raises(UnknownKeyError):
        Holder(house.file).unwrap(strange, Owner("pen", "pen_x", "x"))


def test_rows_that_come_under_an_old_key_meanwhile_are_found_by_the_next_walk(house):
    late = Holder(house.file).wrap(bytes(32), owner("00000-late"))
    add(house.file)

    class Growing(Table):
        """One row more, before all that was walked already."""

        def replace(self, changes):
            if self.get("00399") == changes[-1][0].wrapped:
                self.add([("00000-late", late)])
            return super().replace(changes)

    assert rotate(house.ring(), Growing(house.base), 40).rewrapped == 401


def killed(house: House, lines: int) -> None:
    """Rotate in a process of its own, and kill it behind so many of its lines."""
    child = subprocess.Popen(
        [sys.executable, "-m", "tests.keys.rotator", str(house.file), str(house.base)],
        stdout=subprocess.PIPE,
        cwd=ROOT,
    )
    assert child.stdout
    seen = [child.stdout.readline() for _ in range(lines)]
    child.kill()
    child.wait()
    child.stdout.close()
    assert all(seen), "it ended by itself"


def survives(house: House, kills: int) -> None:
    """Kill it at all kinds of places, with a reader that runs all the while and was started first."""
    held, chance, stop, wrong = Holder(house.file), random.Random(8), threading.Event(), list[str]()

    def reads() -> None:
        table, some = Table(house.base), random.Random(9)
        while not stop.is_set():
            wrong.extend(house.wrong(held, table, some.sample(sorted(house.known), 20)))

    reader = threading.Thread(target=reads)
    reader.start()
    mixed = 0
    try:
        for _ in range(kills):
            killed(house, chance.randint(1, 60))
            mixed += len(under(house.table)) > 1
            assert not house.wrong(Holder(house.file), house.table, house.known)
    finally:
        stop.set()
        reader.join()
    assert not wrong
    assert not held.trouble
    rotate(house.ring(), house.table)
    assert under(house.table) == {read(house.file).primary: len(house.known)}
    assert not house.wrong(held, house.table, house.known)


def test_killed_again_and_again_nothing_becomes_unreadable(house):
    survives(house, 8)


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_killed_100_times_neither(tmp_path):
    survives(House(tmp_path, 1000), 100)
