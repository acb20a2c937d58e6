"""What a PEN's people may look like: addresses, domains, attributes. Said in words a manager understands."""

from __future__ import annotations

import re
from typing import Any, get_args

import msgspec
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.pick.addresses import canonical_domain
from stationer.pick.company import PERSON
from stationer.portal.people.zones import known
from stationer.wire.definition import Inherited, Mixed
from stationer.wire.rules import Schedule
from stationer.wire.words import PACKAGE_RIGHTS, PICTURES, SLOTS, TRACKING

#: An addr-spec's local part without quoting (RFC 5322 §3.4.1, RFC 6531 for what is beyond ASCII).
_LOCAL = re.compile(r"[^\s\x00-\x20\x7f@,;:<>()\[\]\\\"]{1,64}")
_LABEL = re.compile(r"[^\W_](?:[\w-]{0,61}[^\W_])?")
_ATTRIBUTE = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST_CHARACTERS = 1_000
MIXED = get_args(Mixed)
#: What the people of a package may do for themselves: enrol devices, change their own details, send secure messages,
#: answer those that they got, and write new ones on the reader's page.
RIGHTS = PACKAGE_RIGHTS


def normal_domain(text: str) -> str:
    """The domain as the snapshot has it: lower case, ASCII, without a final dot. Raises ValidationError."""
    domain = canonical_domain(text)
    if len(domain) > 253 or not all(_LABEL.fullmatch(label) for label in domain.split(".")):
        raise ValidationError(
            _("“{text}” is not a domain: write it as example.com.").format(text=text), code="domain"
        )
    return domain


def domain_or_below(text: str) -> str:
    """`example.com`, or `*.example.com` for every domain below it (contract/pick.md §3). Raises ValidationError."""
    return "*." + normal_domain(text[2:]) if text.startswith("*.") else normal_domain(text)


def normal_address(text: str) -> str:
    """The address in lower case, one form for each mailbox. Raises ValidationError."""
    local, at, domain = text.strip().rpartition("@")
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        raise ValidationError(no_address(text), code="address")
    return f"{local.lower()}@{normal_domain(domain)}"


def no_address(text: str) -> str:
    """The sentence for what is none."""
    return _("“{text}” is not an address: write it as alice@example.com.").format(text=text)


def _normally(said: str, normal: str) -> str:
    return _("“{said}” must be written as “{normal}”.").format(said=said, normal=normal)


def check_one_address(value: str) -> None:
    """Refuses an address that is not in its normal form."""
    if normal_address(value) != value:
        raise ValidationError(_normally(value, normal_address(value)), code="address")


def _texts(value: Any, what: str) -> list[str]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise ValidationError(f"{what} must be a list of texts.", code="form")
    return value


def check_addresses(value: Any) -> None:
    """Refuses anything but a list of addresses in their normal form."""
    for item in _texts(value, "Addresses"):
        check_one_address(item)


def check_zone(value: str) -> None:
    """Refuses anything but an IANA time zone."""
    if value not in known():
        raise ValidationError(
            _("There is no time zone “{value}”. Write an IANA name such as Europe/London.").format(
                value=value
            ),
            code="zone",
        )


def check_domains(value: Any) -> None:
    """Refuses anything but a list of domains in their normal form."""
    for item in _texts(value, "Domains"):
        if domain_or_below(item) != item:
            raise ValidationError(_normally(item, domain_or_below(item)), code="domain")


def check_slots(value: Any) -> None:
    """Refuses anything but some of the slots, each once."""
    texts = _texts(value, "Slots")
    if not set(texts) <= set(SLOTS) or len(set(texts)) != len(texts):
        raise ValidationError(f"Slots are {', '.join(SLOTS)}, each at most once.", code="slots")


def _check(value: Any, form: Any) -> None:
    try:
        msgspec.convert(value, form)
    except msgspec.ValidationError as error:
        raise ValidationError(str(error), code="form") from None


def check_names(value: Any) -> None:
    """Refuses anything but a list of texts."""
    _texts(value, "Names")


def check_rights(value: Any) -> None:
    """Refuses anything but some of the rights of members, each once."""
    texts = _texts(value, "Rights")
    if not set(texts) <= set(RIGHTS) or len(set(texts)) != len(texts):
        raise ValidationError(f"Rights are {', '.join(RIGHTS)}, each at most once.", code="rights")


def check_mixed(value: str) -> None:
    """Refuses anything but the name of a policy for mixed recipients."""
    if value not in MIXED:
        raise ValidationError(f"Mixed recipients go by one of: {', '.join(MIXED)}.", code="mixed")


def check_pictures(value: str) -> None:
    """Refuses anything but a way in which pictures reach the reader."""
    if value not in PICTURES:
        raise ValidationError(f"Pictures are one of: {', '.join(PICTURES)}.", code="pictures")


def check_tracking(value: str) -> None:
    """Refuses anything but what may be kept of whoever follows a link."""
    if value not in TRACKING:
        raise ValidationError(f"Tracking is one of: {', '.join(TRACKING)}.", code="tracking")


def check_blackout(value: Any) -> None:
    """Refuses anything but a list of `wire.rules.Schedule`."""
    _check(value, list[Schedule])


def check_calendars(value: Any) -> None:
    """Refuses anything but names with lists of days; which days, publishing says."""
    _check(value, dict[str, list[str]])


def check_inherited(value: Any) -> None:
    """Refuses what is no `wire.definition.Inherited`."""
    _check(value, Inherited)


def check_attributes(value: Any) -> None:
    """Refuses anything but texts under names such as `job_title`."""
    if not isinstance(value, dict):
        raise ValidationError("Attributes must be names with texts.", code="form")
    for name, text in value.items():
        if not isinstance(name, str) or not _ATTRIBUTE.fullmatch(name):
            raise ValidationError(
                _(
                    "“{name}” cannot be the name of an attribute: use small letters, digits and _, "
                    "beginning with a letter."
                ).format(name=name),
                code="attribute",
            )
        if name in PERSON:
            raise ValidationError(
                _("“{name}” cannot be the name of an attribute: every person has that already.").format(
                    name=name
                ),
                code="attribute",
            )
        if not isinstance(text, str):
            raise ValidationError(
                _("The attribute “{name}” must be a text.").format(name=name), code="attribute"
            )
        if len(text) > MOST_CHARACTERS or any(ord(c) < 32 or ord(c) == 127 for c in text):
            raise ValidationError(
                _("The attribute “{name}” may have {most} characters and no line ends.").format(
                    name=name, most=MOST_CHARACTERS
                ),
                code="attribute",
            )
