"""What a kind of server usually needs, so that nobody types it: filters, and rules to begin with."""

from __future__ import annotations

from typing import Any, NamedTuple


class Preset(NamedTuple):
    """Filters (RFC 4515) and rules (contract/directories.md §2)."""

    people_filter: str
    groups_filter: str
    rules: list[dict[str, Any]]


_MAIL = "(mail=*)"
_COMMON = [
    {"to": "a:name", "take": ["displayName", "= {givenName} {sn}", "cn"]},
    {"to": "a:title", "take": ["title;lang-{language}", "title"]},
    {"to": "a:phone", "take": ["telephoneNumber"], "form": "phone"},
    {"to": "a:mobile", "take": ["mobile"], "form": "phone"},
    {"to": "a:department", "take": ["department", "departmentNumber", "ou"]},
    {"to": "a:company", "take": ["company", "o"]},
]
#: userAccountControl 2: the account is disabled; 1.2.840.113556.1.4.803: “has these bits”.
_ENABLED = "(!(userAccountControl:1.2.840.113556.1.4.803:=2))"
PRESETS = {
    "ad": Preset(
        f"(&(objectCategory=person)(objectClass=user){_MAIL}{_ENABLED})",
        "(objectClass=group)",
        [
            {"to": "address", "take": ["mail"], "form": "lower"},
            {"to": "aliases", "take": ["proxyAddresses"], "form": "addresses"},
            *_COMMON,
        ],
    ),
    "other": Preset(
        f"(&(objectClass=inetOrgPerson){_MAIL})",
        "(|(objectClass=groupOfNames)(objectClass=groupOfUniqueNames)(objectClass=posixGroup))",
        [
            {"to": "address", "take": ["mail"], "form": "lower"},
            *_COMMON,
            {"to": "a:postal", "take": ["postalAddress"], "form": "postal"},
        ],
    ),
    "scim": Preset(
        "",
        "",
        [
            {"to": "address", "take": ["emails.work", "emails", "userName"], "form": "lower"},
            {
                "to": "a:name",
                "take": ["displayName", "name.formatted", "= {name.givenName} {name.familyName}"],
            },
            {"to": "a:title", "take": ["title"]},
            {"to": "a:phone", "take": ["phoneNumbers.work"], "form": "phone"},
            {"to": "a:mobile", "take": ["phoneNumbers.mobile"], "form": "phone"},
            {"to": "a:department", "take": ["department"]},
            {"to": "a:company", "take": ["organization"]},
            {"to": "a:postal", "take": ["addresses.work"]},
        ],
    ),
}
