"""The details of people that a source may call, for the chooser beside it: each with a label and an example."""

from __future__ import annotations

from dataclasses import dataclass

from stationer.portal.people.attributes import ASKED, label, offered
from stationer.portal.people.models import Member


@dataclass(frozen=True)
class Detail:
    """`{{name}}`, what it is called, and what it is of somebody here; empty when nobody has it yet."""

    place: str
    label: str
    example: str


def details(me: Member) -> list[Detail]:
    """What the members of the PEN have, the common ones first; my own values are the first examples."""
    examples: dict[str, str] = {}
    for attributes in [me.attributes, *Member.objects.values_list("attributes", flat=True)[:ASKED]]:
        for name, value in attributes.items():
            if value:
                examples.setdefault(name, " ".join(str(value).split())[:60])
    examples["email"] = me.address
    names = offered([examples])
    return [Detail("{{" + name + "}}", label(name), examples.get(name, "")) for name in names]
