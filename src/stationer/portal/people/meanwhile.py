"""Two at one person: a form keeps what it changed and leaves what somebody else changed since it was shown.

What the form showed travels with it (`was`), so that what is sent can be told from what was only there. Where both
changed the same field nothing is kept: the person is told what it says now, and may save again.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from stationer.portal.people.models import Member
from stationer.wire import ids

#: By the form's field: a text, or a list of texts of which each counts by itself.
Said = dict[str, str | list[str]]


def said_of(row: Member) -> Said:
    """What a person's form shows of them."""
    said: Said = {f"a_{name}": value for name, value in row.attributes.items()}
    return said | {
        "address": row.address,
        "aliases": list(row.aliases),
        "groups": [ids.outside("group", key) for key in row.places.values_list("group_id", flat=True)],
        "package": ids.outside("package", row.package_id),
    }


def carried(said: Said) -> str:
    """As a form carries it."""
    return msgspec.json.encode(said).decode()


def shown(sent: str, now: Said) -> Said:
    """What a form showed; what is there now, where it does not say so itself."""
    try:
        return now | msgspec.json.decode(sent, type=dict[str, str | list[str]])
    except msgspec.MsgspecError:
        return now


def merged(was: Said, mine: Mapping[str, str | list[str]], now: Said) -> tuple[Said, list[str]]:
    """What is to be kept, and the fields that were changed on both sides to different things."""
    kept: Said = {}
    clashes = []
    for name, wanted in mine.items():
        before, there = was.get(name, ""), now.get(name, "")
        if isinstance(wanted, list):
            kept[name] = _each(list(before), wanted, list(there))
        elif wanted == before:
            kept[name] = there
        elif there in (before, wanted):
            kept[name] = wanted
        else:
            clashes.append(name)
    return kept, clashes


def _each(before: list[Any], wanted: list[Any], there: list[Any]) -> list[Any]:
    """What is there, without what was taken out, and with what was put in."""
    left = [one for one in there if one in wanted or one not in before]
    return left + [one for one in wanted if one not in before and one not in there]


def explained(name: str, now: Said, called: Mapping[str, str]) -> str:
    """What a clashing field says now; `called` are the names of packages by their id."""
    text = str(now.get(name, ""))
    return called.get(text, text)
