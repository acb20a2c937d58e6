"""What the first start makes is made once, also when a start was cut short."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

from stationer.compose import measure, press
from stationer.demo.people import PEOPLE
from stationer.demo.ports import Ports
from stationer.demo.setup import Diary, made_before, settings
from stationer.pick import company
from stationer.settings import load
from stationer.wire.source import Picture

FOLDER = Path(str(files("stationer.demo").joinpath("company")))


def test_a_step_is_done_once_and_remembered(tmp_path: Path) -> None:
    done: list[str] = []

    def do() -> str:
        done.append("x")
        return "result"

    for _ in range(2):
        assert Diary(tmp_path / "setup.json").once("step", do) == "result"
    assert done == ["x"]
    assert (tmp_path / "setup.json").stat().st_mode & 0o077 == 0


def test_a_step_that_failed_is_not_remembered(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "setup.json")
    diary.once("before", lambda: 1)
    with pytest.raises(ZeroDivisionError):
        diary.once("step", lambda: 1 // 0)
    assert Diary(tmp_path / "setup.json").once("step", lambda: 2) == 2


def test_a_step_done_for_another_port_is_done_again(tmp_path: Path) -> None:
    diary = Diary(tmp_path / "setup.json")
    diary.once("published for", lambda: 8000)
    diary.forget("published for", unless=8000)
    assert diary.once("published for", lambda: 8001) == 8000
    diary.forget("published for", unless=8001)
    assert diary.once("published for", lambda: 8001) == 8001


def test_nothing_is_made_before_the_first_start(tmp_path: Path) -> None:
    assert made_before(tmp_path, Ports()) is None


def test_the_runs_settings_are_settings_that_stationer_takes(tmp_path: Path) -> None:
    path = settings(tmp_path, Ports(imap=1143))
    tomllib.loads(path.read_text())
    loaded = load({"STATIONER_CONFIG": str(path)}, cwd=tmp_path, system=tmp_path)
    assert loaded.edge.folder == loaded.portal.edge_folder == tmp_path / "edge"
    assert loaded.agent.folder == tmp_path / "agent"


def test_the_company_file_is_whole() -> None:
    read = company.read((FOLDER / "company.yaml").read_text())
    pictures = {}
    for name, entry in read.pictures.items():
        data = (FOLDER / entry.file).read_bytes()
        shot = measure(data)
        assert shot is not None
        assert len(data) < 150_000, f"{name} is heavy for a mail"
        pictures[name] = Picture(f"https://pictures.example/{name}", shot.width, shot.height)
    for piece in read.sources():
        pressed = press(piece.source, kind=piece.kind, slot=piece.slot or "banner", pictures=pictures)  # type: ignore[arg-type]
        assert not pressed.problems, piece.where
    assert len(read.templates) == 2
    assert len(read.campaigns) == 3


def test_the_companys_people_are_the_demos_members() -> None:
    read = company.read((FOLDER / "company.yaml").read_text())
    members = {one.address for one in PEOPLE if one.role != "outsider"}
    assert {person.address for person in read.people} == members
    assert not any(one.address.endswith(domain) for one in PEOPLE[2:] for domain in read.pen.domains)


def test_every_picture_has_its_source_beside_it() -> None:
    pictures = FOLDER / "pictures"
    assert {path.stem for path in pictures.glob("*.svg")} == {path.stem for path in pictures.glob("*.png")}


def test_the_portal_answers_at_localhost_too_where_passkeys_work(tmp_path: Path) -> None:
    path = settings(tmp_path, Ports())
    loaded = load({"STATIONER_CONFIG": str(path)}, cwd=tmp_path, system=tmp_path)
    assert loaded.portal.hosts == ("localhost",)
