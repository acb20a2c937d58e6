"""Two who write at once, and one version against another: thing by thing, so that nobody's words go by mistake."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec
from django.utils.translation import gettext as _

from stationer.portal.notices.forms import NAMES, NoticeForm, label_of
from stationer.portal.notices.models import Wording
from stationer.portal.people.models import Package
from stationer.portal.people.pens import called
from stationer.portal.publishing.telling import Line

#: Where something stands in a wording: `("phone",)`, `("words", "de", "go")`, `("message", PACKAGE, "en")`.
Place = tuple[str, ...]
SINGLE = ("address", "phone", "tag", "languages")
BY_LANGUAGE = ("words", "notification", "message")


def things(said: Wording) -> dict[Place, Any]:
    """All that it says, by its place."""
    plain: dict[str, Any] = msgspec.to_builtins(said)
    found: dict[Place, Any] = {(name,): plain[name] for name in SINGLE}
    for kind in BY_LANGUAGE:
        for whose, texts in plain[kind].items():
            found |= {(kind, whose, name): text for name, text in texts.items()}
    return found


def _wording(found: dict[Place, Any]) -> Wording:
    plain: dict[str, Any] = {}
    for place, value in found.items():
        if len(place) == 1:
            plain[place[0]] = value
        elif value:
            plain.setdefault(place[0], {}).setdefault(place[1], {})[place[2]] = value
    return msgspec.convert(plain, Wording)


def together(mine: Wording, base: Wording, theirs: Wording) -> tuple[Wording, frozenset[Place]]:
    """Both changes of `base` in one; and where both changed the same thing differently: there it is mine."""
    my, before, their = things(mine), things(base), things(theirs)
    both, torn = {}, set()
    for place in {**their, **my}:
        kept = my.get(place) == before.get(place)
        both[place] = their.get(place) if kept else my.get(place)
        if not kept and their.get(place) not in (before.get(place), my.get(place)):
            torn.add(place)
    return _wording(both), frozenset(torn)


def differences(before: Wording, after: Wording, packages: Iterable[Package]) -> list[tuple[Place, Line]]:
    """What differs, with what each thing is called."""
    was, now = things(before), things(after)
    names = {row.outside_id: called(row) for row in packages}
    return [
        (place, Line(_title(place, names), _words(was.get(place)), _words(now.get(place))))
        for place in {**was, **now}
        if (was.get(place) or "") != (now.get(place) or "")
    ]


def _title(place: Place, packages: dict[str, str]) -> str:
    if len(place) == 1:
        return str(NoticeForm.base_fields[place[0]].label)
    kind, whose, name = place
    if kind == "words":
        return f"{NAMES.get(whose, whose)}, {label_of(name)}"
    under = _("under notifications") if kind == "notification" else _("under secure messages")
    return f"{packages.get(whose, _('a package that is gone'))}, {under}, {NAMES.get(name, name)}"


def _words(value: Any) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(NAMES.get(one, one)) for one in value)
    return str(value or "")
