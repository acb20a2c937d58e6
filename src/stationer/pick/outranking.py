"""Why a campaign that is for a mail stands first nowhere in it (contract/pick.md §7): the settings, or its betters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from stationer.pick import words
from stationer.pick.choosing import Chosen, Place, Ranked
from stationer.pick.index import Snapshot
from stationer.pick.snapshot import Offer

Lines = Mapping[Place, list[Ranked]]


def outranked(
    snapshot: Snapshot, number: int, campaign: Offer, chosen: Chosen
) -> tuple[Literal["settings", "priority"], str]:
    """The test that decided, and the sentence. `campaign` (its number) has what it may show these recipients."""
    management = snapshot.compiled.management
    if not management.most_messages:
        return "settings", "The management settings let mails carry no messages."
    wanted = [(variant, m.slot) for m in campaign.messages for variant in m.variants]
    if not any(slot in management.slots for _, slot in wanted):
        return "settings", "The management settings allow none of the slots that its messages stand in."
    over = _with(number, chosen.over)
    if waiting := _with(number, chosen.lines):
        before = _first(snapshot, chosen.lines, waiting)
        why = f"{before} ranks before it; it stands in where the conversation has shown that already."
        return "priority", f"{why} {_too_many(management.most_messages, over)}" if over else why
    standing = [place for place in wanted if place in chosen.lines]
    if standing and not over:
        return "priority", f"{_first(snapshot, chosen.lines, standing)} ranks before it in its slot."
    return "settings", _too_many(management.most_messages, ())


def _with(number: int, lines: Lines) -> list[Place]:
    """The places in whose line the campaign stands."""
    return [place for place, line in lines.items() if any(one.campaign == number for one in line)]


def _first(snapshot: Snapshot, lines: Lines, places: list[Place]) -> str:
    """The name of the campaign that stands first there."""
    return snapshot.compiled.campaigns[lines[places[0]][0].campaign].name


def _too_many(most: int, places: list[Place] | tuple[()]) -> str:
    where = f"For {words.places(places)} a" if places else "A"
    return f"{where} mail may carry {most} message{'s' * (most != 1)}, and others rank before it."
