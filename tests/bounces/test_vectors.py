"""The vectors of contract/vectors/bounces, as another implementation would read them."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import msgspec
import pytest

from stationer.bounces import Report, Returning, kind_of, read, status_of

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "bounces"


def cases(name: str):
    """One file of cases."""
    return json.loads((FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("case", cases("reports"), ids=lambda case: case["name"])
def test_reports(case):
    expected = msgspec.convert(case["report"], Report | None)
    assert read(case["mail"].replace("\n", "\r\n").encode()) == expected


@pytest.mark.parametrize("case", cases("statuses")["kinds"], ids=str)
def test_kinds(case):
    assert kind_of(case["status"], case["said"]) == case["kind"]


@pytest.mark.parametrize("case", cases("statuses")["codes"], ids=str)
def test_codes(case):
    assert status_of(case["said"]) == case["status"]


def made() -> Returning:
    told = cases("returning")
    return Returning(told["mailbox"], bytes.fromhex(told["key"]))


@pytest.mark.parametrize("case", cases("returning")["paths"], ids=lambda case: case["last"])
def test_return_paths(case):
    path, last = case["address"], date.fromisoformat(case["last"])
    assert made().address(bytes.fromhex(case["recipient"]), last) == path
    for written in (path, path.upper(), path.title()):
        assert made().recipient(written, last) == bytes.fromhex(case["recipient"])
    assert made().recipient(path, last + timedelta(days=1)) is None
    assert len(path.rpartition("@")[0]) <= 64


def test_a_return_path_that_is_not_ours_says_nothing():
    path = cases("returning")["paths"][1]["address"]
    day = date(2020, 1, 1)
    token = path.partition("+")[2].partition("@")[0]
    assert made().recipient(path, day)
    for at in range(45):
        for other in "aq7":
            if token[at] != other:
                assert (
                    made().recipient(path.replace(token, token[:at] + other + token[at + 1 :]), day) is None
                )
    strange = (token[:-1], token + "a", "1" * 45, "ä" * 45, "-" * 45, "", "a" * 45)
    assert not any(made().recipient(path.replace(token, one), day) for one in strange)
    assert made().recipient(path.replace("bounces+", "other+"), day) is None
    assert made().recipient(path.replace("@mail.", "@evil."), day) is None
    assert made().recipient("bounces@mail.acme.example", day) is None
    assert made().recipient("", day) is None
    assert Returning("bounces@mail.acme.example", b"another").recipient(path, day) is None


@pytest.mark.parametrize(
    "mailbox", ["", "bounces", "@acme.example", "bounces@", "eighteen-letters-x@acme.example"]
)
def test_a_mailbox_that_has_no_room_for_a_token_is_refused(mailbox):
    Returning("eighteen-letters-o"[:18] + "@acme.example", b"k")
    with pytest.raises(ValueError, match="1 to 18"):
        Returning(mailbox if mailbox[:8] != "eighteen" else "x" + mailbox, b"k")
