"""What rules and sources say of themselves."""

from __future__ import annotations

from stationer.wire.rules import Senders
from stationer.wire.source import Element, Source


def test_senders_without_addresses_groups_and_packages_name_nobody() -> None:
    assert Senders().names_nobody() and Senders(where={"department": ("Sales",)}).names_nobody()
    assert not Senders(addresses=("alice@acme.example",)).names_nobody()
    assert not Senders(groups=("Sales",)).names_nobody() and not Senders(packages=("guests",)).names_nobody()


def test_a_source_names_the_place_of_every_value() -> None:
    source = Source("form", {"ground": "pale"}, "", (Element("divider"), Element("text", {"words": "x"})))
    assert dict(source.written()) == {"ground": "pale", "elements/1/words": "x"}
    assert list(Source("note", {"words": "x"}).written()) == [("words", "x")]
