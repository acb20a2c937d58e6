"""The linter finds every planted fault, where it is, and nothing beside it; its mends take away what they are for and
leave nothing new; it says nothing of what is well made, and never fails whatever it is given."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.compose.faults import FAULTS
from tests.compose.planting import ALBUM, CLEAN, Fault

from stationer.compose import press
from stationer.compose.lint import FACTS, RULES, SEVERITIES, TABLE, lint, mended, together
from stationer.wire.source import Element, Source


def found(source: Source):
    return lint(source, kind="message", slot="banner", album=ALBUM)


def test_there_is_nothing_to_find_in_what_is_well_made() -> None:
    assert found(Source("mjml", {"mjml": CLEAN})).findings == ()


def test_there_are_forty_and_more_faults_and_each_has_a_name() -> None:
    assert len({fault.name for fault in FAULTS}) == len(FAULTS) >= 40


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.name.replace(" ", "-"))
def test_it_finds_the_planted_fault_and_nothing_else(fault: Fault) -> None:
    linted = found(fault.source)
    assert [one.rule for one in linted.findings] == [fault.rule]
    one = linted.findings[0]
    assert (one.where, one.line) == (fault.where, fault.line or None)
    assert "{" not in (one.what + one.next + one.mend).replace("{{", "")
    assert one.breaks


@pytest.mark.parametrize(
    "fault", [f for f in FAULTS if found(f.source).findings[0].edits], ids=lambda f: f.name.replace(" ", "-")
)
def test_its_mend_takes_the_fault_away_and_leaves_nothing_new(fault: Fault) -> None:
    one = found(fault.source).findings[0]
    assert one.mend
    after = mended(fault.source, one)
    assert after is not None
    assert found(after).findings == ()
    assert fault.mended in msgspec.json.decode(msgspec.json.encode(after))["values"].get("mjml", "") or any(
        fault.mended in value for _, value in after.written()
    )
    pressed = press(after, kind="message", slot="banner", pictures={n: k.picture for n, k in ALBUM.items()})
    assert pressed.content
    assert mended(after, one) is None, "a mend is not put in twice"


def test_every_rule_is_planted_and_every_fact_that_is_named_is_known() -> None:
    planted = {fault.rule for fault in FAULTS}
    assert set(RULES) - planted == {"refused", "clipped-together"}
    assert {rule.fact for rule in RULES.values() if rule.fact} <= set(FACTS)
    for fault in FAULTS:
        assert all(one.fact in FACTS for one in found(fault.source).findings if one.fact)
    assert all(
        rule.severity in SEVERITIES and (rule.breaks or fault_names(rule.id)) for rule in RULES.values()
    )
    assert (
        TABLE.source == "https://www.caniemail.com"
        and TABLE.taken > max(f.tested for f in FACTS.values())[:7]
    )


def test_the_contract_names_every_rule_with_its_severity() -> None:
    said = (Path(__file__).parents[2] / "contract" / "lint.md").read_text(encoding="utf-8")
    for rule in RULES.values():
        assert f"| `{rule.id}` | {rule.severity} |" in said


def fault_names(rule: str) -> bool:
    return RULES[rule].fact in FACTS or any(
        f.rule == rule and found(f.source).findings[0].fact for f in FAULTS
    )


def test_what_cannot_be_published_stands_first_and_is_an_error() -> None:
    source = Source("mjml", {"mjml": CLEAN.replace("</mj-text>", "") + "<p>!!!</p>"})
    findings = found(source).findings
    assert findings[0].severity == "error" and findings[-1].rule == "exclaimed"
    assert [SEVERITIES.index(f.severity) for f in findings] == sorted(
        SEVERITIES.index(f.severity) for f in findings
    )
    assert found(Source("nothing-of-the-kind")).findings[0].rule == "refused"
    assert (
        found(Source("banner", {"headline": "Hello"}, elements=(Element("heading"),))).findings[0].rule
        == "refused"
    )


def test_blocks_that_are_too_much_together_are_told() -> None:
    assert together([20_000, 20_000, 20_000]) is None
    assert together([30_000, 30_000, 30_000, 30_000]).rule == "clipped-together"


def test_with_pictures_off_the_words_and_what_stands_in_the_pictures_places_are_read() -> None:
    assert found(Source("mjml", {"mjml": CLEAN})).unpictured == (
        "Our open evening",
        "[The garden behind the practice]",
        "Keep a place",
    )
    elements = (
        Element("heading", {"words": "Ask {{name}}"}),
        Element("picture", {"picture": "garden", "alt": ""}),
    )
    assert found(Source("form", {}, elements=elements)).unpictured == ("Ask {{name}}", "[…]")


@pytest.mark.parametrize(
    ("words", "address"),
    [
        ("www.acme.example", "https://acme.example/x"),
        ("shop.acme.co.uk", "https://www.acme.co.uk/"),
        ("acme.example", "https://tickets.acme.example/"),
        ("{{website}}", "https://other.example/"),
        ("price-list.pdf", "https://files.example/1"),
        ("us@acme.example", "https://other.example/form"),
        ("us@acme.example", "mailto:us@acme.example?subject=Hello"),
        ("Call us", "tel:+441632960000"),
    ],
)
def test_a_link_may_name_its_own_domain_in_any_way(words: str, address: str) -> None:
    source = Source("form", {}, elements=(Element("button", {"label": words, "link": address}),))
    assert found(source).findings == ()


def test_another_companys_domain_under_the_same_ending_is_another_domain() -> None:
    button = Element("button", {"label": "acme.co.uk", "link": "https://other.co.uk/"})
    one = found(Source("form", {}, elements=(button,))).findings[0]
    assert (
        one.rule == "link-domain" and one.said["named"] == "acme.co.uk" and one.said["host"] == "other.co.uk"
    )


def test_a_mend_that_is_late_changes_nothing() -> None:
    fault = next(f for f in FAULTS if f.rule == "exclaimed")
    one = found(fault.source).findings[0]
    elements = (*fault.source.listed[:1], Element("text", {"words": "Otherwise"}))
    assert mended(msgspec.structs.replace(fault.source, elements=elements), one) is None
    assert mended(msgspec.structs.replace(fault.source, elements=fault.source.listed[:1]), one) is None
    assert (
        mended(msgspec.structs.replace(fault.source, elements=(Element("text"), Element("gone"))), one)
        is None
    )
    assert (
        mended(Source("gone"), next(f for f in map(first, FAULTS) if f.where == "mjml" and f.edits)) is None
    )
    assert one.key == found(fault.source).findings[0].key != first(FAULTS[5]).key


def first(fault: Fault):
    return found(fault.source).findings[0]


PIECES = st.sampled_from(
    [
        "<mj-text>", "</mj-text>", "<p style='", "'", '<a href="', '">', "</a>", "<img src=picture:logo>", "{{name}}", "{{",
        "<mj-style>", "@media {", "}", ":hover{", "color:", "rgba(1,2,3,.5)", "hsl(120,50%,50%)", "#fff", "font:", "!",
        "!important", ";", "&quot;", "<!--", "-->", "<table width='", "background=", "onclick='", "\n", "http://", "ä",
        "<mj-image ", "/>", 'alt="', "width=", "\x00", "<div style='padding:1px'>", "</div>", "SHOUTING LOUDLY ALL DAY",
    ]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join), st.booleans())
def test_it_never_fails_and_every_mend_is_one(said: str, whole: bool) -> None:
    source = Source("mjml", {"mjml": CLEAN.replace("Our", said) if whole else said})
    for one in found(source).findings:
        if one.edits:
            assert mended(source, one) not in (None, source)


@given(st.text(), st.text(), st.text())
def test_whatever_stands_in_the_fields_of_a_form(words: str, link: str, picture: str) -> None:
    elements = (
        Element("text", {"words": f"[{words}]({link}) {words}"}),
        Element("button", {"label": words, "link": link}),
        Element("picture", {"picture": picture, "alt": words}),
        Element("columns", {"words_1": words, "link_2": link, "picture_3": "garden"}),
    )
    source = Source("form", {}, words, elements)
    for one in found(source).findings:
        if one.edits:
            assert mended(source, one) not in (None, source)
