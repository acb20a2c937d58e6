"""Every starter as a mail program sees it: its width, its style, its colours light and turned dark, without pictures,
as text; and what a company gets when it begins with one."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from django.utils import translation

from stationer.compose import complete, fill, generated, measure, press
from stationer.compose.colours import _read, contrast
from stationer.compose.lint import Known, lint
from stationer.portal.content.models import Asset
from stationer.portal.content.starters import STARTERS, drawing
from stationer.portal.content.starting import EXAMPLE
from stationer.portal.content.views.gallery import begin
from stationer.portal.people.scope import pen_scope
from stationer.wire.source import Picture
from tests.compose.test_form import _dark

PERSON = {
    "name": "Ann Example", "title": "Architect", "company": "Example & Sons", "phone": "+44 1632 960001",
    "mobile": "+44 7700 900001", "email": "ann@example.com", "website": "https://www.example.com/",
    "postal": "1 Example Street", "department": "Planning", "linkedin": "https://www.example.com/l",
    "photo": "https://www.example.com/ann.jpg",
}  # fmt: skip
COLOURS = ("", "#0e6e73", "#8a1c1c", "#f2c200")


def pictures(starter):
    return {
        name: Picture(f"https://a.example/{name}.png", shot.width, shot.height)
        for name in starter.pictures
        for shot in [measure(drawing(name))]
    }


def mail(name, colour="", attributes=PERSON):
    one = STARTERS[name]
    source = one.source()
    if colour:
        source = type(source)(source.shape, source.values | {"colour": colour}, "", source.elements)
    found = press(source, kind=one.kind, slot=one.slot, pictures=pictures(one))
    assert found.content, found.problems
    return complete(fill(found.content, attributes, name="n"))


class Read(HTMLParser):
    """Every stretch of words with its colour and the ground it stands on; the texts of pictures too."""

    def __init__(self):
        super().__init__()
        self.stack = [("#000000", "#ffffff")]
        self.found = []

    def handle_starttag(self, tag, attrs):
        said = dict(attrs)
        style = said.get("style") or ""
        ink, paper = self.stack[-1]
        if colour := re.search(r"(?:^|;)color:\s*(#[0-9a-f]{6})", style):
            ink = colour[1]
        if ground := re.search(r"background-color:\s*(#[0-9a-f]{6})", style):
            assert said.get("bgcolor") == ground[1], "a ground that Outlook does not see"
            paper = ground[1]
        if tag == "img":
            self.found.append((said["alt"], ink, paper))
        elif tag not in ("br", "hr"):
            self.stack.append((ink, paper))

    def handle_endtag(self, tag):
        self.stack.pop()

    def handle_data(self, data):
        if data.strip(" \xa0·"):
            self.found.append((data, *self.stack[-1]))


@pytest.mark.parametrize("name", STARTERS)
@pytest.mark.parametrize("colour", COLOURS)
def test_every_word_can_be_read_in_light_and_turned_dark(name, colour):
    reader = Read()
    reader.feed(re.sub(r"<!--.*?-->", "", mail(name, colour)[0]))
    assert reader.found
    for words, ink, paper in reader.found:
        assert contrast(_read(ink), _read(paper)) >= 4.5, (words, ink, paper)
        assert contrast(_dark(ink), _dark(paper)) >= 4.5 - 1.5 * (paper not in ("#ffffff",)), (
            words,
            ink,
            paper,
        )


@pytest.mark.parametrize("name", STARTERS)
def test_a_starter_holds_in_mail_programs(name):
    html, _ = mail(name)
    assert len(html) <= 30_000
    assert all(int(width) <= 600 for width in re.findall(r'\bwidth="(\d+)"', html))
    assert not re.search(r"position|float|flex|grid|url\(|@media|calc\(|var\(|rgb\(|class=|id=", html)
    assert all('role="presentation"' in tag for tag in re.findall(r"<table\b[^>]*>", html))
    for tag in re.findall(r"<img\b[^>]*>", html):
        assert re.search(r'\bwidth="\d+"', tag) and "alt=" in tag and 'border="0"' in tag


@pytest.mark.parametrize("name", STARTERS)
def test_without_pictures_it_still_says_everything(name):
    one = STARTERS[name]
    html, _ = mail(name)
    words = " ".join(re.findall(r'alt="([^"]+)"', html)) + re.sub(r"<[^>]*>", " ", html)
    assert len(words.split()) >= 2
    for element in one.source().listed:
        if element.kind == "picture":
            assert len(element.values["alt"].split()) >= 4


@pytest.mark.parametrize("name", STARTERS)
def test_its_twin_is_what_a_person_would_type(name):
    one = STARTERS[name]
    _, text = mail(name)
    assert text.strip() and "<" not in text and "{{" not in text and "**" not in text
    assert max(map(len, text.split("\n"))) <= 78 and "\n\n\n" not in text
    assert (text.startswith("-- \n")) == (one.source().values.get("dashes") == "yes")
    assert generated(one.source(), pictures(one)).strip()


@pytest.mark.parametrize("name", STARTERS)
def test_it_says_less_where_less_is_known_and_never_half_a_line(name):
    html, text = mail(name, attributes={"name": "Ann", "email": "a@example.com", "company": "Example"})
    assert text.strip() and not re.search(r"^\W+$", text.replace("-- ", ""), re.M)
    assert ">, <" not in html and 'href=""' not in html and 'src=""' not in html


@pytest.mark.django_db
def test_what_a_company_begins_with_wears_its_colour_and_leads_nowhere_else(acme):
    acme.brand = {"colour": "#0e6e73"}
    with pen_scope(acme):
        for one in STARTERS.values():
            source = begin(one, acme)
            assert source.values["colour"] == "#0e6e73"
            assert not [value for _, value in source.written() if value.startswith(EXAMPLE)]
        assert set(Asset.objects.values_list("name", flat=True)) == {"paper", "winter"}
        assert all(len(row.alt.split()) > 3 for row in Asset.objects.all())
        begin(STARTERS["season"], acme)
        assert Asset.objects.count() == 2


@pytest.mark.parametrize("name", ["paper", "winter", "portrait"])
def test_our_own_drawings_are_small(name):
    assert len(drawing(name)) < 12_000


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", STARTERS)
def test_the_linter_finds_nothing_in_a_starter(name, language):
    one = STARTERS[name]
    album = {called: Known(picture, "What the picture shows") for called, picture in pictures(one).items()}
    with translation.override(language):
        begun = [one.begun(colour) for colour in COLOURS]
        assert lint(one.source(), kind=one.kind, slot=one.slot, album=album).findings == ()
    for source in begun:  # a link that is still to be written keeps it from being published, and nothing else
        found = lint(source, kind=one.kind, slot=one.slot, album=album).findings
        assert {finding.rule for finding in found} <= {"refused"}
