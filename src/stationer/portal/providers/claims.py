"""What becomes of what a provider says: the rules of directories, applied to whoever signs in."""

from __future__ import annotations

from typing import Any, NamedTuple

from django.core.exceptions import ValidationError

from stationer.portal.directories.transforms import Rule, rules_of
from stationer.portal.people.attributes import called, known, label, proper
from stationer.portal.people.members import save_member
from stationer.portal.people.models import Attribute, Member
from stationer.portal.people.valid import MOST_CHARACTERS, normal_address
from stationer.portal.providers.models import Provider
from stationer.portal.providers.told import Said

FIRST: dict[str, list[dict[str, Any]]] = {
    "oidc": [
        {"to": "address", "take": ["email"]},
        {"to": "a:name", "take": ["name"]},
        {"to": "a:phone", "take": ["phone_number"], "form": "phone"},
    ],
    "saml": [
        {"to": "address", "take": ["emailaddress", "mail", "email", "nameid"]},
        {"to": "a:name", "take": ["displayname", "= {givenname} {surname}", "= {givenname} {sn}"]},
        {"to": "a:title", "take": ["title", "jobtitle"]},
        {"to": "a:phone", "take": ["telephonenumber"], "form": "phone"},
        {"to": "a:department", "take": ["department"]},
    ],
}


class Becomes(NamedTuple):
    """The address (empty where it is none), the details as they are kept, and those that are not what they should
    be: name and why."""

    address: str
    details: dict[str, str]
    wrong: list[tuple[str, str]]


def becomes(row: Provider, said: Said) -> Becomes:
    """What the provider's rules make of it. What it does not say is left out, and so stays as it is."""
    described, details, wrong, address = known(), {}, [], ""
    for rule in rules_of(row.rules):
        text = "" if rule.to == "address" else rule.one_of(said.values)
        if rule.to == "address":
            address = _address(rule, said)
        elif text and rule.to.startswith("a:"):
            name = rule.to.removeprefix("a:")
            try:
                details[name] = _detail(described.get(name), text)
            except ValidationError as error:
                wrong.append((_called(described, name), " ".join(error.messages)))
    return Becomes(address, details, wrong)


def _address(rule: Rule, said: Said) -> str:
    try:
        return normal_address(rule.one_of(said.values))
    except ValidationError:
        return ""


def _detail(one: Attribute | None, text: str) -> str:
    plain = "".join(c if c.isprintable() else " " for c in text).strip()[:MOST_CHARACTERS]
    return proper(one, plain) if one else plain


def _called(described: dict[str, Attribute], name: str) -> str:
    return called(described[name]) if name in described else label(name)


def in_words(found: Becomes) -> list[tuple[str, str]]:
    """The details, each by what it is called here."""
    described = known()
    return [(_called(described, name), text) for name, text in found.details.items()]


def put(member: Member, found: Becomes) -> bool:
    """The member has these details from now on. Returns whether any is new."""
    now = {**member.attributes, **found.details}
    if now == member.attributes:
        return False
    member.attributes = now
    save_member(member)
    return True
