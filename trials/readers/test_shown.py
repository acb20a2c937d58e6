"""The stamped mail as its reader shows it: what its author wrote, and the stationery as its author meant it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from trials.readers.letterhead import Letterhead
from trials.readers.letters import Letter, letters
from trials.readers.look import Seen, box
from trials.readers.readers import Reader, roundcube, thunderbird
from trials.servers.pictures import Pictures
from trials.servers.roundcube import Roundcube
from trials.servers.workshop import Workshop

pytestmark = [pytest.mark.long, pytest.mark.timeout(300)]
Mails = dict[str, tuple[Letter, bytes]]
FOOTER = "Meant for someone else?"
NAMES = {html: [letter.name for letter in letters() if letter.is_html is html] for html in (True, False)}
#: A word of each slot's block, as it stands in HTML and in text.
SIGNS = {"top": "Practice office", "signature": "Practice manager, Harbour Dental", "footer": FOOTER}
BANNERS = {"reply": "How was your visit?", "new": "Straighter teeth", "forward": "Straighter teeth"}
TEAL = "rgb(14, 110, 115)"
EVENING = "https://harbourdental.example/open-evening"


@pytest.fixture
def seen(reader: Reader, mails: Mails) -> Callable[[str], tuple[Letter, Seen]]:
    """`seen(name)`: the letter, and what its reader shows of it."""

    def look(name: str) -> tuple[Letter, Seen]:
        letter, _ = mails[name]
        return letter, reader.see(letter, letter.words, letter.quoted, *SIGNS.values())

    return look


Look = Callable[[str], tuple[Letter, Seen]]


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
def test_pictures_links_and_lines_are_those_of_the_stationery(
    seen: Look, reader: Reader, pictures: Pictures, name: str
) -> None:
    letter, shown = seen(name)
    ours = [each for each in shown.raw["pictures"] if each["src"].startswith(pictures.url)]
    assert len(ours) == {4: 3}.get(len(letter.slots), 1 if name == "forward" else 0)
    assert all(each["shown"] and box(each).seen for each in ours)
    blocks = shown.blocks()
    assert blocks["signature"]["edges"]
    if letter.slots[0] == "top" or name == "forward":
        assert EVENING in shown.raw["links"]
    else:
        assert "https://harbourdental.example/visit/fair" in shown.raw["links"]


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


def test_nothing_is_fetched_but_the_linked_pictures(
    workshop: Workshop, webmail: Roundcube, mails: Mails, letterhead: Letterhead, pictures: Pictures
) -> None:
    letter, mail = mails["new-html"]
    for allowed in (False, True):
        for open_reader in (
            lambda allowed: thunderbird(workshop, [mail], remote_pictures=allowed),
            lambda allowed: roundcube(webmail, [mail], remote_pictures=allowed),
        ):
            del pictures.asked[:]
            with open_reader(allowed) as reader:
                shown = reader.see(letter)
            assert {path.removeprefix("/") for path in pictures.asked} <= set(letterhead.files)
            assert bool(pictures.asked) is allowed
            assert (
                "Straighter teeth" in shown.text
                or allowed
                or any("Straighter teeth" in each["alt"] for each in shown.raw["pictures"])
            )
