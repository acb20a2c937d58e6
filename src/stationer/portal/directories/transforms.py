"""What becomes of a directory's attributes: rules as data, applied to one person (contract/directories.md §2)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, get_args

import msgspec
import phonenumbers

Values = Mapping[str, Sequence[str]]
Form = Literal["as-is", "phone", "national", "lower", "upper", "capitals", "postal", "addresses"]
FORMS: tuple[Form, ...] = get_args(Form)
_NAMED = re.compile(r"\{([A-Za-z][A-Za-z0-9_.;-]*)\}")
_SOURCE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*(?:;(?:[A-Za-z0-9-]|\{[A-Za-z]+\})+)*")
_TARGET = re.compile(r"address|aliases|package|a:[a-z][a-z0-9_]{0,63}")
_COUNTRY = re.compile(r"[A-Z]{2}|\{[A-Za-z.]+\}|")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}")
MOST_RULES = 60


class Rule(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One detail: where it is taken from, and how it is written."""

    to: str
    take: tuple[str, ...] = ()
    form: Form = "as-is"
    country: str = ""
    words: dict[str, str] = {}
    otherwise: str = ""

    def all_of(self, values: Values) -> list[str]:
        """Every value, written as the rule says."""
        raw: Iterable[str] = next(filter(None, (found(one, values) for one in self.take)), ())
        written = _FORMS[self.form](raw, filled(self.country, values) or "")
        said = {key.casefold(): word for key, word in self.words.items()}
        kept = [word for one in written if (word := said.get(one.casefold(), one).strip())]
        return list(dict.fromkeys(kept)) or ([self.otherwise] if self.otherwise else [])

    def one_of(self, values: Values) -> str:
        """The first value, or nothing."""
        return next(iter(self.all_of(values)), "")


def found(source: str, values: Values) -> list[str]:
    """What a source gives of a person; nothing where it names what they do not have."""
    if source.startswith("="):
        text = filled(source[1:], values)
        return [text] if text else []
    name = filled(source, values)
    return [one for one in values.get((name or "").lower(), ()) if one.strip()]


def filled(text: str, values: Values) -> str | None:
    """The text with each `{name}` filled in; None where one has no value."""
    words = {name: _named(name.lower(), values) for name in _NAMED.findall(text)}
    if not all(words.values()):
        return None
    return _NAMED.sub(lambda hit: words[hit[1]], text).strip()


def _named(name: str, values: Values) -> str:
    if name == "language":
        hit = _LANGUAGE.match(_named("preferredlanguage", values))
        return hit[0].lower() if hit else ""
    return next((one.strip() for one in values.get(name, ()) if one.strip()), "")


def phone(text: str, country: str, how: int) -> str:
    """The number as its country writes it, with its extension; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(text, country.upper() or None)
    except phonenumbers.NumberParseException:
        return text
    if not phonenumbers.is_possible_number(number):
        return text
    return str(phonenumbers.format_number(number, how))


def _each(change: Callable[[str], str]) -> Callable[[Iterable[str], str], list[str]]:
    return lambda texts, country: [change(one) for one in texts]


def _addresses(texts: Iterable[str], country: str) -> list[str]:
    """Of `proxyAddresses` those of mail."""
    kinds = (one.partition(":") for one in texts)
    return [
        last if colon else kind for kind, colon, last in kinds if not colon or kind.strip().lower() == "smtp"
    ]


_FORMS: dict[Form, Callable[[Iterable[str], str], Sequence[str]]] = {
    "as-is": _each(str),
    "phone": lambda texts, country: [
        phone(one, country, phonenumbers.PhoneNumberFormat.INTERNATIONAL) for one in texts
    ],
    "national": lambda texts, country: [
        phone(one, country, phonenumbers.PhoneNumberFormat.NATIONAL) for one in texts
    ],
    "lower": _each(str.lower),
    "upper": _each(str.upper),
    "capitals": _each(lambda text: re.sub(r"[^\W\d_]+", lambda hit: hit[0].capitalize(), text)),
    "postal": _each(lambda text: ", ".join(part.strip() for part in text.split("$") if part.strip())),
    "addresses": _addresses,
}


def rules_of(data: Any) -> tuple[Rule, ...]:
    """Rules from JSON. Raises ValueError with the place of the mistake."""
    try:
        rules = msgspec.convert(data, tuple[Rule, ...])
    except msgspec.ValidationError as error:
        raise ValueError(str(error)) from None
    if len(rules) > MOST_RULES:
        raise ValueError(f"there are more than {MOST_RULES} rules")
    seen: set[str] = set()
    for rule in rules:
        _check(rule, seen)
    if "address" not in seen:
        raise ValueError("no rule says what the address is")
    return rules


def _check(rule: Rule, seen: set[str]) -> None:
    if not _TARGET.fullmatch(rule.to) or rule.to in seen:
        raise ValueError(f"{rule.to!r} is no detail, or has two rules")
    seen.add(rule.to)
    for source in rule.take:
        if not source.startswith("=") and not _SOURCE.fullmatch(source):
            raise ValueError(f"{source!r} is no name of an attribute")
    if not _COUNTRY.fullmatch(rule.country):
        raise ValueError(f"{rule.country!r} is no country: write its two letters, such as GB")


def asked(rules: Iterable[Rule]) -> list[str]:
    """The attributes that these rules look at, without their options."""
    names = {"preferredLanguage"}
    for rule in rules:
        for source in (*rule.take, rule.country):
            names |= {name.partition(";")[0] for name in _NAMED.findall(source)}
            if not source.startswith(("=", "{")) and source is not rule.country:
                names.add(source.partition(";")[0])
    return sorted(names - {"language"})
