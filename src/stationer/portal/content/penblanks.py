"""A blank about one setting of the company, which the partner may have bounded."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.content.blanks import Blank, Names
from stationer.portal.people.models import Pen


class PenBlank(Blank):
    """A blank about one setting: `field` of the PEN."""

    field = ""
    #: further fields of the PEN that it writes
    beside: tuple[str, ...] = ()

    def __init__(self, pen: Pen, data: Any = None, *, groups: Names = ()) -> None:
        self.pen, self.groups = pen, list(groups)
        super().__init__(data, initial={self.field: getattr(pen, self.field)} | self.now())

    def now(self) -> dict[str, Any]:
        """What is in the blank beside the field itself."""
        return {}

    def value(self) -> Any:
        """What the PEN's field becomes."""
        return self.cleaned_data[self.field]

    def keep(self) -> None:
        """Write it. Raises ValidationError, also where the partner does not leave it at that."""
        setattr(self.pen, self.field, self.value())
        self.pen.full_clean()
        within(self.pen, self.field)
        self.pen.save(update_fields=[self.field, *self.beside])


def within(pen: Pen, field: str) -> None:
    """Whether the partner leaves this setting as the PEN has it (contract/pick.md §8). Raises ValidationError."""
    if field in ("blackout", "quiet_groups"):  # both hold; nothing of one's own is lost
        return
    settled, own = getattr(pen.management(), field), getattr(pen, field)
    if (set(settled) != set(own)) if field == "slots" else settled != own:
        raise ValidationError(_("Your partner has set narrower bounds for this. Choose within them."))
