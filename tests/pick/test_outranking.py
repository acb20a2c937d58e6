"""A campaign that stands first nowhere is told why, and it is true (contract/pick.md §7)."""

from __future__ import annotations

from tests.pick import worlds

from stationer import pick
from stationer.wire.definition import Campaign, Definition, Management, Message
from stationer.wire.pick import Question
from stationer.wire.roll import Person, Roll
from stationer.wire.rules import Rule
from stationer.wire.words import Slot, Variant


def campaign(name: str, priority: int, slot: Slot, *variants: Variant) -> Campaign:
    message = Message(f"{name}/m", "", worlds.content("message", slot, name), variants=variants)
    return Campaign(name, name.upper(), Rule(), (message,), priority)


def why(*campaigns: Campaign, **settings: int) -> dict[str, tuple[str, str]]:
    """By campaign: the test that decided, and the sentence."""
    management = Management(**settings)  # type: ignore[arg-type]
    company = Definition("p", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), campaigns, management)
    snapshot = pick.load(pick.compile(company))
    roll = pick.read_roll(Roll("p", (), (Person("mem", "a@in.example", {}),)))
    told = pick.explain(snapshot, roll, Question("a@in.example", ["x@out.example"], []), now=0)
    return {one.id: (one.stage, one.why) for one in told.verdicts if one.kind == "campaign"}


A = campaign("a", 9, "banner", "reply")
C = campaign("c", 7, "footer", "new")


def test_one_that_stands_in_for_another_is_told_so_though_it_fell_to_the_settings_elsewhere() -> None:
    b = campaign("b", 5, "banner", "new", "reply")
    stage, said = why(A, C, b, most_messages=1)["b"]
    assert stage == "priority" and said == (
        "A ranks before it; it stands in where the conversation has shown that already. "
        "For the banner of new mails a mail may carry 1 message, and others rank before it."
    )


def test_one_whose_slot_another_has_is_told_which() -> None:
    rivals = [campaign(f"r{n}", 9 - n, "banner", "new") for n in range(3)]
    assert why(*rivals, campaign("z", 0, "banner", "new"))["z"] == (
        "priority",
        "R0 ranks before it in its slot.",
    )


def test_one_whose_slot_nobody_has_is_never_said_to_be_outranked_by_what_is_not_shown() -> None:
    rivals = [campaign(f"r{n}", 5 - n, "banner", "new") for n in range(4)]
    told = why(C, *rivals, most_messages=1)
    assert {told[f"r{n}"] for n in range(4)} == {
        ("settings", "A mail may carry 1 message, and others rank before it.")
    }


def test_where_mails_carry_no_messages_nobody_is_said_to_rank_before() -> None:
    assert why(A, most_messages=0)["a"] == (
        "settings",
        "The management settings let mails carry no messages.",
    )
