"""How many mails a partner may cause in a day: invitations go to addresses that somebody typed."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from stationer.portal.people.models import Partner
from stationer.portal.site.counting import tally

#: By a partner at the top and everything below it together.
MOST_A_DAY = 200


class TooMany(ValidationError):
    """The partner caused more mails today than one does by hand."""


def spend(partner: Partner) -> None:
    """One mail more. Raises TooMany."""
    if tally(f"partner-mails:{partner.path[:32]}", 24 * 3600) > MOST_A_DAY:
        raise TooMany(_("That was {most} invitations in a day. Go on tomorrow.").format(most=MOST_A_DAY))
