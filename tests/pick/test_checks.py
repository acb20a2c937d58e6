"""A definition that is wrong is refused with everything that is wrong."""

from __future__ import annotations

import pytest

from stationer import pick
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.pick import Question
from stationer.wire.rules import Recipients, Rule, Schedule, Senders

BANNER = Content("message", "banner", ("x",), ("x",))


def test_all_problems_come_at_once_each_with_what_to_do() -> None:
    rule = Rule(
        senders=Senders(addresses=("nobody",), where={"department": ("Sales", " "), "": ("x",), "city": ()}),
        to=Recipients(domains=("exa mple", "*."), lists=("vip",)),
        except_to=Recipients(),
        except_senders=Senders(),
        when=Schedule(starts="yesterday", zone="Nowhere", not_on=("bnk", "2026-02-30")),
    )
    definition = Definition(
        pen="p",
        name="P",
        domains=(),
        mark_key=b"short",
        templates=(
            Template("t", "T", Rule(), {"new": (BANNER, BANNER)}, fallback=True),
            Template("t", "T", rule, {}, fallback=True),
        ),
        campaigns=(
            Campaign("c", "C", Rule(), (), holdout=91),
            Campaign("d", "D", rule, (Message("m", "M", BANNER, (), 0),)),
        ),
        management=Management(
            most_messages=-1,
            most_copies=1,
            blackout=(Schedule(zone="Europe/London"), Schedule(hours="all day")),
            quiet_groups=("",),
        ),
        lists={"vips": ("a@b", "not an address")},
        calendars={"bank": ("2026-12-25", "Christmas"), "2026-12-25": ()},
    )
    with pytest.raises(pick.DefinitionErrors) as caught:
        pick.compile(definition)
    found = {problem.where for problem in caught.value.problems}
    assert found >= {
        "pen", "pen/domains", "management/most_messages", "lists/vips/1", "templates/t", "templates/t/fallback",
        "templates/t/when", "templates/t/new/banner", "campaigns/c", "campaigns/d/messages/m/weight",
        "campaigns/d/messages/m/variants", "campaigns/d/when/senders/addresses/0", "campaigns/d/when/to/domains/0",
        "campaigns/d/when/to/domains/1", "campaigns/d/when/to/lists/0", "campaigns/d/when/except_to",
        "campaigns/d/when/except_senders", "campaigns/d/when/starts", "campaigns/d/when/zone",
        "campaigns/d/when/not_on/0", "campaigns/d/when/not_on/1", "campaigns/d/when/senders/where/department/1",
        "campaigns/d/when/senders/where", "campaigns/d/when/senders/where/city", "campaigns/c/holdout",
        "management/most_copies", "management/blackout/0", "management/blackout/1/hours",
        "management/quiet_groups/0", "calendars/bank/1", "calendars/2026-12-25",
    }  # fmt: skip
    assert all(p.what.endswith(".") and p.next.endswith((".", "?")) for p in caught.value.problems)
    assert "Did you mean 'vips'?" in str(caught.value) and "Did you mean 'bank'?" in str(caught.value)


def test_an_empty_company_compiles() -> None:
    fallback = Template("t", "T", Rule(), {}, fallback=True)
    snapshot = pick.load(pick.compile(Definition("p", "P", ("a.example",), b"k" * 32, (fallback,), ())))
    assert snapshot.compiled.campaigns == ()


def test_a_definition_without_a_fallback_is_refused_with_what_to_do() -> None:
    some = Template("t", "T", Rule(to=Recipients(side="inside")), {})
    with pytest.raises(pick.DefinitionErrors) as caught:
        pick.compile(Definition("p", "P", ("a.example",), b"k" * 32, (some,), ()))
    [problem] = caught.value.problems
    assert problem.where == "templates" and "Make one template the fallback" in problem.next


def test_addresses_and_domains_of_any_script_and_case_are_one() -> None:
    to = Recipients(addresses=("Bob@EXAMPLE.org",), domains=("BÜCHER.example", "*.bücher.example"))
    definition = Definition(
        "p",
        "P",
        ("In.Example.",),
        b"k" * 32,
        (Template("t", "T", Rule(), {}, fallback=True),),
        (Campaign("c", "C", Rule(to=to), (Message("m", "M", BANNER),)),),
    )
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(pick.people.Roll("p", (), (pick.people.Person("m", "Ann@in.example", {}),)))
    for address in ("bob@example.ORG", "x@xn--bcher-kva.example", "x@bücher.example.", "x@a.Bücher.example"):
        asked = Question(" ann@IN.example ", [address], [])
        assert pick.pick(snapshot, roll, asked, now=0, pick_id="").copies[0].new.banner, address
    asked = Question("ann@in.example", ["x@other.example"], [])
    assert not pick.pick(snapshot, roll, asked, now=0, pick_id="").copies[0].new.banner
