"""The rules of a directory as a page shows them: a line for each detail, and two things said for all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from stationer.portal.directories.transforms import Rule, rules_of
from stationer.portal.people.attributes import called, known

FORMS = [
    ("as-is", gettext_lazy("as it stands")),
    ("phone", gettext_lazy("as +44 1632 960 100")),
    ("national", gettext_lazy("as in its own country")),
    ("lower", gettext_lazy("in small letters")),
    ("upper", gettext_lazy("in CAPITALS")),
    ("capitals", gettext_lazy("Each Word With a Capital")),
    ("postal", gettext_lazy("lines of an address with commas")),
    ("addresses", gettext_lazy("e-mail addresses only")),
]
PHONES = ("phone", "national")
#: Whose words are no words that could be translated.
NO_WORDS = ("address", "aliases")
CODE = {"spellcheck": "false", "autocomplete": "off", "autocapitalize": "none"}


def targets() -> dict[str, str]:
    """What a rule may be for, and what it is called."""
    fixed = {"address": _("E-mail address"), "aliases": _("Further addresses"), "package": _("Package")}
    return fixed | {f"a:{name}": called(one) for name, one in known().items() if name != "photo"}


class RulesForm(forms.Form):
    """`take`, `form` and `otherwise` of each detail; the country and the words of all."""

    def __init__(self, *args: Any, rules: Sequence[Rule], **options: Any) -> None:
        super().__init__(*args, **options)
        self.rules: tuple[Rule, ...] = tuple(rules)
        there = {rule.to: rule for rule in rules}
        known_ones = self.offered()
        self.targets = known_ones | {
            rule.to: rule.to.removeprefix("a:") for rule in rules if rule.to not in known_ones
        }
        for number, to in enumerate(self.targets):
            self._line(number, there.get(to, Rule(to)))
        self.fields["country"] = forms.CharField(
            label=_("Telephone numbers without a country are of"),
            required=False,
            max_length=40,
            initial=next((rule.country for rule in rules if rule.country), ""),
            help_text=_("Two letters, such as GB or DE; or {c}, each person’s own."),
            widget=forms.TextInput(attrs=CODE),
        )
        words = {k: v for rule in rules for k, v in rule.words.items()}
        self.fields["words"] = forms.CharField(
            label=_("Words that become others"),
            required=False,
            max_length=20_000,
            initial="\n".join(f"{k} = {v}" for k, v in words.items()),
            help_text=_("One a line: Vertrieb = Sales. In every detail but addresses and telephone numbers."),
            widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        )

    def offered(self) -> dict[str, str]:
        """What a rule may be for, and what it is called."""
        return targets()

    def _line(self, number: int, rule: Rule) -> None:
        said: dict[str, Any] = {"required": False, "max_length": 500}
        self.fields[f"take_{number}"] = forms.CharField(
            label=_("Taken from"), initial=", ".join(rule.take),
            widget=forms.TextInput(attrs={**CODE, "class": "is-code"}), **said,
        )  # fmt: skip
        self.fields[f"form_{number}"] = forms.ChoiceField(
            label=_("Written"), choices=FORMS, initial=rule.form, required=False
        )
        self.fields[f"otherwise_{number}"] = forms.CharField(
            label=_("Otherwise"), initial=rule.otherwise, **said
        )

    def lines(self) -> Iterator[tuple[str, list[Any]]]:
        """What a detail is called, and its three fields."""
        for number, name in enumerate(self.targets.values()):
            yield name, [self[f"{part}_{number}"] for part in ("take", "form", "otherwise")]

    def rest(self) -> Iterator[Any]:
        """The fields that are for all."""
        yield self["country"]
        yield self["words"]

    def clean_words(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for line in self.cleaned_data["words"].splitlines():
            before, sign, after = (part.strip() for part in line.partition("="))
            if not (before or after):
                continue
            if not sign or not before:
                raise ValidationError(
                    _("“{line}” is no line such as Vertrieb = Sales.").format(line=line[:80])
                )
            found[before] = after
        return found

    def clean_country(self) -> str:
        text = str(self.cleaned_data["country"]).strip()
        if text and not text.startswith("{") and text.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise ValidationError(
                _("“{text}” is no country: write its two letters, such as GB.").format(text=text)
            )
        return text if text.startswith("{") else text.upper()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.errors:
            return data
        said = [self._rule(number, to, data) for number, to in enumerate(self.targets)]
        try:
            self.rules = rules_of([one for one in said if "take" in one or "otherwise" in one])
        except ValueError as error:
            raise ValidationError(
                _("This cannot be kept: {why}.").format(why=str(error)), code="rules"
            ) from None
        return data

    def _rule(self, number: int, to: str, data: dict[str, Any]) -> dict[str, Any]:
        take = [one.strip() for one in data[f"take_{number}"].split(",") if one.strip()]
        form = data[f"form_{number}"] or "as-is"
        plain = to not in NO_WORDS and form not in PHONES
        said = {
            "to": to,
            "take": take,
            "form": form if form != "as-is" else "",
            "country": data["country"] if form in PHONES else "",
            "words": data["words"] if plain else {},
            "otherwise": data[f"otherwise_{number}"].strip(),
        }
        return {key: value for key, value in said.items() if value}
