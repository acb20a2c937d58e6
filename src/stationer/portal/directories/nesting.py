"""Who is in which group, when groups are in groups: circles and unknown names do no harm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stationer.portal.directories.told import Team


def places(teams: Sequence[Team]) -> dict[str, list[str]]:
    """key of a person → ids of all groups they are in, in the order of `teams`."""
    round_ = _round(teams)
    order = {team.key: place for place, team in enumerate(teams)}
    found: dict[str, set[str]] = {}
    for team in teams:
        outer = above(team.key, round_)
        for person in team.people:
            found.setdefault(person, set()).update(outer)
    return {
        person: [teams[place].id for place in sorted(order[key] for key in keys)]
        for person, keys in found.items()
    }


def above(key: str, round_: Mapping[str, Sequence[str]]) -> set[str]:
    """This group and every one round it."""
    seen = {key}
    waiting = [key]
    while waiting:
        for outer in round_.get(waiting.pop(), ()):
            if outer not in seen:
                seen.add(outer)
                waiting.append(outer)
    return seen


def _round(teams: Sequence[Team]) -> dict[str, list[str]]:
    """key → keys of the groups that it is in."""
    found: dict[str, list[str]] = {}
    for team in teams:
        for inner in team.teams:
            found.setdefault(inner, []).append(team.key)
    return found
