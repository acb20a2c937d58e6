"""Which groups and packages a version means by the names in its rules: mail goes on by it, whatever is renamed since.

A snapshot knows groups and packages by name alone, and the roll is in force at once. So each publication keeps which
one it means by each name, and the roll says of everybody the names by which the version in force means their groups
and their package beside those of now. The next Publish lets go of them.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any, NamedTuple

from stationer.portal.people.models import Group, Package
from stationer.portal.publishing.models import Publication

#: `groups` and `packages` → name → the row's UUID, as 32 hexadecimal digits.
Knows = dict[str, dict[str, str]]
#: The parts of a rule that name somebody.
PARTS = ("senders", "except_senders", "to", "except_to")


class FurtherNames(NamedTuple):
    """By row: names that the version in force knows it by beside that of now; `hidden` are those whose name of now
    means another one there."""

    groups: Mapping[uuid.UUID, tuple[str, ...]]
    packages: Mapping[uuid.UUID, tuple[str, ...]]
    hidden: frozenset[uuid.UUID]

    def of_group(self, key: uuid.UUID, name: str) -> tuple[str, ...]:
        """All names of a group."""
        return (*(() if key in self.hidden else (name,)), *self.groups.get(key, ()))

    def of_package(self, key: uuid.UUID, name: str) -> str:
        """The name of a package; none while that of now means another one."""
        return "" if key in self.hidden else name


def in_force() -> Publication | None:
    """The version in force in the PEN in scope, without what it was made from."""
    return Publication.objects.order_by("-serial").only("pen", "serial", "knows").first()


def further_names() -> FurtherNames:
    """What the roll says beside the names of now."""
    last = in_force()
    knows: Knows = (last.knows or {}) if last else {}
    if not any(knows.values()):
        return FurtherNames({}, {}, frozenset())
    groups, hidden = _further(knows.get("groups", {}), dict(Group.objects.values_list("pk", "name")))
    packages, also = _further(knows.get("packages", {}), dict(Package.objects.values_list("pk", "name")))
    return FurtherNames(groups, packages, frozenset(hidden | also))


def _further(
    known: Mapping[str, str], there: Mapping[uuid.UUID, str]
) -> tuple[dict[uuid.UUID, tuple[str, ...]], set[uuid.UUID]]:
    meant_ = {name: uuid.UUID(hex=key) for name, key in known.items()}
    found: dict[uuid.UUID, tuple[str, ...]] = {}
    for name, key in sorted(meant_.items()):
        if key in there and there[key] != name:
            found[key] = (*found.get(key, ()), name)
    hidden = {key for key, name in there.items() if meant_.get(name, key) != key and meant_[name] in there}
    return found, hidden


def hold() -> None:
    """Before something is renamed: keep what the version in force means, where it does not say so itself yet."""
    last = in_force()
    if last is not None and last.knows is None:
        Publication.objects.filter(pk=last.pk).update(knows=meant(last.drafts))


def meant(drafts: Mapping[str, Any]) -> Knows:
    """What the names in these drafts mean now."""
    groups, packages = names_in(drafts)
    return {
        "groups": {name: key.hex for name, key in _rows(Group).items() if name in groups},
        "packages": {name: key.hex for name, key in _rows(Package).items() if name in packages},
    }


def _rows(model: type[Group | Package]) -> dict[str, uuid.UUID]:
    return dict(model.objects.values_list("name", "pk"))


def names_in(drafts: Mapping[str, Any]) -> tuple[set[str], set[str]]:
    """The groups and packages that these drafts name."""
    settings = drafts.get("settings", {}).get("pen", {})
    handed = settings.get("inherited", {}).get("management", {}).get("quiet_groups") or ()
    groups = {*settings.get("quiet_groups", ()), *handed}
    packages: set[str] = set()
    for kind in ("template", "campaign"):
        for row in drafts.get(kind, {}).values():
            for part in PARTS:
                said = row["rule"].get(part) or {}
                groups.update(said.get("groups", ()))
                packages.update(said.get("packages", ()))
    return groups, packages


def by_names_of_now(drafts: Mapping[str, Any], knows: Knows | None) -> dict[str, Any]:
    """These drafts with the names that what they mean has now."""
    said: dict[str, Any] = {key: dict(value) for key, value in drafts.items()}
    for kind, model in (("groups", Group), ("packages", Package)):
        there, names = {key: name for name, key in _rows(model).items()}, {}
        for name, key in (knows or {}).get(kind, {}).items():
            names[name] = there.get(uuid.UUID(hex=key), name)
        for rows in (said["template"], said["campaign"]):
            for key, row in rows.items():
                rows[key] = {**row, "rule": in_rule(row["rule"], kind, names)}
        pen = said["settings"]["pen"]
        if kind == "groups" and "quiet_groups" in pen:
            said["settings"]["pen"] = {**pen, "quiet_groups": in_names(pen["quiet_groups"], names)}
    return said


def in_rule(rule: Mapping[str, Any], kind: str, names: Mapping[str, str]) -> dict[str, Any]:
    """A rule with other names, by those that it says; `kind` is groups, packages or lists."""
    said = dict(rule)
    for part in PARTS:
        one = said.get(part)
        if one and not names.keys().isdisjoint(one.get(kind, ())):
            said[part] = {**one, kind: in_names(one[kind], names)}
    return said


def in_names(said: list[str], names: Mapping[str, str]) -> list[str]:
    """The same with other names, each once."""
    return list(dict.fromkeys(names.get(name, name) for name in said))
