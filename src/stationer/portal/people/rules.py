"""What packages and the PEN's door allow of secure messages (contract/people.md §5). All inside a `pen_scope`.

The package of a member decides of them; of everybody else the PEN's package of guests does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from stationer.portal.people.listed import is_listed
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Member, Package, Pen
from stationer.portal.people.pens import first_package
from stationer.portal.people.scope import current_pen_id
from stationer.portal.people.valid import normal_address


@dataclass(frozen=True)
class Quota:
    """What a package allows of secure messages: `octets` of one, `messages_a_day`, `retention_days` (0: no bound of
    its own), and the least `level` of those who read (contract/reading.md §4)."""

    octets: int
    messages_a_day: int
    retention_days: int
    level: int

    def refusal(self, octets: int, today: int) -> str | None:
        """Why one more of this size is too much when so many were sent in the last 24 hours (`today`), in one sentence
        for members and guests alike, who know of no packages; None when it is not."""
        if self.octets and octets > self.octets:
            return _(
                "With its attachments this message takes {size} MB, and {most} MB are allowed here: send fewer files, "
                "or smaller ones."
            ).format(size=_megabytes(octets), most=_megabytes(self.octets))
        if self.messages_a_day and today >= self.messages_a_day:
            return ngettext(
                "You have sent one secure message in the last 24 hours, and no more are allowed here: send this one "
                "tomorrow.",
                "You have sent {most} secure messages in the last 24 hours, and no more are allowed here: send this "
                "one tomorrow.",
                self.messages_a_day,
            ).format(most=self.messages_a_day)
        return None


def _megabytes(octets: int) -> str:
    return f"{octets / 1_000_000:.1f}".removesuffix(".0")


def package_of_guests() -> Package:
    """The package that decides of whoever is no member; one that is not kept, as they come, where the PEN has none."""
    return Package.objects.filter(guests=True).first() or first_package("guests")


def package_of(address: str) -> Package:
    """The package that decides of an address."""
    member = find_member(address)
    return member.package if member else package_of_guests()


def may_seal(member: Member) -> bool:
    """Whether a member may send secure messages to anybody."""
    return "seal" in member.package.rights


def quota(address: str) -> Quota:
    """What may be sent from an address, and how long it is kept."""
    row = package_of(address)
    return Quota(row.most_octets, row.messages_a_day, row.retention_days, row.level)


def members_among(addresses: Iterable[str]) -> frozenset[str]:
    """Those of the addresses (in their normal form) that are a member's, by address or alias."""
    wanted = set(addresses)
    found = set(Member.objects.filter(address__in=wanted).values_list("address", flat=True))
    if wanted - found:
        for aliases in Member.objects.exclude(aliases=[]).values_list("aliases", flat=True):
            found.update(wanted.intersection(aliases))
    return frozenset(found)


def may_write(
    address: str, recipients: Iterable[str], *, answering: Collection[str] = (), invited: bool = False
) -> str | None:
    """Why somebody may not send a secure message to these addresses, in a sentence; None when they may.

    `answering`: everybody who was on the message that is answered, where one is. `invited`: whether the address has
    ever got a message of this PEN. What is no address is refused.
    """
    try:
        sender = normal_address(address)
        wanted = {normal_address(one) for one in recipients}
        met = {normal_address(one) for one in answering}
    except ValidationError as error:
        return str(error.messages[0])
    member = find_member(sender)
    if member and may_seal(member):
        return None
    rights = (member.package if member else package_of_guests()).rights
    new = wanted - met
    if wanted & met and "answer" not in rights:
        return _("Answering is not open to you here. Write to them by mail.")
    if not new:
        return None
    if "write" not in rights or (member is None and not _let_in(sender, invited=invited)):
        return _("You can answer the messages that you got here, and not begin new ones.")
    if strangers := new - members_among(new):
        return _(
            "{address} is not one of us: from here you can write to people of this company alone."
        ).format(address=min(strangers))
    return None


def _let_in(address: str, *, invited: bool) -> bool:
    """Whether the PEN's door is open for somebody who is no member."""
    pen = Pen.objects.get(pk=current_pen_id())
    if pen.access == Pen.Access.OPEN:
        return True
    if pen.access == Pen.Access.CONTROLLED:
        return is_listed(address, pen.access_list)
    return invited
