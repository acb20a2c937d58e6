"""Many changes in a few lines: how many of which sort, where one page does not tell them all."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.publishing.changes import Change
from stationer.portal.publishing.telling import ICONS, WORDS


@dataclass(frozen=True)
class Counted:
    """So many of one kind, of which the same becomes."""

    icon: str
    words: str
    word: str
    tone: str


KINDS: dict[str, Callable[[int], str]] = {
    "template": lambda n: ngettext("{n} template", "{n} templates", n),
    "campaign": lambda n: ngettext("{n} campaign", "{n} campaigns", n),
    "message": lambda n: ngettext("{n} message", "{n} messages", n),
    "list": lambda n: ngettext("{n} list", "{n} lists", n),
    "picture": lambda n: ngettext("{n} picture", "{n} pictures", n),
    "settings": lambda n: _("The house rules"),
}


def counted(changes: Iterable[Change]) -> list[Counted]:
    """They are in the order in which the changes come."""
    found = Counter((change.kind, change.what) for change in changes)
    return [
        Counted(
            ICONS.get(kind, "settings"),
            KINDS[kind](n).format(n=intcomma(n)),
            WORDS[what][0](),
            WORDS[what][1],
        )
        for (kind, what), n in found.items()
    ]
