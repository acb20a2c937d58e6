"""A snapshot brings the octets of the pictures that its contents call, and no others."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.portal.pictures import png

from stationer import compose, pick
from stationer.cli.snapshot import compile_company
from stationer.pick.illustrating import MOST_BYTES
from stationer.wire.definition import Inherited, Terms

FILE = """pen: {id: p, name: P, domains: p.example, assets: https://a.example/f/}
management: {pictures: HOW}
pictures: {shown: shown.png, kept: kept.png}
campaigns:
  c:
    messages: {m: {content: {shape: banner-picture, picture: shown, alt: Words}}}
"""


def compiled(folder: Path, how: str) -> pick.Compiled:
    (folder / "shown.png").write_bytes(png(600, 200))
    (folder / "kept.png").write_bytes(png(3, 3))
    found, problems = compile_company(FILE.replace("HOW", how), folder)
    assert found is not None, problems
    return found


def test_embedded_pictures_come_with_the_snapshot_and_survive_the_container(tmp_path: Path) -> None:
    found = compiled(tmp_path, "embedded")
    digest = compose.digest_of(png(600, 200))
    assert {d: (o.type, o.data) for d, o in found.pictures.items()} == {digest: ("image/png", png(600, 200))}
    (content,) = found.contents.values()
    assert [p.digest for p in content.called] == [digest]
    assert content.called[0].url.startswith("https://a.example/f/")
    packed = pick.pack("snapshot", found, pen="p", serial=1, made_at=1, private_key=None)
    assert pick.unpack(packed, kind="snapshot", public_key=None).payload == found


@pytest.mark.parametrize("how", ["linked", "embedded"])
def test_only_the_setting_decides(tmp_path: Path, how: str) -> None:
    found = compiled(tmp_path, how)
    assert found.version == (3 if how == "embedded" else 2)
    assert bool(found.pictures) == (how == "embedded") == bool(next(iter(found.contents.values())).called)


def test_a_word_that_is_none_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "shown.png").write_bytes(png())
    (tmp_path / "kept.png").write_bytes(png())
    found, (problem,) = compile_company(FILE.replace("HOW", "embeded"), tmp_path)
    assert found is None and problem.line == 2 and "embedded" in problem.next


def test_all_pictures_together_have_a_limit(tmp_path: Path) -> None:
    each = 499_000
    count = MOST_BYTES // each + 1
    text = "pen: {id: p, name: P, domains: p.example, assets: https://a.example/f/}\nmanagement:\n  pictures: embedded\n"
    text += (
        "pictures: {"
        + ", ".join(f"p{n}: p{n}.png" for n in range(count))
        + "}\ncampaigns:\n  c:\n    messages:\n"
    )
    for n in range(count):
        (tmp_path / f"p{n}.png").write_bytes(png(600, 200) + bytes([n]) * (each - len(png(600, 200))))
        text += f"      m{n}: {{content: {{shape: banner-picture, picture: p{n}, alt: Words}}}}\n"
    found, (problem,) = compile_company(text, tmp_path)
    assert found is None and problem.line == 3 and "10,000 KB are the most" in problem.what


def test_a_partner_may_settle_it() -> None:
    handed = Terms(pictures="embedded")
    assert pick.settle(Inherited(handed), Terms()).pictures == "embedded"
    assert pick.settle(Inherited(handed), Terms(pictures="linked")).pictures == "linked"
    assert pick.settle(Inherited(handed, ("pictures",)), Terms(pictures="linked")).pictures == "embedded"
