"""Pictures that may travel along: called by a name that tells nothing, listed by digest, linked where need be."""

from __future__ import annotations

import hashlib
from html import escape

import msgspec
import pytest
from tests.compose.samples import BOB, CASES, PICTURES

from stationer.compose import Pressed, complete, digest_of, fill, press
from stationer.compose.embedding import MOST_BYTES, MOST_PICTURES
from stationer.pick import content_digest
from stationer.wire.content import Content, Embedded
from stationer.wire.source import Picture, Source

INSIDE = {
    name: msgspec.structs.replace(picture, digest=digest_of(name.encode()), type="image/png", size=1_000)
    for name, picture in PICTURES.items()
}


def pressed(shape: str, values: dict[str, str], pictures: dict[str, Picture]) -> Content:
    found = press(Source(shape, values), kind="message", slot="banner", pictures=pictures)
    assert found.content is not None, found.problems
    return found.content


def mjml(*addresses: str) -> dict[str, str]:
    images = "".join(f'<mj-image src="{escape(one)}" alt="x" width="10px" />' for one in addresses)
    return {"mjml": f"<mj-section><mj-column>{images}</mj-column></mj-section>"}


def test_a_digest_is_of_the_octets() -> None:
    assert digest_of(b"") == "4oymiquy7qobjgx36tejs35z"
    assert len(digest_of(b"x")) == 24
    assert hashlib.sha256(b"").hexdigest().startswith("e3b0c442")


def test_a_named_picture_is_called_by_a_name_that_tells_nothing() -> None:
    content = pressed("banner-picture", {"picture": "wide", "alt": "x"}, INSIDE)
    wide = INSIDE["wide"]
    assert content.called == (Embedded("picture-1", wide.digest, "image/png", 1_000, wide.url),)
    block = fill(content, {}, name="n")
    assert list(content.called) == block.pictures
    assert (
        'src="cid:picture-1"' in complete(block, embed=True)[0]
        and wide.url not in complete(block, embed=True)[0]
    )


@pytest.mark.parametrize(("shape", "values"), CASES)
def test_what_is_linked_is_what_it_always_was(shape: str, values: dict[str, str]) -> None:
    """So one pressed content serves both ways, and a content that calls none is the same under either setting."""
    before, now = (pressed(shape, values, pictures) for pictures in (PICTURES, INSIDE))
    assert complete(fill(before, BOB, name="n")) == complete(fill(now, BOB, name="n"))
    assert before.called == () and "cid:" not in str(before.html)
    if not now.called:
        assert content_digest(before) == content_digest(now)


def test_a_content_without_pictures_is_encoded_as_before_there_were_any() -> None:
    assert "pictures" not in msgspec.to_builtins(pressed("note", {"words": "x"}, INSIDE))


def test_pictures_are_numbered_as_they_are_shown_and_the_same_octets_once() -> None:
    again = INSIDE | {"copy": msgspec.structs.replace(INSIDE["logo"], url="https://assets.example/c.png")}
    values = mjml("picture:logo", "picture:wide", "picture:copy", INSIDE["wide"].url)
    content = pressed("mjml", values, again)
    assert [(p.name, p.url) for p in content.called] == [
        ("picture-1", INSIDE["logo"].url),
        ("picture-2", INSIDE["wide"].url),
    ]
    html, _ = complete(fill(content, {}, name="n"), embed=True)
    assert [html.count(f'src="cid:picture-{n}"') for n in (1, 2)] == [2, 2]


def test_what_others_host_and_what_a_person_has_stays_a_link() -> None:
    content = pressed("signature", {"picture": "{{photo}}"}, INSIDE)
    assert content.called == ()
    assert pressed("mjml", mjml("https://other.example/x.png"), INSIDE).called == ()


def test_an_author_cannot_call_a_picture_that_is_none() -> None:
    found = press(Source("mjml", mjml("cid:picture-1")), kind="message", slot="banner", pictures=INSIDE)
    assert found.content is None and [one.rule for one in found.problems] == ["picture-inside"]


def many(count: int, size: int) -> Pressed:
    pictures = {
        f"p{n}": Picture(f"https://a.example/{n}.png", 1, 1, digest_of(b"%d" % n), "image/png", size)
        for n in range(count)
    }
    values = mjml(*(f"picture:p{n}" for n in range(count)))
    return press(Source("mjml", values), kind="message", slot="banner", pictures=pictures)


def test_too_many_and_too_large_are_told_with_their_limits() -> None:
    assert many(MOST_PICTURES, MOST_BYTES // MOST_PICTURES).problems == ()
    (problem,) = many(MOST_PICTURES + 1, 1).problems
    assert "21 pictures" in problem.what and "20" in problem.what and "linked" in problem.next
    (problem,) = many(1, MOST_BYTES + 1_000).problems
    assert "501 KB" in problem.what and "500" in problem.what
