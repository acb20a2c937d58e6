"""Definitions that no form makes are refused with what to do, each at its place."""

from __future__ import annotations

import msgspec
import pytest
from tests.pick import worlds

from stationer import pick
from stationer.wire.definition import Campaign, Definition, Management, Message
from stationer.wire.rules import Rule, Senders


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
