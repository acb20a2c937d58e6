"""`stationer replay`: a readable table, every number for a program, and clear words for wrong files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.pick import worlds

from stationer import pick
from stationer.cli.main import main
from stationer.pick.records import framed, head
from stationer.wire.definition import Campaign, Definition, Message
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule

KEY = b"k" * 32
PEOPLE = (Person("mem_a", "a@in.example", {}),)


def snapshot(path: Path, *campaigns: tuple[str, int]) -> Path:
    """Campaigns for everybody in one place, by name and priority."""
    made = tuple(
        Campaign(
            name,
            name.title(),
            Rule(),
            (Message(f"m-{name}", "", worlds.content("message", "banner", name)),),
            at,
        )
        for name, at in campaigns
    )
    definition = Definition("pen", "P", ("in.example",), KEY, (worlds.FALLBACK,), made)
    compiled = pick.compile(definition, PEOPLE)
    path.write_bytes(pick.pack("snapshot", compiled, pen="pen", serial=1, made_at=1, private_key=None))
    return path


@pytest.fixture
def records(tmp_path: Path) -> Path:
    """Five mails to three people."""
    compiled = pick.unpack(
        snapshot(tmp_path / "any.stn").read_bytes(), kind="snapshot", public_key=None
    ).payload
    held, roll = pick.load(compiled), pick.read_roll(Roll("pen", (), PEOPLE))
    mails = [Question("a@in.example", [f"{n % 3}@out.example"], []) for n in range(5)]
    path = tmp_path / "day.rpl"
    path.write_bytes(head(KEY) + framed([pick.record(held, roll, mail, 0) for mail in mails]))
    return path


def test_reach_starving_losing_and_overlap_are_told(tmp_path, records, capsys):
    draft = snapshot(tmp_path / "draft.stn", ("new", 9), ("old", 1))
    today = snapshot(tmp_path / "today.stn", ("old", 1), ("gone", 0))
    words = ["replay", str(records), "--draft", str(draft), "--against", str(today)]
    assert main(words) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("5 mails, 0 of them")
    assert said[1].split() == ["campaign", "applied", "shown", "people", "today"]
    assert said[2].split() == ["New", "5", "5", "3", "0"]
    assert said[3].split() == ["Old", "5", "0", "0", "5", "starves"]
    assert "New and Old meet in 5 mails" in said
    assert main([*words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["starving"], told["losing"], told["today"]) == (["old"], ["old"], {"old": 5, "gone": 0})


def test_a_company_file_is_a_draft_with_the_key_of_the_snapshot_in_force(tmp_path, records, capsys):
    today = snapshot(tmp_path / "today.stn", ("old", 1))
    assert main(["example", "company"]) == 0
    company = tmp_path / "company.yaml"
    company.write_text(capsys.readouterr().out)
    words = ["replay", str(records), "--draft", str(company)]
    assert main(words) == 4
    assert "another key" in capsys.readouterr().err
    assert main([*words, "--against", str(today)]) == 0
    assert capsys.readouterr().out.startswith("5 mails, 5 of them")


def test_wrong_files_are_told_and_nothing_is_printed(tmp_path, records, capsys):
    draft, wrong = snapshot(tmp_path / "draft.stn"), tmp_path / "wrong"
    wrong.write_bytes(b"STNSNAP1 and no more")
    for words, code in (
        ([str(wrong), "--draft", str(draft)], 4),
        ([str(records), "--draft", str(wrong)], 4),
        ([str(records), "--draft", str(tmp_path / "nowhere")], 2),
        ([str(records), "--draft", str(draft), "--roll", str(draft)], 4),
    ):
        assert main(["replay", *words]) == code
        out, err = capsys.readouterr()
        assert not out and err
