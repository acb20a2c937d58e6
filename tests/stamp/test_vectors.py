"""The code keeps the golden promises of contract/vectors/stamp."""

from __future__ import annotations

import base64
import json

import pytest
from contract.vectors_make import FOLDER, boundary_case, generated, order_of

from stationer.stamp import Stamped, stamp, unstamp
from stationer.stamp.marker import hash_of, shown
from tests.stamp.laws import MAILS


def held(name: str):
    return json.loads((FOLDER / name).read_text("utf-8"))


@pytest.mark.parametrize("case", held("boundary.json"), ids=lambda case: case["name"])
def test_a_boundary_is_where_it_was(case):
    assert boundary_case(MAILS / f"{case['name']}.eml") == case


@pytest.mark.parametrize("case", held("stamp.json")["cases"], ids=lambda case: case["name"])
def test_a_stamp_is_the_same_octets(case):
    golden = held("stamp.json")
    key = base64.b64decode(golden["key"])
    mail = base64.b64decode(case["mail"])
    answer = stamp(mail, order_of(golden["order"]), key=key)
    assert isinstance(answer, Stamped)
    assert answer.bytes() == base64.b64decode(case["stamped"])
    assert unstamp(base64.b64decode(case["stamped"]), key=key).bytes() == mail


@pytest.mark.parametrize("case", held("marker.json"), ids=lambda case: case["html"][:20])
def test_a_hash_is_the_same(case):
    assert (shown(case["html"]), hash_of(case["html"])) == (case["shown"], case["hash"])


def test_the_files_are_those_that_the_command_makes():
    assert {path.name: path.read_text("utf-8") for path in FOLDER.glob("*.json")} == generated()
