"""Attributes of people: those every shape knows, those a PEN has described, those somebody simply has.

What an attribute is (words, a telephone number, a link, one of a list) decides what is let in; who may change it
decides whose page offers it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.people.models import Attribute, Member, Package
from stationer.portal.people.valid import MOST_CHARACTERS

Kind = Attribute.Kind
#: What the shapes of `compose` fill in by themselves, what it is called, and what it is.
COMMON = {
    "name": lambda: _("Name"),
    "title": lambda: _("Job title"),
    "company": lambda: _("Company"),
    "phone": lambda: _("Telephone"),
    "mobile": lambda: _("Mobile telephone"),
    "website": lambda: _("Website"),
    "postal": lambda: _("Postal address"),
    "photo": lambda: _("Portrait"),
    "department": lambda: _("Department"),
}
KINDS = {"phone": Kind.PHONE, "mobile": Kind.PHONE, "website": Kind.LINK, "photo": Kind.LINK}
#: How many members are asked which further attributes the PEN uses.
ASKED = 200
_DIGIT = re.compile(r"\d")
_PHONE = re.compile(r"[+\d][\w\s()./\-\u2010-\u2013+#*,;:]{2,59}")


def given(address: str, company: str) -> dict[str, str]:
    """What every person has by themselves, unless their attributes say otherwise (contract/company.md)."""
    return {"email": address, "company": company}


def worn(attributes: Mapping[str, str], address: str, company: str, package: Package) -> dict[str, str]:
    """What a person's mail is filled from: their own attributes before their package's, and those before what every
    person has."""
    of_package = {"disclaimer": package.disclaimer} if package.disclaimer else {}
    return given(address, company) | of_package | dict(attributes)


def label(name: str) -> str:
    """`Job title` for `title`, `Shoe size` for `shoe_size`."""
    if name == "email":
        return _("E-mail address")
    return COMMON[name]() if name in COMMON else name.replace("_", " ").capitalize()


def called(one: Attribute) -> str:
    """What the PEN calls it."""
    return one.label or label(one.name)


def known() -> dict[str, Attribute]:
    """The attributes that are described: the common ones first, then the PEN's own in the order they came."""
    found = {name: Attribute(name=name, kind=KINDS.get(name, Kind.TEXT)) for name in COMMON}
    return found | {row.name: row for row in Attribute.objects.all()}


def in_use() -> dict[str, Attribute]:
    """Those that a form offers: described, or had by one of the first people."""
    return offered(Member.objects.values_list("attributes", flat=True)[:ASKED])


def names() -> dict[str, str]:
    """What those that a form offers are called, by name; not portraits, of which each is somebody's own."""
    return {name: called(one) for name, one in in_use().items() if name != "photo"}


def offered(used: Iterable[dict[str, str]]) -> dict[str, Attribute]:
    """The described ones first, then what somebody simply has, in order of the alphabet."""
    described = known()
    more = {name for attributes in used for name in attributes} - described.keys()
    return described | {name: Attribute(name=name) for name in sorted(more)}


def proper(one: Attribute, value: str) -> str:
    """The value as it is kept. Raises ValidationError where it is not what the attribute is."""
    value = value.strip()
    if not value or one.kind == Kind.TEXT:
        return value
    return (
        {Kind.PHONE: _phone, Kind.LINK: _link}[Kind(one.kind)](value)
        if one.kind != Kind.CHOICE
        else _one_of(one, value)
    )


def _phone(value: str) -> str:
    if len(_DIGIT.findall(value)) < 3 or not (_PHONE.fullmatch(value) or _PHONE.fullmatch(value.lstrip("("))):
        raise ValidationError(
            _("“{value}” is no telephone number: write it as +44 1632 960 100.").format(value=value),
            code="phone",
        )
    return value


def _link(value: str) -> str:
    address = value if "://" in value else f"https://{value}"
    try:
        parts = urlsplit(address)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "x") and " " not in address
    except ValueError:
        good = False
    if not good and not re.fullmatch(r"https?://(localhost|127\.0\.0\.1)(:\d+)?/\S*", address):
        raise ValidationError(
            _("“{value}” is no address on the web: write it as https://example.com.").format(value=value),
            code="link",
        )
    return address


def _one_of(one: Attribute, value: str) -> str:
    found = next((choice for choice in one.choices if choice.casefold() == value.casefold()), None)
    if found is None:
        said = _("“{value}” is none of: {choices}.").format(value=value, choices=", ".join(one.choices))
        raise ValidationError(said, code="choice")
    return found


def all_proper(values: Mapping[str, str]) -> dict[str, str]:
    """Attributes as they are kept. Raises ValidationError with the names of those that are not what they should be."""
    described = known()
    kept, wrong = {}, {}
    for name, value in values.items():
        try:
            kept[name] = proper(described[name], value) if name in described else value.strip()
        except ValidationError as error:
            wrong[name] = error
    if wrong:
        raise ValidationError({"attributes": [m for e in wrong.values() for m in e.messages]})
    return {name: value[:MOST_CHARACTERS] for name, value in kept.items() if value}
