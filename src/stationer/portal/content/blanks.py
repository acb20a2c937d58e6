"""The blanks of a rule's sentence, each a small form: read from a rule, written back into a new one.

A form never touches what its blank does not show: `change(rule)` gives the rule with this blank filled in anew.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.content.conditions import Conditions
from stationer.portal.content.sentence import PLACES, VARIANTS
from stationer.portal.people.valid import domain_or_below, normal_address
from stationer.portal.site.fields import Lines, Many
from stationer.wire.rules import Recipients, Rule, Senders
from stationer.wire.words import SLOTS

Names = Iterable[str]


def _lines(values: Iterable[str]) -> str:
    return "\n".join(values)


def kept_names(names: Names, chosen: Iterable[str]) -> list[tuple[str, str]]:
    """Choices by name; what is chosen and no longer there stays to be seen and unticked."""
    known = list(names)
    gone = [name for name in chosen if name not in known]
    return [(name, name) for name in known] + [
        (name, _("{name} (no longer there)").format(name=name)) for name in gone
    ]


class Blank(forms.Form):
    """How a blank lies on the page: `rows` of fields, and `fewer` people need, folded away under `fold`."""

    quiet = True
    rows: tuple[tuple[str, ...], ...] = ()
    fewer: tuple[tuple[str, ...], ...] = ()
    fold: Any = ""

    @property
    def open(self) -> bool:
        """Whether something is said, or wrong, in what is folded away."""
        names = [name for row in self.fewer for name in row]
        return any((self.initial.get(name) and name != "match") or name in self.errors for name in names)


class Who(Blank):
    """Who writes: groups, packages, single addresses, what their details say; and who is left out."""

    rows = (("groups",), ("addresses",))
    fewer = (("details",), ("packages",), ("but_groups",), ("but_addresses",))
    fold = gettext_lazy("Details, packages, and who is left out")

    groups = Many(label=gettext_lazy("Groups"))
    packages = Many(label=gettext_lazy("Packages"))
    addresses = Lines(
        label=gettext_lazy("Single people"),
        normal=normal_address,
        help_text=gettext_lazy("One address a line. Nothing chosen above and here: anyone in the company."),
    )
    details = Conditions(
        label=gettext_lazy("Only people whose details say"),
        help_text=gettext_lazy("One detail a line, such as “Department: Sales, Board”. Each line must hold."),
    )
    but_groups = Many(label=gettext_lazy("But nobody in"))
    but_addresses = Lines(label=gettext_lazy("And not these people"), normal=normal_address)

    def __init__(
        self,
        rule: Rule,
        *args: Any,
        groups: Names,
        packages: Names,
        details: Mapping[str, str],
        **options: Any,
    ) -> None:
        said, but = rule.senders, rule.except_senders or Senders()
        known = dict(details) | {name: name for name in said.where if name not in details}
        options["initial"] = {
            "groups": said.groups,
            "packages": said.packages,
            "addresses": _lines(said.addresses),
            "but_groups": but.groups,
            "but_addresses": _lines(but.addresses),
        }
        self.but = but
        super().__init__(*args, **options)
        self.fields["details"].called = known  # type: ignore[attr-defined]
        self.initial["details"] = self.fields["details"].written(said.where)  # type: ignore[attr-defined]
        self.fields["groups"].choices = kept_names(groups, said.groups)  # type: ignore[attr-defined]
        self.fields["packages"].choices = kept_names(packages, said.packages)  # type: ignore[attr-defined]
        self.fields["but_groups"].choices = kept_names(groups, but.groups)  # type: ignore[attr-defined]
        for name in ("groups", "packages", "but_groups"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def change(self, rule: Rule) -> Rule:
        """The rule with other senders."""
        data = self.cleaned_data
        senders = msgspec.structs.replace(
            rule.senders,
            addresses=tuple(data["addresses"]),
            groups=tuple(data.get("groups", ())),
            packages=tuple(data.get("packages", ())),
            where=data["details"],
        )
        but = msgspec.structs.replace(
            self.but, addresses=tuple(data["but_addresses"]), groups=tuple(data.get("but_groups", ()))
        )
        return msgspec.structs.replace(
            rule, senders=senders, except_senders=None if but == Senders() else but
        )


class Whom(Blank):
    """To whom: the side they stand on, lists, groups, domains, addresses; and who is left out."""

    rows = (("side",), ("lists",), ("domains",))
    fewer = (("groups",), ("addresses",), ("match",), ("but_lists",), ("but_domains",), ("but_addresses",))
    fold = gettext_lazy("Single people, groups, and who is left out")

    side = forms.ChoiceField(
        label=gettext_lazy("Where they are"),
        widget=forms.RadioSelect,
        choices=[
            ("anyone", gettext_lazy("anywhere")),
            ("outside", gettext_lazy("all outside the company")),
            ("inside", gettext_lazy("all inside the company")),
            ("mixed", gettext_lazy("some inside and some outside")),
        ],
    )
    lists = Many(label=gettext_lazy("On a list"))
    groups = Many(label=gettext_lazy("In a group"))
    domains = Lines(
        label=gettext_lazy("At these companies"),
        normal=domain_or_below,
        help_text=gettext_lazy("One domain a line, such as example.com; *.example.com for all below it."),
    )
    addresses = Lines(label=gettext_lazy("Single people"), normal=normal_address)
    match = forms.ChoiceField(
        label=gettext_lazy("When a mail goes to several people"),
        widget=forms.RadioSelect,
        choices=[
            ("any", gettext_lazy("one of them is enough")),
            ("all", gettext_lazy("all of them must be named here")),
        ],
    )
    but_lists = Many(label=gettext_lazy("But nobody on the list"))
    but_domains = Lines(label=gettext_lazy("And nobody at these companies"), normal=domain_or_below)
    but_addresses = Lines(label=gettext_lazy("And not these people"), normal=normal_address)

    def __init__(self, rule: Rule, *args: Any, groups: Names, lists: Names, **options: Any) -> None:
        to, but = rule.to, rule.except_to or Recipients()
        self.but = but
        options["initial"] = {
            "side": to.side,
            "lists": to.lists,
            "groups": to.groups,
            "domains": _lines(to.domains),
            "addresses": _lines(to.addresses),
            "match": to.match,
            "but_lists": but.lists,
            "but_domains": _lines(but.domains),
            "but_addresses": _lines(but.addresses),
        }
        super().__init__(*args, **options)
        self.fields["lists"].choices = kept_names(lists, to.lists)  # type: ignore[attr-defined]
        self.fields["groups"].choices = kept_names(groups, to.groups)  # type: ignore[attr-defined]
        self.fields["but_lists"].choices = kept_names(lists, but.lists)  # type: ignore[attr-defined]
        for name in ("lists", "groups", "but_lists"):
            if not self.fields[name].choices:  # type: ignore[attr-defined]
                del self.fields[name]

    def change(self, rule: Rule) -> Rule:
        """The rule with other recipients."""
        data = self.cleaned_data
        to = Recipients(
            side=data["side"],
            addresses=tuple(data["addresses"]),
            domains=tuple(data["domains"]),
            groups=tuple(data.get("groups", ())),
            lists=tuple(data.get("lists", ())),
            match=data["match"],
        )
        but = msgspec.structs.replace(
            self.but,
            addresses=tuple(data["but_addresses"]),
            domains=tuple(data["but_domains"]),
            lists=tuple(data.get("but_lists", ())),
        )
        return msgspec.structs.replace(rule, to=to, except_to=None if but == Recipients() else but)


class Place(Blank):
    """Where a campaign's messages stand, and in which mails."""

    rows = (("slot",), ("variants",))

    slot = forms.ChoiceField(label=gettext_lazy("Where it stands"), widget=forms.RadioSelect)
    variants = forms.MultipleChoiceField(
        label=gettext_lazy("In which mails"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": gettext_lazy("Choose at least one kind of mail; otherwise nobody would see it.")
        },
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["slot"].choices = [(slot, PLACES[slot]()) for slot in SLOTS if slot != "signature"]  # type: ignore[attr-defined]
        self.fields["variants"].choices = [(name, VARIANTS[name]()) for name in VARIANTS]  # type: ignore[attr-defined]
