"""`stationer stamp`, `unstamp` and `boundary` as a user runs them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import stationer.cli

EXAMPLE = (Path(stationer.cli.__file__).parent / "examples" / "mail.eml").read_bytes()


def run(*words: str, stdin: bytes = EXAMPLE) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "stationer", *words], input=stdin, capture_output=True, check=False
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "block.html").write_text("<p>Zoë</p>\n", "utf-8")
    (tmp_path / "block.txt").write_text("Zoë\n", "utf-8")
    (tmp_path / "key").write_bytes(b"secret\n")
    (tmp_path / "order.json").write_text(
        '[{"slot": "top", "html": "<p>T</p>", "text": "T"}, {"slot": "footer", "text": "F"}]'
    )
    return tmp_path


def test_a_mail_is_stamped_and_comes_back(files):
    options = (
        "--html",
        f"{files}/block.html",
        "--text",
        f"{files}/block.txt",
        "--id",
        "demo",
        "--key",
        f"{files}/key",
    )
    done = run("stamp", *options)
    assert done.returncode == 0 and b"stationer-demo-signature" in done.stdout and done.stderr == b""
    back = run("unstamp", "--key", f"{files}/key", stdin=done.stdout)
    assert back.returncode == 0 and back.stdout == EXAMPLE


def test_an_order_holds_several_blocks(files):
    done = run("stamp", "--order", f"{files}/order.json")
    assert done.returncode == 0 and b"-top-" in done.stdout


def picture_order(files: Path, **more: str) -> str:
    entry = {
        "slot": "signature",
        "html": '<p><img src="cid:logo">A</p>',
        "pictures": [
            {"name": "logo", "type": "image/png", "data": "iVBORw0KGgo=", "url": "https://a.example/l.png"}
        ],
    }
    (files / "pictures.json").write_text(json.dumps([entry | more]))
    return f"{files}/pictures.json"


def test_pictures_travel_along_or_are_linked(files):
    done = run("stamp", "--order", picture_order(files))
    assert done.returncode == 0 and b'Content-Disposition: inline; filename="logo.png"' in done.stdout
    assert run("unstamp", stdin=done.stdout).stdout == EXAMPLE
    done = run("stamp", "--order", picture_order(files, carry="link"))
    assert (
        done.returncode == 0 and b"image/png" not in done.stdout and b"https://a.example/l.png" in done.stdout
    )


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"html": '<img src="cid:other">'}, b"calls cid:other"),
        ({"carry": "send"}, b"carry"),
        ({"more": "x"}, b"more"),
    ],
)
def test_an_order_whose_pictures_are_wrong_is_a_sentence(files, wrong, said):
    done = run("stamp", "--order", picture_order(files, **wrong))
    assert (
        done.returncode == 2 and done.stdout == b"" and said in done.stderr and done.stderr.count(b"\n") == 1
    )


def test_an_untouched_mail_comes_out_as_it_went_in(files):
    mail = b"From: a@b.example\nContent-Type: application/pkcs7-mime\n\nx"
    done = run("stamp", "--text", f"{files}/block.txt", stdin=mail)
    assert (done.returncode, done.stdout, done.stderr) == (3, mail, b"untouched: encrypted\n")
    assert (
        run("stamp", "--text", f"{files}/block.txt", "--max-size", "10").stderr == b"untouched: too-large\n"
    )
    back = run("unstamp")
    assert (back.returncode, back.stdout, back.stderr) == (3, EXAMPLE, b"untouched: no-body\n")


@pytest.mark.parametrize(
    "words",
    [
        ("stamp",),
        ("stamp", "--html", "/nowhere"),
        ("stamp", "--at", "middle"),
        ("stamp", "--text", "block.txt", "--id", "with space"),
        ("stamp", "--text", "block.txt", "--order", "order.json"),
        ("stamp", "--order", "block.txt"),
        ("unstamp", "--key", "/nowhere"),
        ("stamp", "--text", "block.txt", "--max-size", "-5"),
        ("stamp", "--text", "block.txt", "--max-size=-5"),
        ("stamp", "--text", "block.txt", "--max", "500"),
        ("stamp", "--order", "order.json", "--at", "signature"),
        (),
    ],
)
def test_a_wrong_command_puts_nothing_on_standard_output(files, words):
    words = tuple(f"{files}/{word}" if (files / word).is_file() else word for word in words)
    done = run(*words)
    assert done.returncode == 2 and done.stdout == b"" and done.stderr


@pytest.mark.parametrize(
    "words", [("stamp", "--text", "block.txt"), ("unstamp",), ("boundary",)], ids=lambda words: words[0]
)
@pytest.mark.parametrize("streams", ["<&-", "< mail >/dev/full", "< mail >&-"])
def test_a_stream_that_does_not_work_is_a_sentence(files, words, streams):
    (files / "mail").write_bytes(EXAMPLE)
    command = f'exec "$0" -m stationer "$@" {streams}'
    done = subprocess.run(
        ["sh", "-c", command, sys.executable, *words], cwd=files, capture_output=True, check=False
    )
    assert done.returncode == 1 and done.stdout == b""
    assert done.stderr.count(b"\n") == 1 and b"standard" in done.stderr


def test_the_boundary_is_json():
    done = run("boundary")
    told = json.loads(done.stdout)
    assert done.returncode == 0 and told["kind"] == "reply"
    assert [part["path"] for part in told["parts"]] == ["1", "2"]
    assert set(told["parts"][0]) == {"type", "path", "char", "line", "place", "rule"}
