"""Company files that are meant to do harm, or are none: each is told by a line and a sentence, at little cost."""

from __future__ import annotations

import pytest

from stationer.pick.company import CompanyErrors, read
from stationer.pick.company.forms import MOST_PROBLEMS
from stationer.pick.company.tree import MOST_DEEP

PEN = "pen: {id: x, name: X, domains: [x.example]}\n"
#: Ten lines of aliases: ten to the tenth values.
LAUGHS = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)


def problems(text):
    with pytest.raises(CompanyErrors) as caught:
        read(text)
    return caught.value.problems


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (LAUGHS, 7, "2,000,000 values"),
        (PEN + "groups: &g {board: *g}\n", 2, "*g stands inside itself"),
        (PEN + "people: &p [*p]\n", 2, "*p stands inside itself"),
        (PEN + "people: *nobody\n", 2, "undefined alias"),
        (PEN + "people: !!python/object/apply:os.system ['true']\n", 2, "python/object/apply:os.system"),
        (PEN + "people: !custom [x]\n", 2, "!custom"),
        (PEN + "people: " + "[" * 200_000 + "\n", 2, f"{MOST_DEEP} deep"),
        (PEN + "people: " + "{a: " * 200_000 + "\n", 2, f"{MOST_DEEP} deep"),
        (PEN + "---\n" + PEN, 2, "another document"),
        ("%YAML 3.0\n---\n" + PEN, 1, "incompatible"),
        ("format: 2\n" + PEN, 1, "of format '2'; here format 1 is read"),
        ("format: [1]\n" + PEN, 1, "of format a table"),
        (PEN + "format: one\n", 2, "of format 'one'"),
        (
            PEN + "pen: {id: y, name: Y, domains: [y.example]}\n",
            2,
            "'pen' stands here twice; the first time on line 1",
        ),
        (PEN + "campaings: {}\n", 2, "There is no 'campaings' here."),
        (PEN + "? [a, b]\n: c\n", 2, "not a name"),
        (PEN + "lists: {a: [\x07]}\n", 2, "not YAML text"),
        ("", 1, "empty"),
        ("# nothing but a remark\n", 1, "empty"),
        ("- a\n- b\n", 1, "table of names and values"),
    ],
)
def test_each_is_told_with_its_line_and_what_to_do(text, line, words):
    found = problems(text)
    assert any(one.line == line and words in one.what and one.next for one in found), found[:3]


def test_a_file_that_is_wrong_throughout_is_not_told_for_ever():
    found = problems(PEN + "".join(f"wrong{n}: x\n" for n in range(50_000)))
    assert len(found) == MOST_PROBLEMS + 1
    assert "more that is wrong" in found[-1].what or "more that is wrong" in found[0].what


def test_many_groups_that_name_their_members_cost_one_look_at_each():
    count = 2_000
    groups = "".join(f"  g{n}: [p{n}@x.example]\n" for n in range(count))
    people = "".join(f"  - {{address: p{n}@x.example}}\n" for n in range(count))
    said = read(f"{PEN}groups:\n{groups}people:\n{people}")
    assert [person.groups for person in said.people] == [(f"g{n}",) for n in range(count)]


def test_an_anchor_may_stand_for_what_is_said_once():
    said = read(PEN + "lists: {a: &a [a@example.org], b: *a}\n")
    assert said.lists["a"].addresses == said.lists["b"].addresses == ("a@example.org",)


def test_format_one_is_what_is_meant_where_nothing_is_said():
    assert read("format: 1\n" + PEN).pen == read(PEN).pen
