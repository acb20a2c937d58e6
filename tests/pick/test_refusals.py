"""Definitions that no form makes are refused with what to do, each at its place."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from tests.pick import worlds

from stationer import pick
from stationer.wire.definition import Campaign, Caps, Definition, Management, Message
from stationer.wire.rules import Recipients, Rule, Senders


def places(definition: Definition) -> set[str]:
    with pytest.raises(pick.DefinitionErrors) as caught:
        pick.compile(definition)
    return {problem.where for problem in caught.value.problems}


def test_what_is_below_nought_empty_or_unknown_is_named_by_its_place() -> None:
    message = Message("m", "", worlds.content("message", "banner", "m"))
    nowhere = msgspec.structs.replace(message, content=msgspec.structs.replace(message.content, slot="roof"))  # type: ignore[arg-type]
    campaigns = (
        Campaign("c", "C", Rule(Senders(groups=("",))), (message,)),
        Campaign("d", "D", Rule(), (msgspec.structs.replace(nowhere, id="n"),)),
        Campaign("", "E", Rule(), (msgspec.structs.replace(message, id="o"),)),
    )
    management = Management(hold_limit_ms=-1)
    found = places(
        Definition("p", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), campaigns, management)
    )
    assert "management/hold_limit_ms" in found
    assert any(place.startswith("campaigns/c") for place in found)
    assert any(place.endswith("/slot") for place in found)
    assert len(found) >= 4


@pytest.mark.parametrize(
    ("asked", "place"),
    [
        ({"caps": Caps(day=-1)}, "caps/day"),
        ({"caps": Caps(week=10_001)}, "caps/week"),
        ({"caps": Caps(day=3, week=2)}, "caps/day"),
        ({"caps": Caps(week=3, ever=2)}, "caps/ever"),
        ({"cool_down_h": -1}, "cool_down_h"),
        ({"sequence": True}, "sequence"),
    ],
)
def test_what_no_memory_can_keep_is_refused_at_its_place(asked: dict[str, Any], place: str) -> None:
    message = Message("m", "", worlds.content("message", "banner", "m"))
    campaign = Campaign("c", "C", Rule(), (message,), **asked)
    found = places(Definition("p", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), (campaign,)))
    assert found == {f"campaigns/c/{place}"}


def test_ids_that_stand_twice_and_exceptions_that_are_no_addresses_are_named() -> None:
    message = Message("m", "", worlds.content("message", "banner", "m"))
    rule = Rule(except_senders=Senders(addresses=("nobody",)), except_to=Recipients(domains=("exa mple",)))
    campaigns = (Campaign("c", "C", rule, (message,)), Campaign("d", "D", Rule(), (message,)))
    found = places(Definition("p", "P", ("in.example",), b"k" * 32, (worlds.FALLBACK,), campaigns))
    assert found == {
        "messages/m",
        "campaigns/c/when/except_senders/addresses/0",
        "campaigns/c/when/except_to/domains/0",
    }
