"""From a company's file to a stamped mail with its picture inside, by commands alone."""

from __future__ import annotations

import email
import email.policy
import json
import subprocess
import sys
from pathlib import Path

from tests.portal.pictures import png

FILE = """pen: {id: p, name: P, domains: p.example, assets: https://a.example/f/}
management: {pictures: HOW}
people: [{address: ann@p.example, name: Ann}]
pictures: {logo: logo.png}
templates:
  house:
    fallback: true
    new: {top: {shape: letterhead, picture: logo}, signature: {shape: signature}}
    reply: {signature: {shape: signature}}
"""
MAIL = b"From: ann@p.example\nTo: x@y.example\nMIME-Version: 1.0\nContent-Type: text/html\n\n<p>Hello</p>\n"


def stationer(*words: object, given: bytes = b"", code: int = 0) -> bytes:
    command = [sys.executable, "-m", "stationer", *map(str, words)]
    done = subprocess.run(command, input=given, capture_output=True)
    assert done.returncode == code, done.stderr
    return done.stdout


def order(folder: Path, how: str, variant: str) -> Path:
    (folder / "logo.png").write_bytes(png(120, 40))
    (folder / "company.yaml").write_text(FILE.replace("HOW", how))
    stationer("snapshot", folder / "company.yaml", "-o", folder / "company.stn")
    asked = ("--from", "ann@p.example", "--to", "x@y.example", "--order", variant)
    (folder / "order.json").write_bytes(stationer("pick", folder / "company.stn", *asked))
    return folder / "order.json"


def test_a_picture_goes_from_the_file_into_the_mail_and_out_again(tmp_path: Path) -> None:
    stamped = stationer("stamp", "--order", order(tmp_path, "embedded", "new"), given=MAIL)
    parsed = email.message_from_bytes(stamped, policy=email.policy.default)
    html, picture = parsed.iter_parts()  # type: ignore[attr-defined]
    assert (parsed.get_content_type(), picture.get_content()) == ("multipart/related", png(120, 40))
    assert "cid:stationer." in html.get_content() and "Ann" in html.get_content()
    assert stationer("unstamp", given=stamped) == MAIL


def test_a_linked_one_is_called_by_its_address(tmp_path: Path) -> None:
    entries = json.loads(order(tmp_path, "linked", "new").read_bytes())
    assert [entry["slot"] for entry in entries] == ["top", "signature"]
    assert "https://a.example/f/" in entries[0]["html"] and all("pictures" not in one for one in entries)


def test_each_variant_has_its_own(tmp_path: Path) -> None:
    assert [entry["slot"] for entry in json.loads(order(tmp_path, "linked", "reply").read_bytes())] == [
        "signature"
    ]
    assert json.loads(order(tmp_path, "linked", "forward").read_bytes()) == []


def test_an_order_is_not_explained(tmp_path: Path) -> None:
    order(tmp_path, "linked", "new")
    words = ("--from", "ann@p.example", "--order", "new", "--explain")
    stationer("pick", tmp_path / "company.stn", *words, code=2)
