"""The form of a PEN's notifications: a blank for each thing that it says, and the faults of each beside it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from stationer import notice
from stationer.portal.notices.models import Texts, Wording
from stationer.portal.people.models import Package
from stationer.portal.people.pens import called
from stationer.portal.site.fields import Many
from stationer.portal.site.retelling import retold
from stationer.wire.problem import Problem

NAMES = {"en": "English", "de": "Deutsch"}
LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{2,8})*")
#: Languages of one PEN, at most.
MOST = 8


def languages_of(said: Wording, further: str = "") -> list[str]:
    """Those that there are blanks for: ours, those in use, and one that is to come."""
    texts: list[Mapping[str, object]] = [said.words, *said.notification.values(), *said.message.values()]
    used = [language.lower() for one in texts for language in one]
    listed = [*notice.OURS, *map(str.lower, said.languages), *used, *([further] if further else [])]
    return list(dict.fromkeys(one for one in listed if LANGUAGE.fullmatch(one)))[:MOST]


class NoticeForm(forms.Form):
    """All of it. `value()` after `is_valid()`; `tell()` puts faults to their blanks."""

    quiet = True
    address = forms.CharField(
        label=gettext_lazy("Address"),
        required=False,
        max_length=400,
        help_text=gettext_lazy("Stands in the footer: Sent by NAME of ADDRESS."),
    )
    phone = forms.CharField(
        label=gettext_lazy("Telephone number"),
        required=False,
        max_length=60,
        help_text=gettext_lazy("Whom readers call when they are not sure."),
    )
    tag = forms.CharField(
        label=gettext_lazy("What in a subject asks for a seal"),
        required=False,
        max_length=40,
        help_text=gettext_lazy("It is taken off before the notification leaves. Empty: nothing does."),
    )
    languages = Many(label=gettext_lazy("In these languages, where nobody knows the reader’s"))
    further = forms.CharField(
        label=gettext_lazy("A further language"),
        required=False,
        max_length=20,
        help_text=gettext_lazy(
            "Such as fr or pt-BR. Its blanks come with the next press of “Show”; write all of them."
        ),
    )

    def __init__(self, said: Wording, packages: Iterable[Package], data: Any = None) -> None:
        self.said, self.packages = said, list(packages)
        further = str((data or {}).get("further", "")).strip().lower()
        self.known = languages_of(said, further if LANGUAGE.fullmatch(further) else "")
        initial = {"address": said.address, "phone": said.phone, "tag": said.tag, "languages": said.languages}
        super().__init__(data, initial=initial)
        self.fields["languages"].choices = [(one, NAMES.get(one, one)) for one in self.known]  # type: ignore[attr-defined]
        for language in self.known:
            for word in notice.FIELDS:
                self._blank(f"words-{language}-{word}", word, said.words.get(language, {}), language, word)
        for kind, texts in (("notification", said.notification), ("message", said.message)):
            for row in self.packages:
                for language in self.known:
                    name = f"{kind}-{row.outside_id}-{language}"
                    self._blank(name, NAMES.get(language, language), texts.get(row.outside_id, {}), language)

    def _blank(self, name: str, label: str, texts: Texts, language: str, word: str = "") -> None:
        ours = notice.OURS.get(language.partition("-")[0], {}).get(word, "")
        self.fields[name] = forms.CharField(
            label=label_of(word) if word else label,
            required=False,
            initial=texts.get(word or language, ""),
            help_text=_("Ours: {words}").format(words=ours) if ours else "",
            widget=forms.Textarea(attrs={"rows": 2, "lang": language, "dir": "auto"}),
        )

    def clean_languages(self) -> tuple[str, ...]:
        return tuple(self.cleaned_data["languages"])

    def value(self) -> Wording:
        """What the blanks say; empty ones say nothing of their own."""
        given = self.cleaned_data
        disclaimers = {
            kind: {row.outside_id: self._texts(f"{kind}-{row.outside_id}-") for row in self.packages}
            for kind in ("notification", "message")
        }
        words: dict[str, Texts] = {}
        for language in self.known:
            texts = {word: given.get(f"words-{language}-{word}", "") for word in notice.FIELDS}
            words[language] = {word: text for word, text in texts.items() if text}
        return Wording(
            address=given["address"],
            phone=given["phone"],
            tag=given["tag"],
            languages=given["languages"],
            words={language: texts for language, texts in words.items() if texts},
            notification={package: texts for package, texts in disclaimers["notification"].items() if texts},
            message={package: texts for package, texts in disclaimers["message"].items() if texts},
        )

    def _texts(self, prefix: str) -> Texts:
        given = {language: self.cleaned_data.get(prefix + language, "") for language in self.known}
        return {language: text for language, text in given.items() if text}

    def tell(self, problems: Iterable[Problem]) -> None:
        """Each problem at the blank whose place it names, the rest above all."""
        for one in problems:
            sentence = f"{retold(one.what)} {retold(one.next)}"
            name = _field(one.where)
            self.add_error(name if name in self.fields else None, sentence)

    def groups(self) -> list[tuple[str, str, list[Any], str]]:
        """The blanks of packages and words in their folds: key, title, fields, and what of them is filled in."""
        found = []
        for kind, title in (
            ("notification", _("under notifications")),
            ("message", _("under secure messages")),
        ):
            for row in self.packages:
                fields = [self[f"{kind}-{row.outside_id}-{language}"] for language in self.known]
                own = ", ".join(str(field.label) for field in fields if field.value())
                found.append((kind, f"{called(row)}, {title}", fields, own))
        for language in self.known:
            fields = [self[f"words-{language}-{word}"] for word in notice.FIELDS]
            count = sum(bool(field.value()) for field in fields)
            own = ngettext("{n} of your own", "{n} of your own", count).format(n=count) if count else ""
            found.append(("words", NAMES.get(language, language), fields, own))
        return found


def _field(where: str) -> str:
    """The blank of a place in a PEN (stationer.notice.faults)."""
    top, *rest = where.split("/")
    if top == "pen":
        return rest[0] if rest else ""
    if top == "packages" and len(rest) == 3:
        return f"{rest[1]}-{rest[0]}-{rest[2]}"
    return "languages" if top == "languages" else "-".join([top, *rest])


def label_of(word: str) -> str:
    """What a word is, and which braces it must hold."""
    said = {
        "heading": _("Heading"),
        "heading_unknown": _("Heading, where nobody is named"),
        "kept": _("Where the letter is kept"),
        "kept_one": _("Where it is kept, with one attachment"),
        "kept_many": _("Where it is kept, with several"),
        "until": _("Until when"),
        "go": _("Before the link"),
        "how": _("How it opens"),
        "doubt": _("In doubt"),
        "doubt_call": _("In doubt, where there is a telephone"),
        "sent_by": _("Footer"),
        "sent_by_name": _("Footer without an address"),
        "call": _("Telephone number"),
        "date": _("How a date is written"),
        "months": _("Twelve months, parted by |"),
    }[word]
    braces = " ".join(f"{{{one}}}" for one in sorted(notice.FIELDS[word]))
    return f"{said} {braces}".strip()
