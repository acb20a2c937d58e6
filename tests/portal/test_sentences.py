"""Rules said as sentences, and the blanks by which they are changed."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec
import pytest
from django.utils import translation

from stationer.portal.content import blanks, sentence, standing, timing
from stationer.portal.content.letter import VIEWS, Shown, document
from stationer.portal.content.models import Campaign
from stationer.portal.content.parts import PARTS, source_of, with_part
from stationer.wire.rules import Recipients, Rule, Schedule, Senders
from stationer.wire.source import Source

FULL = Rule(
    senders=Senders(addresses=("bob@acme.example",), groups=("Sales", "Board"), packages=("employees",)),
    to=Recipients("outside", ("eve@x.example",), ("*.y.example",), ("Press",), ("Patients",), "all"),
    except_senders=Senders(groups=("Interns",), packages=("guests",)),
    except_to=Recipients(lists=("Suppliers",), domains=("z.example",), groups=("Board",)),
    when=Schedule("2026-11-02", "2026-12-03T18:00", (0, 1, 2, 3, 4), "08:00-17:30", "Europe/London"),
)
#: What the pages say, and cannot edit yet.
NARROW = Rule(
    senders=Senders(groups=("Sales",), where={"department": ("Sales", "Press"), "city": ("Truro",)}),
    except_senders=Senders(where={"title": ("Trainee",)}),
    when=Schedule(hours="08:00-17:30", not_on=("2026-12-24..2027-01-01", "bank holidays")),
)
NAMES = ["Sales", "Board", "Press", "Interns"]


def _said(pieces):
    return sentence.plain(pieces)


def test_a_rule_without_conditions_says_anyone():
    said = _said(sentence.campaign_sentence(Rule(), [("Hello", "banner", ("new",))]))
    assert said == "When anyone writes to anyone, put “Hello” under the signature of new mails."


def test_a_rule_says_its_groups_sides_and_exceptions():
    rule = Rule(
        Senders(groups=("Sales", "Reception")), Recipients("outside"), None, Recipients(lists=("Suppliers",))
    )
    said = _said(sentence.template_sentence(rule, fallback=False))
    assert said == (
        "When anyone in Sales or Reception writes to anyone outside except the list Suppliers, "
        "the mail is written on this one."
    )


def test_a_list_of_many_stays_a_sentence():
    rule = Rule(Senders(groups=tuple(f"G{n}" for n in range(40))))
    assert sentence.who(rule).text == "anyone in G0, G1 or 38 more"


def test_a_schedule_is_said_by_the_clock_it_goes_by():
    said = _said(sentence.when_sentence(FULL.when))
    assert said == (
        "From 2 November 2026 to 3 December 2026, 18:00, from Monday to Friday, 08:00–17:30, by the clock in London."
    )


@pytest.mark.parametrize("language", ["en-gb", "de"])
def test_every_sentence_keeps_its_blanks_in_every_language(language):
    with translation.override(language):
        names = {piece.blank for piece in sentence.campaign_sentence(FULL, [("A", "top", ("new", "reply"))])}
        assert {"who", "to", "what", "slot"} <= names
        assert {piece.blank for piece in sentence.when_sentence(FULL.when)} == {"when", ""}


def _sent(form):
    """What a browser sends for a form that nobody touched."""
    data = {}
    for bound in form:
        value = bound.value()
        if value not in (None, ""):
            data[bound.name] = value
    return data


@pytest.mark.parametrize(
    ("language", "who", "when", "held"),
    [
        (
            "en-gb",
            "anyone in Sales whose department is “Sales” or “Press” and city is “Truro” but anyone whose title",
            "every day but not on 24 December 2026 to 1 January 2027 and the days of bank holidays, 08:00–17:30",
            "Of 100 such mails, 10 go without it, for comparison.",
        ),
        (
            "de",
            "eine Person aus Sales mit department „Sales“ oder „Press“ und city „Truro“",
            "außer am 24. Dezember 2026 bis 1. Januar 2027 und den Tagen aus „bank holidays“, 08:00–17:30",
            "Von 100 solchen Mails gehen 10 ohne sie hinaus, zum Vergleich.",
        ),
    ],
)
def test_attributes_days_off_and_a_holdout_are_said(language, who, when, held):
    with translation.override(language):
        assert who in sentence.who(NARROW).text
        assert when in _said(sentence.when_sentence(NARROW.when))
        assert _said(sentence.campaign_sentence(NARROW, [("A", "top", ("new",))], 10)).endswith(held)


@pytest.mark.parametrize("rule", [Rule(), FULL, NARROW])
def test_a_blank_that_nobody_touched_changes_nothing(rule):
    for make in (
        lambda data=None: blanks.Who(rule, data, groups=NAMES, packages=["employees"], details={}),
        lambda data=None: blanks.Whom(rule, data, groups=NAMES, lists=["Patients", "Suppliers"]),
        lambda data=None: timing.When(rule, data),
    ):
        form = make(_sent(make()))
        assert form.is_valid(), form.errors
        assert form.change(rule) == rule


def test_a_group_that_is_gone_can_be_seen_and_unticked():
    form = blanks.Who(Rule(Senders(groups=("Gone",))), groups=["Sales"], packages=[], details={})
    assert ("Gone", "Gone (no longer there)") in form.fields["groups"].choices


def test_all_wrong_addresses_are_told_at_once():
    form = blanks.Who(
        Rule(), {"addresses": "nobody\nalice@acme.example\n@@"}, groups=[], packages=[], details={}
    )
    assert not form.is_valid()
    assert len(form.errors["addresses"]) == 2


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"starts": "2026-12-03", "ends": "2026-12-01"}, "ends"),
        ({"opens": "08:00"}, "closes"),
        ({"opens": "08:00", "closes": "08:00"}, "closes"),
        ({"starts_at": "08:00"}, "starts"),
    ],
)
def test_a_schedule_that_cannot_be_is_refused(data, field):
    form = timing.When(Rule(), {"zone": "UTC", **data})
    assert not form.is_valid()
    assert field in form.errors


def _campaign(state, **when):
    return Campaign(name="x", state=state, rule=msgspec.to_builtins(Rule(when=Schedule(**when))))


@pytest.mark.parametrize(
    ("campaign", "word"),
    [
        (_campaign("draft"), "Draft"),
        (_campaign("paused"), "Paused"),
        (_campaign("live"), "Running"),
        (_campaign("live", starts="2026-12-01"), "Starts 1 December"),
        (_campaign("live", ends="2026-11-19"), "Ended"),
        (_campaign("live", ends="2026-11-20"), "Running"),
    ],
)
def test_a_campaign_says_its_state_in_a_word(campaign, word):
    assert standing.standing(campaign, datetime(2026, 11, 20, 12, tzinfo=UTC)).word == word


def test_the_short_signature_serves_replies_and_forwards():
    parts = with_part({}, PARTS["short-signature"], Source("signature-short"))
    assert parts == {
        "reply": {"signature": Source("signature-short")},
        "forward": {"signature": Source("signature-short")},
    }
    assert source_of(parts, PARTS["short-signature"]) == Source("signature-short")
    assert with_part(parts, PARTS["short-signature"], None) == {}


def test_what_an_imported_template_says_else_for_forwards_is_left_alone():
    parts = {"reply": {"signature": Source("signature-short")}, "forward": {"signature": Source("signature")}}
    written = with_part(parts, PARTS["short-signature"], Source("signature-short", {"name": "x"}))
    assert written["forward"] == {"signature": Source("signature")}


@pytest.mark.parametrize("view", VIEWS)
def test_a_preview_shows_the_block_and_escapes_the_person(view):
    html = document(
        view,
        name="<b>Eve</b> Smith",
        address="eve@x.example",
        blocks=[Shown("banner", "<i>ours</i>", "ours & more")],
    )
    assert "<b>Eve</b>" not in html
    assert ("ours &amp; more" if view == "text" else "<i>ours</i>") in html
    assert ("wrote:" in html) == (view == "reply")


DETAILS = {"department": "Department", "shoe_size": "Shoe size"}


def test_what_details_must_say_is_written_one_a_line():
    rule = Rule(Senders(where={"department": ("Sales", "Board"), "gone": ("x",)}))
    shown = blanks.Who(rule, groups=[], packages=[], details=DETAILS)
    assert shown.initial["details"] == "Department: Sales, Board\ngone: x"
    said = {"details": "department: Sales ,Board\n\nSHOE SIZE: 42"}
    form = blanks.Who(rule, said, groups=[], packages=[], details=DETAILS)
    assert form.is_valid(), form.errors
    changed = form.change(rule)
    assert changed.senders.where == {"department": ("Sales", "Board"), "shoe_size": ("42",)}


def test_a_line_that_is_no_condition_is_told_and_what_there_is():
    said = {"details": "Sales\nHat: 7\nDepartment:"}
    form = blanks.Who(Rule(), said, groups=[], packages=[], details=DETAILS)
    first, second, third = form.errors["details"]
    assert "“Sales” is no condition" in first and "no condition" in third
    assert second == "Nobody has a detail “Hat”. There are: Department, Shoe size."
