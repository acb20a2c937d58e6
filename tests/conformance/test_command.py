"""`stationer conformance` from outside: what it prints, what it writes, its exit codes."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest

from stationer import conformance
from stationer.cli.main import main
from stationer.conformance.cases import digest
from stationer.conformance.laws import LAWS

OURS = f"{sys.executable} -m stationer.conformance.peers.stationer"


def test_ours_as_a_process_keeps_every_law_of_a_group(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", OURS, "--only", "twice", "--only", "thread", "--jobs", "2"]) == 0
    printed = capsys.readouterr().out
    assert "8 of 8 mails keep every law (100 %)" in printed
    assert "Why it matters" not in printed


def test_an_inserter_that_does_nothing_is_told_what_happened_and_why_it_matters(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file, kept = tmp_path / "report.json", tmp_path / "kept"
    assert main(["conformance", "cat", "--only", "gmail", "--json", str(file), "--keep", str(kept)]) == 3
    printed = capsys.readouterr().out
    assert "Gmail" in printed and "inserted once in every body" in printed
    assert "the block is not in the text [gmail-ar]. Why it matters: some readers" in printed
    report = json.loads(file.read_bytes())
    assert report["format"] == 1 and report["mails_digest"] == digest() and report["command"] == "cat"
    assert report["mails"]["held"] < report["mails"]["asked"] == len(report["cases"])
    assert {row["law"] for row in report["laws"]} <= {law.key for law in LAWS}
    broken = {case["name"] for case in report["cases"] if not case["held"]}
    assert {path.name for path in kept.iterdir()} == {
        f"{name}.{way}.eml" for name in broken for way in ("in", "out")
    }


def test_a_crash_is_a_finding_and_its_other_laws_do_not_hold(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", "exit 70", "--only", "structure-alternative"]) == 3
    printed = capsys.readouterr().out
    assert "it ended with exit code 70" in printed
    assert re.search(r"0 of 1 mails keep every law \(0 %\); 0 of \d\d checks hold \(0 %\)", printed)
    assert printed.count("Why it matters") == 1


def test_a_case_is_shown_as_it_is(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    case = conformance.chosen(["smime-clear"])[0]
    assert main(["conformance", "--show", "smime-clear"]) == 0
    assert capfdbinary.readouterr().out == conformance.mail_of(case)


def test_the_list_names_every_case_with_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", "--list"]) == 0
    printed = capsys.readouterr().out
    for case in conformance.cases():
        assert case.name in printed and case.why in printed


def test_the_block_is_printed_for_a_product_to_be_configured_with(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", "--block", "html"]) == 0
    assert capsys.readouterr().out == conformance.BLOCK_HTML


@pytest.mark.parametrize(
    "words", [[], ["cat", "--only", "no-such-case"], ["cat", "--jobs", "0"], ["cat", "--timeout", "-1"]]
)
def test_a_wrong_call_is_usage(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["conformance", *words]) == 2
    assert capsys.readouterr().err.startswith("stationer conformance: ")


def test_a_report_that_cannot_be_written_is_one_sentence(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["conformance", "cat", "--only", "partial", "--json", str(tmp_path / "no" / "file")]) == 1
    assert "cannot write" in capsys.readouterr().err


def test_tokens_of_ones_own_ask_for_no_characters(capsys: pytest.CaptureFixture[str]) -> None:
    insert = "sed 's/^Alice Winter/Alice Winter\\nACME Ltd/'"
    call = [
        "conformance",
        insert,
        "--only",
        "line-ends-lf",
        "--html-token",
        "ACME Ltd",
        "--text-token",
        "ACME Ltd",
    ]
    main(call)
    assert re.search(r"charsets +1/1", capsys.readouterr().out)
    main([*call, "--characters", "電話"])
    assert re.search(r"charsets +0/1", capsys.readouterr().out)
