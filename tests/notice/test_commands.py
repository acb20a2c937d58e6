"""`stationer notification`, `restore` and `example pen` as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from stationer.cli import example, pen_layout
from stationer.cli.main import main
from stationer.cli.pen import read
from stationer.mime import header_values
from stationer.notice import faults
from stationer.pick.company import CompanyErrors
from tests.notice.made import PLAIN, WAY, mail, twins


def run(*words: str, stdin: bytes = PLAIN) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "stationer", *words], input=stdin, capture_output=True, check=False
    )


@pytest.fixture(scope="module")
def text() -> str:
    """The example, with keys of its own."""
    return run("example", "pen").stdout.decode()


@pytest.fixture
def files(tmp_path: Path, text: str) -> Path:
    (tmp_path / "pen.yaml").write_text(text)
    public = "\n".join(line for line in text.splitlines() if not line.strip().startswith("private:"))
    (tmp_path / "public.yaml").write_text(public)
    (tmp_path / "letter.eml").write_bytes(PLAIN)
    return tmp_path


def announced(files: Path, *more: str, stdin: bytes = PLAIN) -> subprocess.CompletedProcess[bytes]:
    return run("notification", "--pen", f"{files}/pen.yaml", "--id", "msg_1", *more, stdin=stdin)


def test_a_mail_is_announced_and_comes_back(files):
    done = announced(files, "--at", "2026-11-22T10:30:00+01:00")
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"t=1795339800000" in header_values(done.stdout, "stationer-notification")[0]
    options = ("--pen", f"{files}/public.yaml", "--content", f"{files}/letter.eml")
    back = run("restore", *options, stdin=WAY + done.stdout)
    assert (back.returncode, back.stderr) == (0, b"")
    assert back.stdout.startswith(WAY) and back.stdout.endswith(b"\r\nYour results are secret.\r\n")
    changed = run("restore", *options, stdin=done.stdout.replace(b"Your results", b"[list] Your results", 1))
    assert (changed.returncode, changed.stderr) == (0, b"changed on the way: subject\n")


def test_language_day_and_package_can_be_said(files):
    done = announced(
        files, "--language", "de", "--language", "en", "--until", "2027-02-19", "--package", "guests"
    )
    text = " ".join(twins(done.stdout)[0].split())
    assert "bis zum 19. Februar 2027" in text and "until 19 February 2027" in text
    assert b"0960142" not in done.stdout


def test_refused_announces_nothing_and_gives_nothing_away(files):
    done = announced(files, stdin=b"secret without a header\n")
    assert (done.returncode, done.stdout) == (3, b"")
    assert done.stderr.startswith(b"refused: unparseable\nThe mail was not announced: ")


def test_refused_leaves_the_notification_as_it_is(files):
    options = ("--pen", f"{files}/pen.yaml", "--content", f"{files}/letter.eml")
    done = run("restore", *options, stdin=PLAIN)
    assert (done.returncode, done.stdout) == (3, PLAIN)
    assert done.stderr.startswith(b"refused: not-a-notification\nThe notification stays: ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--id", "a b"), "is no id"), (("--id", "a", "--at", "2026-11-22T10:30:00"), "offset"), (("--id", "a", "--at", "soon"), "offset"),
        (("--id", "a", "--at", "1950-01-01T00:00:00Z"), "1970"), (("--id", "a", "--until", "soon"), "no day"), ((), "--id"),
        (("--id", "a", "--package", "nobody"), "there are: employees, guests"),
    ],
)  # fmt: skip
def test_a_wrong_command_is_told(files, options, says):
    done = run("notification", "--pen", f"{files}/pen.yaml", *options)
    assert (done.returncode, done.stdout) == (2, b"") and says in done.stderr.decode()


def test_the_public_half_cannot_send(files):
    done = run("notification", "--pen", f"{files}/public.yaml", "--id", "a")
    assert (done.returncode, done.stdout) == (2, b"") and b"no private key" in done.stderr


def test_files_that_are_not_there_are_told(files):
    assert run("restore", "--pen", f"{files}/none.yaml", "--content", f"{files}/letter.eml").returncode == 2
    done = run("restore", "--pen", f"{files}/pen.yaml", "--content", f"{files}/none.eml")
    assert done.returncode == 2 and b"none.eml: no such file" in done.stderr
    assert run("restore", "--content", f"{files}/letter.eml").returncode == 2


def test_a_wrong_pen_file_is_told_whole_each_with_its_line(files, text):
    wrong = (
        text.replace('"#0e6e73"', "red")
        .replace("phone:", "fone:")
        .replace("languages: [en]", "languages: [en, fr]")
    )
    (files / "wrong.yaml").write_text(wrong)
    for command in (("notification", "--id", "a"), ("restore", "--content", f"{files}/letter.eml")):
        done = run(*command, "--pen", f"{files}/wrong.yaml")
        assert (done.returncode, done.stdout) == (4, b"")
        told = [line.partition(":")[2].partition(":")[0] for line in done.stderr.decode().splitlines()]
        lines = wrong.splitlines()
        numbers = {
            what: next(n for n, line in enumerate(lines, 1) if what in line)
            for what in ("fone", "red", "fr]")
        }
        assert told == [
            f" line {numbers['fone']}, pen/fone",
            f" line {numbers['red']}, pen/colour",
            f" line {numbers['fr]']}, languages/1",
        ]


@pytest.mark.parametrize(
    ("change", "where", "says"),
    [
        (("public: ", "public: ?"), "keys/0/public", "base64"), (("pen:\n", "pen: x\nother:\n"), "other", "no 'other'"),
        (("  # logo: {file: logo.png", "  logo: {file: none.png"), "pen/logo/file", "no such file"),
        (("  # logo: {file: logo.png, width: 180", '  logo: {file: "a\\0b", width: 180'), "pen/logo/file", "null byte"),
        (("  # logo: {file: logo.png, ", "  logo: {"), "pen/logo", "either a file or a url"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_one_problem(tmp_path, text, change, where, says):
    assert change[0] in text
    with pytest.raises(CompanyErrors) as caught:
        read(text.replace(*change), tmp_path)
    found = [problem for problem in caught.value.problems if problem.where == where]
    assert len(found) == 1 and says in found[0].what and found[0].line
    assert where == "other" or len(caught.value.problems) == 1


@pytest.mark.parametrize("wrong", ["", "- a\n", "pen: [", "a: b"])
def test_no_pen_file_at_all_is_told(tmp_path, wrong):
    with pytest.raises(CompanyErrors) as caught:
        read(wrong, tmp_path)
    assert caught.value.problems
    assert "company" not in str(caught.value)


def test_a_logo_is_read_beside_the_file(tmp_path, text):
    (tmp_path / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    pen = read(text.replace("  # logo:", "  logo:"), tmp_path)
    assert pen.logo and pen.logo.data and faults(pen) == ()
    assert read(text.replace('tag: "[secure]"', "tag:"), tmp_path).tag == ""


def test_each_example_has_a_pair_of_its_own(capfdbinary):
    assert main(["example", "pen"]) == 0
    first = yaml.safe_load(capfdbinary.readouterr().out)
    assert main(["example", "pen"]) == 0
    assert first["keys"] != yaml.safe_load(capfdbinary.readouterr().out)["keys"]
    assert b"@P" not in example.with_keys(b"@PUBLIC@ @PRIVATE@")


def test_the_schema_knows_every_key_of_the_example(text):
    schema, said = pen_layout.schema(), yaml.safe_load(text)
    assert said.keys() <= schema["properties"].keys()
    assert said["pen"].keys() <= schema["properties"]["pen"]["properties"].keys()
    assert json.dumps(schema)


def test_a_guest_has_no_disclaimer(files):
    done = announced(files, stdin=mail("From: guest@example.org", "To: bob@harbourdental.example"))
    assert b"0960142" not in done.stdout and b"Sent by Harbour Dental" in done.stdout
