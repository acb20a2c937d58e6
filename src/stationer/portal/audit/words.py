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
from django.utils.translation import gettext_lazy

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
    "template": gettext_lazy("template"),
    "campaign": gettext_lazy("campaign"),
    "message": gettext_lazy("message"),
    "asset": gettext_lazy("picture"),
    "member": gettext_lazy("person"),
    "group": gettext_lazy("group"),
    "groupmember": gettext_lazy("place in a group"),
    "package": gettext_lazy("package"),
    "addresslist": gettext_lazy("list of addresses"),
    "device": gettext_lazy("device"),
    "membership": gettext_lazy("right to sign in"),
    "role": gettext_lazy("role"),
    "pen": gettext_lazy("settings"),
    "publication": gettext_lazy("version"),
    "entry": gettext_lazy("audit"),
    "session": gettext_lazy("session"),
    "factor": gettext_lazy("second factor"),
    "provendomain": gettext_lazy("domain"),
    "sendingdomain": gettext_lazy("sending domain"),
    "people": gettext_lazy("file of people"),
    "arrival": gettext_lazy("company file"),
    "attribute": gettext_lazy("detail"),
    "proposal": gettext_lazy("proposed change"),
    "binned": gettext_lazy("thing in the bin"),
    "hit": gettext_lazy("visitors"),
    "link": gettext_lazy("tracked link"),
    "addressee": gettext_lazy("recipient"),
    "masking": gettext_lazy("masking of addresses"),
    "alertterms": gettext_lazy("language and hour of alerts"),
    "alertrule": gettext_lazy("rule of alerts"),
    "alertpreference": gettext_lazy("how somebody is told"),
    "clickaction": gettext_lazy("what a click does"),
    "hook": gettext_lazy("webhook"),
    "website": gettext_lazy("what your web site tells"),
    "directory": gettext_lazy("directory"),
    "provider": gettext_lazy("sign-in of your company"),
    "identity": gettext_lazy("person of your company’s sign-in"),
    "contact": gettext_lazy("reader of letters"),
    "readingterms": gettext_lazy("how readers get in"),
    "gateway": gettext_lazy("gateway for codes by telephone"),
    "delegation": gettext_lazy("who reads for whom"),
    "emergencycode": gettext_lazy("emergency codes"),
    "signingkey": gettext_lazy("key of notifications"),
    "wordingversion": gettext_lazy("words of notifications"),
}
DONE: Words = {
    "made": gettext_lazy("added"),
    "changed": gettext_lazy("changed"),
    "removed": gettext_lazy("removed"),
    "published": gettext_lazy("published"),
    "exported": gettext_lazy("exported"),
    "imported": gettext_lazy("imported"),
    "taken-back": gettext_lazy("taken back"),
    "undone": gettext_lazy("undone"),
    "revoked": gettext_lazy("revoked"),
    "proven": gettext_lazy("proven"),
    "erased": gettext_lazy("forgotten"),
    "objected": gettext_lazy("does not want to be followed"),
    "returned": gettext_lazy("may be followed again"),
    "used": gettext_lazy("used"),
}
ICONS = {
    "made": "plus",
    "removed": "bin",
    "published": "publish",
    "exported": "download",
    "imported": "inbox",
}
FIELDS: Words = {
    "name": gettext_lazy("Name"),
    "address": gettext_lazy("Address"),
    "aliases": gettext_lazy("Further addresses"),
    "attributes": gettext_lazy("Details"),
    "package": gettext_lazy("Package"),
    "groups": gettext_lazy("Groups"),
    "role": gettext_lazy("Role"),
    "own_role": gettext_lazy("Own role"),
    "rights": gettext_lazy("Rights"),
    "account": gettext_lazy("Account"),
    "member": gettext_lazy("Person"),
    "rule": gettext_lazy("Rule"),
    "parts": gettext_lazy("Parts"),
    "source": gettext_lazy("Content"),
    "priority": gettext_lazy("Rank"),
    "fallback": gettext_lazy("For everyone else"),
    "state": gettext_lazy("State"),
    "holdout": gettext_lazy("Held back"),
    "caps": gettext_lazy("Caps"),
    "domains": gettext_lazy("Domains"),
    "hold_limit_ms": gettext_lazy("Longest wait, in milliseconds"),
    "most_messages": gettext_lazy("Messages in one mail, at most"),
    "zone": gettext_lazy("Clock"),
    "brand": gettext_lazy("Looks"),
    "pictures": gettext_lazy("Pictures in mails"),
    "tracking": gettext_lazy("Who follows a link"),
    "decoy": gettext_lazy("A link that nobody sees"),
    "link_host": gettext_lazy("Domain of its links"),
    "link_host_proven_at": gettext_lazy("Domain of its links proven"),
    "disclaimer": gettext_lazy("Disclaimer"),
    "addresses": gettext_lazy("Addresses"),
    "revoked_at": gettext_lazy("Revoked"),
    "kind": gettext_lazy("Kind"),
    "scopes": gettext_lazy("May"),
    "serial": gettext_lazy("Number"),
    "about": gettext_lazy("About"),
    "group": gettext_lazy("Group"),
    "campaign": gettext_lazy("Campaign"),
    "slot": gettext_lazy("Place"),
    "variants": gettext_lazy("Kinds of mail"),
    "second_factor": gettext_lazy("Second factor before Publish"),
    "alt": gettext_lazy("Alt text"),
    "utm": gettext_lazy("What links say to websites"),
    "weight": gettext_lazy("Share"),
    "cool_down_h": gettext_lazy("Hours between two"),
    "sequence": gettext_lazy("One after the other"),
    "stop_after_click": gettext_lazy("Until someone clicks"),
    "values": gettext_lazy("Details"),
    "rules": gettext_lazy("Rules that name it"),
    "digest": gettext_lazy("File"),
    "type": gettext_lazy("Kind of file"),
    "width": gettext_lazy("Width, in pixels"),
    "height": gettext_lazy("Height, in pixels"),
    "size": gettext_lazy("Size, in bytes"),
    "domain": gettext_lazy("Domain"),
    "proven_at": gettext_lazy("Proven"),
    "place": gettext_lazy("Place in the order"),
    "utm_content": gettext_lazy("Name in links"),
    "label": gettext_lazy("What it is called"),
    "choices": gettext_lazy("List"),
    "editing": gettext_lazy("Changed by"),
    "outcome": gettext_lazy("Decision"),
    "decided_by": gettext_lazy("Decided by"),
    "decided_at": gettext_lazy("Decided"),
    "before": gettext_lazy("Before"),
    "calendars": gettext_lazy("Calendars"),
    "blackout": gettext_lazy("Times without campaigns"),
    "quiet_groups": gettext_lazy("Groups without campaigns"),
    "mixed": gettext_lazy("Mixed recipients"),
    "most_copies": gettext_lazy("Copies of one mail, at most"),
    "replay": gettext_lazy("Records for trials"),
    "slots": gettext_lazy("Places that may be used"),
    "inherited": gettext_lazy("Handed down"),
    "partner": gettext_lazy("Partner"),
    "handed_parts": gettext_lazy("Parts of templates handed down"),
    "house": gettext_lazy("What these pages are called"),
    "url": gettext_lazy("Address of these pages"),
    "brand_by": gettext_lazy("Looks locked by"),
    "standing": gettext_lazy("Standing"),
    "standing_since": gettext_lazy("Since"),
    "slug": gettext_lazy("Name in its own address"),
    "first_stamped_at": gettext_lazy("First mail with the letterhead"),
    "key": gettext_lazy("Name in files"),
    "new": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "gone": gettext_lazy("Taken out"),
    "left": gettext_lazy("Left as they were"),
    "target": gettext_lazy("Leads to"),
    "owner": gettext_lazy("Made by"),
    "days": gettext_lazy("Days until addresses are masked"),
    "stays": gettext_lazy("What stays of them"),
    "sign_in_only": gettext_lazy("Domains that sign in by the company’s own sign-in alone"),
    "issuer": gettext_lazy("Issuer"),
    "client_id": gettext_lazy("Client ID"),
    "way": gettext_lazy("How it is used"),
    "joining": gettext_lazy("Who comes in"),
    "factor": gettext_lazy("The second factor before Publish"),
    "proofs": gettext_lazy("What it says of a second factor"),
    "vouched": gettext_lazy("Only its administrators set the addresses that it names"),
    "subject": gettext_lazy("Name there"),
    "provider": gettext_lazy("sign-in of your company"),
    "mailbox": gettext_lazy("Mailbox"),
    "delegate": gettext_lazy("Delegate"),
    "earlier": gettext_lazy("Also what came before"),
    "made_by": gettext_lazy("Set up by"),
    "phone_by": gettext_lazy("Number given by"),
    "phone_at": gettext_lazy("Number given"),
    "access": gettext_lazy("Who may write from outside"),
    "access_list": gettext_lazy("Access list"),
    "guests": gettext_lazy("Decides of guests"),
    "most_octets": gettext_lazy("Octets of a secure message"),
    "messages_a_day": gettext_lazy("Secure messages a day"),
    "retention_days": gettext_lazy("Days until a secure message ends"),
    "level": gettext_lazy("How readers show who they are"),
    "retired_at": gettext_lazy("Taken away"),
    "number": gettext_lazy("Number"),
}
#: Nouns whose pages save while somebody writes: their many saves are one. Of everything else each change is a row.
SAVED_BY_ITSELF = {"template", "campaign", "message"}
#: Nouns whose lines Publish already tells well.
TOLD_BY_PUBLISHING = {"template", "campaign", "message", "pen", "addresslist"}
PAGES = {
    "template": "template", "campaign": "campaign", "message": "message", "member": "member", "group": "group",
    "role": "role", "hook": "hook", "alertrule": "alert-rule", "directory": "directory",
    "provider": "provider",
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
    return _("{n} × {noun}").format(n=row.count, noun=noun(row.noun))


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
    folded = row.noun in SAVED_BY_ITSELF and row.what == "changed" and since - row.at <= TOGETHER
    return same and folded and not any(_back(one, line) for line in row.lines)


def _back(one: Told, line: dict[str, Any]) -> bool:
    """Whether this older line and a newer one would make nothing together: a change and its change back."""
    newer = one.raw.get(str(line["about"]))
    return newer is not None and newer["after"] == line["before"]


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
