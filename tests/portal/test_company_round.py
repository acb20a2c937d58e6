"""Round trips over companies that nobody thought of: what goes out says no change, and comes back byte for byte."""

from __future__ import annotations

import string

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stationer.pick.company import read
from stationer.portal.access.rights import EVERYTHING
from stationer.portal.company.deed import apply, undo
from stationer.portal.company.looking import look
from stationer.portal.company.models import Arrival
from stationer.portal.company.writing import as_it_is
from stationer.portal.content.importing import bring_in
from stationer.portal.content.manner import Manner
from stationer.portal.people.pens import create_pen
from stationer.portal.people.scope import pen_scope
from stationer.wire.words import SLOTS, VARIANTS

pytestmark = pytest.mark.django_db
SLOW = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)

words = st.text(
    alphabet=st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp", "Cn", "Co")),
    min_size=1,
    max_size=24,
).map(str.strip).filter(bool)  # fmt: skip
keys = st.text(string.ascii_lowercase + string.digits + "-", min_size=1, max_size=12)
local = st.text(string.ascii_lowercase + string.digits, min_size=1, max_size=10)
addresses = local.map(lambda name: f"{name}@acme.example")
attributes = st.dictionaries(
    st.text(string.ascii_lowercase, min_size=4, max_size=10).filter(
        lambda one: one not in ("address", "aliases", "groups", "package", "email", "company")
    ),
    words,
    max_size=3,
)
notes = st.fixed_dictionaries({"shape": st.just("note"), "words": words})
lists = st.dictionaries(words, st.lists(addresses, max_size=4, unique=True), max_size=3)


@st.composite
def companies(draw):
    groups = draw(st.lists(words, max_size=4, unique=True))
    some = st.lists(st.sampled_from(groups), max_size=3, unique=True) if groups else st.just([])
    people = [
        {"address": address, "groups": draw(some), "package": draw(st.sampled_from(["employees", "guests"]))}
        | draw(attributes)
        for address in draw(st.lists(addresses, max_size=6, unique=True))
    ]
    rule = st.fixed_dictionaries(
        {}, optional={"senders": st.fixed_dictionaries({"groups": some}), "to": st.sampled_from(["inside", "outside"]),
                      "weekdays": st.lists(st.sampled_from(["mon", "wed", "sun"]), min_size=1, unique=True)},
    )  # fmt: skip
    template = st.fixed_dictionaries(
        {"name": words, "priority": st.integers(-5, 5), "when": rule},
        optional={
            variant: st.dictionaries(st.sampled_from(SLOTS), notes, min_size=1, max_size=2)
            for variant in VARIANTS
        },
    )
    message = st.fixed_dictionaries(
        {"name": words, "content": notes, "weight": st.integers(1, 9)},
        optional={"variants": st.lists(st.sampled_from(VARIANTS), min_size=1, unique=True)},
    )
    campaign = st.fixed_dictionaries(
        {
            "name": words,
            "state": st.sampled_from(["live", "paused", "draft"]),
            "when": rule,
            "messages": st.dictionaries(keys, message, max_size=3),
        },
        optional={
            "holdout": st.integers(0, 90),
            "cool_down_h": st.integers(0, 99),
            "sequence": st.booleans(),
        },
    )
    return {
        "pen": {"id": "acme", "name": "ACME", "domains": ["acme.example"]},
        "management": {
            "most_messages": draw(st.integers(0, 5)),
            "mixed": draw(st.sampled_from(["shared", "copies"])),
        },
        "packages": ["employees", "guests"],
        "groups": {name: [] for name in groups},
        "people": people,
        "lists": draw(lists),
        "templates": draw(st.dictionaries(keys, template, max_size=3)),
        "campaigns": draw(st.dictionaries(keys, campaign, max_size=3)),
    }


def brought(said, pen):
    text = said if isinstance(said, str) else yaml.safe_dump(said, sort_keys=False, allow_unicode=True)
    bring_in(read(text), pen=pen, pictures={}, lists={}, manner=Manner(remove=True))


@SLOW
@given(said=companies())
def test_what_went_out_says_no_change_and_comes_back_byte_for_byte(portal, said):
    first, second = (create_pen(name, ("acme.example",), second_factor=False) for name in ("ACME", "Empty"))
    brought(said, first)
    with pen_scope(first):
        text = as_it_is()
        assert look(text, name="again", absent="remove").told() == []
    brought(text, second)
    with pen_scope(second):
        back = as_it_is().replace(second.outside_id, first.outside_id)
    assert back == text


@SLOW
@given(before=companies(), after=companies())
def test_one_company_becomes_another_and_is_taken_back_byte_for_byte(portal, before, after):
    pen = create_pen("ACME", ("acme.example",), second_factor=False)
    brought(before, pen)
    with pen_scope(pen):
        was = as_it_is()
        row = look(yaml.safe_dump(after, sort_keys=False, allow_unicode=True), name="b", absent="remove")
        apply(row, EVERYTHING, sure=True)
        assert look(row.file_text, name="again", absent="remove").told() == []
        undo(Arrival.objects.get(pk=row.pk), EVERYTHING)
        assert as_it_is() == was
