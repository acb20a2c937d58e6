"""The other inserters' commands do what their programs' own mail servers would do with them."""

from __future__ import annotations

import subprocess
import sys
from shutil import which

import pytest

from stationer import conformance
from stationer.conformance.peers import mimedefang, python_email

HEAD = b"Subject: Visit\nContent-Type: text/plain;\n charset=utf-8\nX-Last: yes"
MAIL = conformance.mail_of(conformance.chosen(["gmail-en"])[0])


@pytest.mark.parametrize(
    ("line", "head"),
    [
        (b"Mtext/html%3B%20charset=utf-8", b"Subject: Visit\nContent-Type: text/html; charset=utf-8\nX-Last: yes\nMIME-Version: 1.0"),
        (b"Isubject 1 Plans%20", b"subject: Plans \nContent-Type: text/plain;\n charset=utf-8\nX-Last: yes"),
        (b"IX-New 1 yes", HEAD + b"\nX-New: yes"),
        (b"JContent-Type 1", b"Subject: Visit\nX-Last: yes"),
        (b"HX-Scanned yes", HEAD + b"\nX-Scanned: yes"),
        (b"F", HEAD),
    ],
)  # fmt: skip
def test_what_the_filter_answers_is_done_to_the_header_as_its_milter_does(line: bytes, head: bytes) -> None:
    assert mimedefang.applied(HEAD, line) == head


def test_pythons_email_inserts_and_knows_its_own_mail_again() -> None:
    answer = python_email.insert(MAIL)
    assert answer is not None and answer.count(b"STATIONER-CONFORMANCE") == 2
    assert python_email.insert(answer) is None


def test_pythons_email_leaves_a_signed_mail_alone() -> None:
    assert python_email.insert(conformance.mail_of(conformance.chosen(["smime-clear"])[0])) is None


@pytest.mark.skipif(not which("altermime"), reason="altermime is not installed")
def test_a_program_behind_a_pipe_gets_lf_and_its_answer_crlf_again() -> None:
    command = [sys.executable, "-m", "stationer.conformance.peers.altermime"]
    done = subprocess.run(command, input=MAIL, capture_output=True, check=True)
    assert b"STATIONER-CONFORMANCE" in done.stdout
    assert done.stdout.count(b"\n") == done.stdout.count(b"\r\n")
