"""Audit rows in words: what happened to what, and each line before and after, in the reader's language."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec
from django.urls import NoReverseMatch, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from stationer.portal.access.rights import ROLE_NAMES, SENTENCES
from stationer.portal.audit.models import Entry
from stationer.portal.people.attributes import label
from stationer.portal.publishing.changes import Difference
from stationer.portal.publishing.telling import Line, lines

#: Saves of one thing by one person, no further apart than this, are shown as one.
TOGETHER = timedelta(minutes=15)
LONGEST = 200
Words = dict[str, str | Promise]

NOUNS: Words = {
    "template": lazy("template"),
    "campaign": lazy("campaign"),
    "message": lazy("message"),
    "asset": lazy("picture"),
    "member": lazy("person"),
    "group": lazy("group"),
    "groupmember": lazy("place in a group"),
    "package": lazy("package"),
    "addresslist": lazy("list of addresses"),
    "device": lazy("device"),
    "membership": lazy("right to sign in"),
    "role": lazy("role"),
    "pen": lazy("settings"),
    "publication": lazy("version"),
    "entry": lazy("audit"),
    "session": lazy("session"),
    "factor": lazy("second factor"),
    "domain": lazy("domain"),
}
DONE: Words = {
    "made": lazy("added"),
    "changed": lazy("changed"),
    "removed": lazy("removed"),
    "published": lazy("published"),
    "exported": lazy("exported"),
    "imported": lazy("imported"),
    "undone": lazy("undone"),
    "revoked": lazy("revoked"),
    "proven": lazy("proven"),
}
ICONS = {
    "made": "plus",
    "removed": "bin",
    "published": "publish",
    "exported": "download",
    "imported": "inbox",
}
FIELDS: Words = {
    "name": lazy("Name"), "address": lazy("Address"), "aliases": lazy("Further addresses"),
    "attributes": lazy("Details"), "package": lazy("Package"), "groups": lazy("Groups"), "role": lazy("Role"),
    "own_role": lazy("Own role"), "rights": lazy("Rights"), "account": lazy("Account"), "member": lazy("Person"),
    "rule": lazy("Rule"), "parts": lazy("Parts"), "source": lazy("Content"), "priority": lazy("Rank"),
    "fallback": lazy("For everyone else"), "state": lazy("State"), "holdout": lazy("Held back"),
    "caps": lazy("Caps"), "domains": lazy("Domains"), "hold_limit_ms": lazy("Longest wait, in milliseconds"),
    "most_messages": lazy("Messages in one mail, at most"), "zone": lazy("Clock"), "brand": lazy("Looks"),
    "pictures": lazy("Pictures in mails"), "disclaimer": lazy("Disclaimer"), "addresses": lazy("Addresses"),
    "revoked_at": lazy("Revoked"), "kind": lazy("Kind"), "scopes": lazy("May"), "serial": lazy("Number"),
    "about": lazy("About"), "group": lazy("Group"), "campaign": lazy("Campaign"), "slot": lazy("Place"),
    "variants": lazy("Kinds of mail"), "second_factor": lazy("Second factor before Publish"), "alt": lazy("Alt text"),
}  # fmt: skip
#: Nouns whose lines Publish already tells well.
TOLD_BY_PUBLISHING = {"template", "campaign", "message", "pen", "addresslist"}
PAGES = {
    "template": "template", "campaign": "campaign", "message": "message", "member": "member", "group": "group",
    "role": "role",
}  # fmt: skip


@dataclass
class Told:
    """One row of the page: perhaps several saves in one."""

    entry: Entry
    icon: str
    noun: str
    done: str
    url: str
    saves: int = 1
    since: datetime | None = None
    lines: list[Line] = field(default_factory=list)
    raw: dict[str, dict[str, Any]] = field(default_factory=dict)


def noun(key: str) -> str:
    """What a noun is called; a new one by its own name until it has a word."""
    return str(NOUNS.get(key, key))


def told(rows: Iterable[Entry], zone: str) -> list[Told]:
    """Rows, the newest first, as the page shows them."""
    found: list[Told] = []
    for row in rows:
        if found and _belongs(found[-1], row):
            _join(found[-1], row)
        else:
            found.append(_one(row))
    for one in found:
        one.lines = list(_lines(one.entry.noun, one.raw.values(), zone))
    return found


def _one(row: Entry) -> Told:
    done = str(DONE.get(row.what, row.what))
    if row.noun == "publication" and row.what == "made":
        done = str(DONE["published"])
    if row.what == "changed" and any(line["about"] == "revoked_at" for line in row.lines):
        done = str(DONE["revoked"])
    raw = {str(line["about"]): dict(line) for line in row.lines}
    return Told(row, ICONS.get(row.what, "pencil"), _counted(row), done, _url(row), raw=raw)


def _counted(row: Entry) -> str:
    if row.count == 1:
        return noun(row.noun)
    return ngettext("{n} × {noun}", "{n} × {noun}", row.count).format(n=row.count, noun=noun(row.noun))


def _url(row: Entry) -> str:
    if row.noun not in PAGES or row.what == "removed" or not row.noun_id:
        return ""
    try:
        return reverse(PAGES[row.noun], args=[row.noun_id])
    except NoReverseMatch:
        return ""


def _belongs(one: Told, row: Entry) -> bool:
    newest, since = one.entry, one.since or one.entry.at
    same = (newest.what, newest.noun, newest.noun_id, newest.account) == (
        row.what, row.noun, row.noun_id, row.account,
    )  # fmt: skip
    return same and row.what == "changed" and bool(row.noun_id) and since - row.at <= TOGETHER


def _join(one: Told, row: Entry) -> None:
    """An older save of the same thing: what it found is what was there before."""
    one.saves, one.since = one.saves + 1, row.at
    for line in row.lines:
        newer = one.raw.setdefault(str(line["about"]), dict(line))
        newer["before"] = line["before"]


def _lines(kind: str, raw: Iterable[dict[str, Any]], zone: str) -> Iterator[Line]:
    for line in raw:
        about, before, after = str(line["about"]), line.get("before"), line.get("after")
        if before == after:
            continue
        by_publishing = _published(kind, about, before, after, zone) if kind in TOLD_BY_PUBLISHING else None
        if by_publishing is not None:
            yield from by_publishing
        elif isinstance(before or {}, dict) and isinstance(after or {}, dict) and (before or after):
            yield from _by_key(about, before or {}, after or {})
        else:
            yield Line(field_label(about), value(about, before), value(about, after))


def _published(kind: str, about: str, before: Any, after: Any, zone: str) -> list[Line] | None:
    """As the Publish page tells it; None where it cannot (a field it does not know, a value of another version)."""
    try:
        found = [
            line for line in lines(kind, Difference(about, before, after), zone) if line.before != line.after
        ]
    except (KeyError, TypeError, ValueError, AttributeError, msgspec.MsgspecError):
        return None
    return found or None


def _by_key(about: str, before: dict[str, Any], after: dict[str, Any]) -> Iterator[Line]:
    for key in {**before, **after}:
        if before.get(key) != after.get(key):
            name = label(key) if about == "attributes" else f"{field_label(about)}, {key}"
            yield Line(name, value(key, before.get(key)), value(key, after.get(key)))


def field_label(name: str) -> str:
    """What a field is called."""
    return str(FIELDS.get(name, name.replace("_", " ")))


def value(about: str, one: Any) -> str:
    """A value as one line of words."""
    if one is None or one == "" or one == []:
        return ""
    if isinstance(one, bool):
        return _("yes") if one else _("no")
    if about == "role" and one in ROLE_NAMES:
        return str(ROLE_NAMES[one])
    if about in ("rights", "scopes") and isinstance(one, list):
        return _short("; ".join(str(SENTENCES.get(right, right)) for right in one))
    if isinstance(one, list) and all(isinstance(part, str) for part in one):
        return _short(", ".join(one))
    if isinstance(one, dict | list):
        return _short(msgspec.json.encode(one).decode())
    return _short(str(one))


def _short(text: str) -> str:
    line = " / ".join(part for part in text.split("\n") if part.strip())
    return line if len(line) <= LONGEST else line[: LONGEST - 1] + "…"


def who(row: Entry) -> str:
    """Who did it: a person, a key, a device, or the server itself."""
    if row.via == "key":
        return _("the API key “{name}”").format(name=row.who)
    return row.who or row.address or _("the server itself")


def plainly(row: Entry, zone: str) -> Sequence[str]:
    """The lines of one row as text: `field: before → after`."""
    (one,) = told([row], zone)
    return [f"{line.about}: {line.before or '–'} → {line.after or '–'}" for line in one.lines]
