"""A partner's own terms on the desk of the blanks that companies use (`content.houseblanks`): the same sentences, and
what a blank writes goes into the partner's terms.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import msgspec
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stationer.pick import settle
from stationer.portal.content.houseblanks import HOUSE
from stationer.portal.partners import handing
from stationer.portal.people.models import Partner
from stationer.wire.definition import Inherited, Management, Terms

#: What a partner says; times of rest and quiet groups are a company's own (they name its calendars and groups).
SAID = (
    "hold_limit_ms",
    "most_messages",
    "slots",
    "mixed",
    "most_copies",
    "pictures",
    "tracking",
    "decoy",
    "replay",
)
#: Of these a company has the last word where they are not locked (contract/pick.md §8): new ones begin with them.
BEGINS = ("hold_limit_ms", "mixed", "pictures", "decoy")
#: Settings that one blank writes together with another.
WITH = {"most_copies": "mixed"}
#: The terms, settings and locks, as they are → as they are to be.
Change = Callable[[dict[str, Any], list[str]], tuple[dict[str, Any], list[str]]]


def _with(name: str) -> set[str]:
    """The setting and what its blank writes together with it."""
    return {name, *(other for other, first in WITH.items() if first == name)}


class Saying:
    """Looks like a PEN to a blank: fields are what holds below this partner; `save` writes them into its terms."""

    domains: tuple[str, ...] = ()

    def __init__(self, partner: Partner) -> None:
        self.partner = partner
        self.above = handing.terms(handing.above(partner)[:-1])
        self.own = msgspec.convert(partner.terms, Inherited)
        now: dict[str, Any] = msgspec.to_builtins(settle(self.above, self.own.management))
        held = msgspec.structs.asdict(settle(self.above, self.own.management))
        for name in SAID:
            value = now.get(name, held[name])
            setattr(self, name, list(value) if isinstance(value, tuple) else value)

    def management(self) -> Management:
        """What would hold below, with what is in the fields now."""
        fields = {name: getattr(self, name) for name in SAID}
        return settle(self.above, msgspec.convert(fields, Terms))

    def full_clean(self) -> None:
        """The blank has looked at the words; what does not go with a partner above is refused by `within`."""

    def save(self, update_fields: Iterable[str] = ()) -> None:
        """Write these fields into the partner's terms."""
        fields = {name: getattr(self, name) for name in update_fields if name in SAID}
        self._keep(lambda said, locks: ({**said, **fields}, locks))

    def _keep(self, change: Change) -> None:
        """Change the terms as they are now: whoever else changed some since the page was made keeps theirs. A lock on
        what is not said goes. Everything below is due."""
        with transaction.atomic():
            row = Partner.objects.select_for_update().get(pk=self.partner.pk)
            said, locks = change(dict(row.terms.get("management", {})), list(row.terms.get("locks", ())))
            locks = [name for name in dict.fromkeys(locks) if name in said]
            row.terms = {"management": said, "locks": locks} if said else {}
            row.full_clean()
            row.save(update_fields=["terms"])
            handing.want(row)
        self.partner.terms, self.own = row.terms, msgspec.convert(row.terms, Inherited)

    def lock(self, name: str, on: bool) -> None:
        """Companies below may not change it, or may again. Raises ValidationError."""

        def change(said: dict[str, Any], locks: list[str]) -> tuple[dict[str, Any], list[str]]:
            if name not in said or name in self.above.locks:
                raise ValidationError(_("Say first what it is to be; then it can be locked."))
            both = {one for one in _with(name) if one == name or one in said}
            others = [one for one in locks if one not in both]
            return said, [*others, *sorted(both)] if on else others

        self._keep(change)

    def take_back(self, name: str) -> None:
        """Say nothing of it any more: companies have their own again."""
        both = _with(name)
        self._keep(lambda said, locks: ({one: said[one] for one in said if one not in both}, locks))

    def rows(self) -> list[dict[str, Any]]:
        """What this partner says: each setting, and whether it is locked."""
        said = self.partner.terms.get("management", {})
        return [
            {"name": name, "locked": name in self.own.locks, "begins": name in BEGINS}
            for name in SAID
            if name in said and name not in WITH
        ]


BLANKS = {name: blank for name, blank in HOUSE.items() if name in SAID}
