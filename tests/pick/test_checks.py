"""A definition that is wrong is refused with everything that is wrong."""

from __future__ import annotations

import pytest

from stationer import pick
from stationer.wire.content import Content
from stationer.wire.definition import Campaign, Definition, Management, Message, Template
from stationer.wire.rules import Recipients, Rule, Schedule, Senders

BANNER = Content("message", "banner", ("x",), ("x",))


def test_all_problems_come_at_once_each_with_what_to_do() -> None:
    rule = Rule(
        senders=Senders(addresses=("nobody",)),
        to=Recipients(domains=("exa mple", "*."), lists=("vip",)),
        except_to=Recipients(),
        except_senders=Senders(),
        when=Schedule(starts="yesterday", zone="Nowhere"),
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
            Campaign("c", "C", Rule(), ()),
            Campaign("d", "D", rule, (Message("m", "M", BANNER, (), 0),)),
        ),
        management=Management(most_messages=-1),
        lists={"vips": ("a@b", "not an address")},
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
    }  # fmt: skip
    assert all(p.what.endswith(".") and p.next.endswith((".", "?")) for p in caught.value.problems)
    assert "Did you mean 'vips'?" in str(caught.value)


def test_an_empty_company_compiles() -> None:
    snapshot = pick.load(pick.compile(Definition("p", "P", ("a.example",), b"k" * 32, (), ())))
    assert snapshot.compiled.templates == ()


def test_addresses_and_domains_of_any_script_and_case_are_one() -> None:
    to = Recipients(addresses=("Bob@EXAMPLE.org",), domains=("BÜCHER.example", "*.bücher.example"))
    definition = Definition(
        "p",
        "P",
        ("In.Example.",),
        b"k" * 32,
        (),
        (Campaign("c", "C", Rule(to=to), (Message("m", "M", BANNER),)),),
    )
    snapshot = pick.load(pick.compile(definition))
    roll = pick.read_roll(pick.people.Roll("p", (), (pick.people.Person("m", "Ann@in.example", {}),)))
    for address in ("bob@example.ORG", "x@xn--bcher-kva.example", "x@bücher.example.", "x@a.Bücher.example"):
        asked = pick.choosing.Question(" ann@IN.example ", [address], [])
        assert pick.pick(snapshot, roll, asked, now=0, pick_id="").copies[0].new.banner, address
    asked = pick.choosing.Question("ann@in.example", ["x@other.example"], [])
    assert not pick.pick(snapshot, roll, asked, now=0, pick_id="").copies[0].new.banner
