"""The stamped mail as its reader shows it: what its author wrote, and the stationery as its author meant it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import pytest

from trials.readers.conftest import opened
from trials.readers.letterhead import Letterhead
from trials.readers.letters import Letter, letters
from trials.readers.look import Seen, box
from trials.readers.readers import Reader
from trials.servers.pictures import Pictures
from trials.servers.workshop import Workshop

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
Mails = dict[str, tuple[Letter, bytes]]
Look = Callable[[str], tuple[Letter, Seen]]
FOOTER = "Meant for someone else?"
NAMES = {html: [letter.name for letter in letters() if letter.is_html is html] for html in (True, False)}
#: Words of each block, as they stand in HTML and in text.
SIGNS = {"top": "Practice office", "signature": "Practice manager, Harbour Dental", "footer": FOOTER}
TEAL, GREY = "rgb(14, 110, 115)", "rgb(90, 100, 112)"
EVENING, VISIT = (f"https://harbourdental.example/{path}" for path in ("open-evening", "visit/fair"))


@pytest.fixture(scope="module")
def seen(reader: Reader, mails: Mails) -> Look:
    """`seen(name)`: the letter, and what its reader shows of it; each is opened once."""

    @cache
    def look(name: str) -> tuple[Letter, Seen]:
        letter, _ = mails[name]
        return letter, reader.see(letter, letter.words, letter.quoted, *SIGNS.values())

    return look


@pytest.mark.parametrize("name", [*NAMES[True], *NAMES[False]])
def test_the_authors_words_the_blocks_and_the_quote_stand_in_their_order(seen: Look, name: str) -> None:
    letter, shown = seen(name)
    tops = [box(shown.word(SIGNS[slot])).top for slot in letter.slots if slot in SIGNS]
    words = box(shown.word(letter.words))
    assert words.seen
    assert tops == sorted(tops)
    after = tops[1:] if "top" in letter.slots else tops
    assert all(words.bottom <= top for top in after)
    if "top" in letter.slots:
        assert tops[0] < words.top
    if letter.quoted:
        assert max(tops) < box(shown.word(letter.quoted)).top


@pytest.mark.parametrize("name", NAMES[True])
def test_each_block_is_seen_whole_and_as_wide_as_it_was_meant(seen: Look, name: str) -> None:
    letter, shown = seen(name)
    blocks = shown.blocks()
    assert list(blocks) == letter.slots
    for block in blocks.values():
        assert box(block).seen
        assert all(0 < width <= 600.5 for width in block["widths"])
        assert box(block).right <= shown.raw["width"] + 0.5
    wide = blocks["footer"]["widths"][0]
    assert wide == pytest.approx(600, abs=1)


@pytest.mark.parametrize("name", NAMES[True])
def test_pictures_and_links_are_those_of_the_stationery(seen: Look, pictures: Pictures, name: str) -> None:
    letter, shown = seen(name)
    linked = [each for each in shown.raw["pictures"] if each["src"].startswith(pictures.url)]
    ours = shown.raw["pictures"] if letter.embedded else linked
    assert not (letter.embedded and linked), "what is inside the mail is not fetched from anywhere"
    assert len(ours) == {"new": 3, "forward": 1, "reply": 0}[letter.variant]
    assert all(each["shown"] and box(each).seen for each in ours)
    assert (VISIT if letter.variant == "reply" else EVENING) in shown.raw["links"]


@pytest.mark.parametrize("name", NAMES[True])
def test_lines_colours_and_letters_are_those_of_the_stationery(seen: Look, dark: bool, name: str) -> None:
    letter, shown = seen(name)
    signature = shown.blocks()["signature"]
    assert any(edge.startswith("solid") for edge in signature["edges"])
    assert dark or f"solid {TEAL}" in signature["edges"]  # in the dark readers choose their own
    title = shown.word(SIGNS["signature"])
    assert (title["size"], title["direction"]) == ("14px", "ltr")
    assert "Arial" in title["family"]
    assert dark or title["colour"] == GREY
    above, below = box(shown.word(letter.words)), box(signature)
    assert below.top - above.bottom >= 10 or letter.variant == "new"


@pytest.mark.parametrize("name", NAMES[True])
def test_what_is_quoted_is_still_a_quote_and_the_blocks_are_none_of_it(seen: Look, name: str) -> None:
    letter, shown = seen(name)
    footer, words = shown.word(FOOTER), shown.word(letter.words)
    assert not footer["cited"] and not words["cited"]
    if letter.quoted and b"<blockquote" in letter.html:
        assert shown.word(letter.quoted)["cited"]


@pytest.mark.parametrize("name", NAMES[False])
def test_in_plain_text_the_quote_is_shown_as_one_and_the_blocks_are_not(seen: Look, name: str) -> None:
    letter, shown = seen(name)
    assert not shown.word(FOOTER)["cited"]
    assert not shown.word(letter.words)["cited"]
    if letter.quoted:
        assert shown.word(letter.quoted)["cited"]


@pytest.mark.parametrize("program", ["Thunderbird", "Roundcube"])
def test_embedded_pictures_are_seen_where_nothing_may_be_fetched_and_are_no_attachments(
    request: pytest.FixtureRequest, workshop: Workshop, mails: Mails, pictures: Pictures, program: str
) -> None:
    letter, mail = mails["new-embedded"]
    del pictures.asked[:]
    with opened(request, workshop, program, [mail], remote_pictures=False) as alone:
        shown = alone.see(letter, letter.words)
    assert [each["shown"] for each in shown.raw["pictures"]] == [True] * 3
    assert pictures.asked == [] and "picture-1" not in shown.text


@pytest.mark.parametrize("allowed", [False, True], ids=["pictures blocked", "pictures allowed"])
@pytest.mark.parametrize("program", ["Thunderbird", "Roundcube"])
def test_nothing_is_fetched_but_the_linked_pictures_once_they_are_allowed(
    request: pytest.FixtureRequest, workshop: Workshop, mails: Mails, letterhead: Letterhead, pictures: Pictures,
    program: str, allowed: bool,
) -> None:  # fmt: skip
    letter, mail = mails["new-html"]
    del pictures.asked[:]
    with opened(request, workshop, program, [mail], remote_pictures=allowed) as alone:
        shown = alone.see(letter, letter.words)
    assert bool(pictures.asked) is allowed
    assert {path.removeprefix("/") for path in pictures.asked} <= set(letterhead.files)
    assert box(shown.word(letter.words)).seen
