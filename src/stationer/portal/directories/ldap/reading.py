"""Everyone and every group of an LDAP directory, in pages; a fault anywhere, and nothing of it counts.

Who somebody is: `entryUUID` (RFC 4530), `objectGUID`, else the distinguished name. Groups name people and groups by
distinguished name (`member`, `uniqueMember`) or people by `uid` (`memberUid`, RFC 2307).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import ldap3
from ldap3.core.exceptions import LDAPInvalidDnError
from ldap3.utils.dn import parse_dn

from stationer.portal.directories.ldap.connecting import opened
from stationer.portal.directories.models import Directory
from stationer.portal.directories.told import Person, Problem, Team, Whole
from stationer.portal.directories.transforms import asked, rules_of

PAGE = 500
MOST = 250_000
#: Pages with nobody on them, one after the other.
MOST_EMPTY = 100
#: How long all of it may take (less than working.LEASE), and a first look, for which a person waits.
READ_S, SAMPLE_S = 900, 15
IDS = ("entryUUID", "objectGUID")
MEMBERS = ("member", "uniqueMember", "memberUid")
#: The control of paged results, and results (RFC 4511 §4.1.9) that give less than there is.
PAGED = "1.2.840.113556.1.4.319"
LEFT_OUT = {3: "slow", 4: "limit", 11: "limit"}
Values = dict[str, list[str]]
_ESCAPED = re.compile(rb"\\(?:([0-9A-Fa-f]{2})|(.))", re.DOTALL)


def read(row: Directory) -> Whole:
    """All of it. Raises Problem; nothing was changed then."""
    with opened(row, READ_S) as connection:
        people = list(_people(row, connection))
        teams = list(_teams(row, connection, people)) if row.groups_filter else []
        requests = connection.usage.operations
    if not people:
        raise Problem("nobody")
    return Whole([person for person, _uid in people], _by_key(teams, people), requests)


def sample(row: Directory, number: int = 5) -> tuple[Sequence[Person], int]:
    """The first few people, and how many groups there are on the first page. Raises Problem."""
    with opened(row, SAMPLE_S) as connection:
        people = _entries(connection, row.base, row.people_filter, _wanted(row), limit=number)
        found = [person for person, _uid in map(_person, people)]
        groups = 0
        if row.groups_filter:
            groups = len(
                list(_entries(connection, row.groups_base or row.base, row.groups_filter, ["cn"], PAGE))
            )
    if not found:
        raise Problem("nobody")
    return found, groups


def _wanted(row: Directory) -> list[str]:
    return [*asked(rules_of(row.rules)), "uid", *IDS]


def _people(row: Directory, connection: Any) -> Iterator[tuple[Person, str]]:
    for entry in _entries(connection, row.base, row.people_filter, _wanted(row)):
        yield _person(entry)


def _person(entry: dict[str, Any]) -> tuple[Person, str]:
    values = values_of(entry)
    key = normal_dn(entry["dn"])
    return Person(_id(entry), key, values), next(iter(values.get("uid", ())), "")


def _teams(
    row: Directory, connection: Any, people: Sequence[tuple[Person, str]]
) -> Iterator[tuple[str, str, str, list[str], list[str]]]:
    """id, key, name, the names of its members, and the `uid`s among them. A person's name is one text, however many
    groups they are in."""
    base = row.groups_base or row.base
    shared = {person.key: person.key for person, _uid in people}
    for entry in _entries(connection, base, row.groups_filter, ["cn", *IDS, *MEMBERS]):
        values, key = values_of(entry), normal_dn(entry["dn"])
        named = (normal_dn(dn) for name in ("member", "uniquemember") for dn in values.get(name, ()))
        inside = [shared.get(dn, dn) for dn in named]
        name = next(iter(values.get("cn", ())), entry["dn"])
        yield _id(entry), key, name, inside, values.get("memberuid", [])


def _by_key(
    teams: Sequence[tuple[str, str, str, list[str], list[str]]], people: Sequence[tuple[Person, str]]
) -> list[Team]:
    groups = {key for _id, key, *_rest in teams}
    by_uid = {uid: person.key for person, uid in people if uid}
    return sorted(
        (
            Team(
                id_,
                key,
                name,
                frozenset(
                    [*(dn for dn in inside if dn not in groups), *(by_uid[u] for u in uids if u in by_uid)]
                ),
                frozenset(dn for dn in inside if dn in groups),
            )
            for id_, key, name, inside, uids in teams
        ),
        key=lambda team: team.id,
    )


def _entries(
    connection: Any, base: str, filter_: str, attributes: Sequence[str], limit: int = 0
) -> Iterator[dict[str, Any]]:
    """The entries that a filter finds, in pages; `limit` of them, or all."""
    found = _pages(connection, base, filter_, attributes, min(limit, PAGE) or PAGE)
    for number, entry in enumerate(islice(found, limit or None)):
        yield entry
        if number >= MOST:
            raise Problem("too-many", most=MOST)


def _pages(
    connection: Any, base: str, filter_: str, attributes: Sequence[str], size: int
) -> Iterator[dict[str, Any]]:
    """RFC 2696 §3. Each page's result is looked at: ldap3 does not raise where a server says that it left something
    out (sizeLimitExceeded, timeLimitExceeded, a referral), and who is left out would count as gone."""
    cookie, empty = None, 0
    while empty <= MOST_EMPTY:
        connection.search(
            base, filter_, ldap3.SUBTREE, attributes=list(attributes), paged_size=size, paged_cookie=cookie
        )
        result = connection.result
        if result["result"] != 0:
            raise Problem(LEFT_OUT.get(result["result"], "answer"), said=str(result["description"]))
        # a reference to another server (searchResRef) is not followed
        found = [entry for entry in connection.response if entry["type"] == "searchResEntry"]
        yield from found
        empty = 0 if found else empty + 1
        cookie = result.get("controls", {}).get(PAGED, {}).get("value", {}).get("cookie")
        if not cookie:
            return
    raise Problem("answer", said="empty pages")


def values_of(entry: dict[str, Any]) -> Values:
    """Attributes by name in small letters, options and all, as texts; what is no UTF-8 is left out."""
    found: Values = {}
    for name, raw in entry["raw_attributes"].items():
        texts = []
        for one in raw:
            try:
                texts.append(one.decode())
            except UnicodeDecodeError:
                continue
        if texts and name not in IDS:
            found[name.lower()] = texts
    return found


def _id(entry: dict[str, Any]) -> str:
    raw = entry["raw_attributes"]
    if raw.get("entryUUID"):
        return str(raw["entryUUID"][0].decode("ascii", "replace"))
    if raw.get("objectGUID"):
        return str(raw["objectGUID"][0].hex())
    return str(entry["dn"]).casefold()[:500]


def normal_dn(text: str) -> str:
    """A distinguished name as it is compared: without case, escapes and blanks between its parts (RFC 4514 §2.4)."""
    try:
        parts = parse_dn(text, strip=True)
    except (LDAPInvalidDnError, ValueError, IndexError):
        return " ".join(text.casefold().split())
    return "\n".join(f"{name}={_unescaped(value)}{end}" for name, value, end in parts).casefold()


def _unescaped(value: str) -> str:
    octets = _ESCAPED.sub(lambda hit: bytes.fromhex(hit[1].decode()) if hit[1] else hit[2], value.encode())
    return octets.decode(errors="replace")
