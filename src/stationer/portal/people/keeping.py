"""What the office says of a person, kept: only what was changed, under the person's lock.

Addresses say who somebody is. Whoever may do more than the one who writes keeps theirs; their details may be kept
by anybody who keeps people's details.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from stationer.portal.people.forms import MemberForm
from stationer.portal.people.meanwhile import Said, explained, merged, said_of
from stationer.portal.people.members import put_in_groups, save_member
from stationer.portal.people.models import Member
from stationer.portal.people.pens import called


class Meanwhile(ValidationError):
    """Somebody else changed the same. `was` is what the form shows then: of what clashed what is there now."""

    def __init__(self, form: MemberForm, clashes: list[str], was: Said, now: Said) -> None:
        packages = {one.outside_id: called(one) for one in form.packages}
        sentence = _("Somebody changed this meanwhile: it is “{now}”. Save again to put yours in its place.")
        empty = _("Somebody took this out meanwhile. Save again to put yours in.")
        said = {name: explained(name, now, packages) for name in clashes}
        super().__init__(
            {name: [sentence.format(now=text) if text else empty] for name, text in said.items()}
        )
        self.was = was | {name: now.get(name, "") for name in clashes}


@contextmanager
def locked(row: Member) -> Iterator[Member]:
    """The person as they are now; nobody else changes them before the end. Raises Http404 for one who is gone."""
    with transaction.atomic():
        there = Member.objects.select_for_update().filter(pk=row.pk).first()
        if there is None:
            raise Http404("gone meanwhile")
        yield there


def keep(row: Member, form: MemberForm, was: Said, *, above: bool) -> None:
    """Keep what the form changed of what it showed (`was`). Raises ValidationError, with the fields.

    `above`: the person may do more than who writes, so their addresses stay.
    """
    with locked(row) as there:
        now = said_of(there)
        kept, clashes = merged(was, form.said(), now)
        if clashes:
            raise Meanwhile(form, clashes, was, now)
        if above:
            _same_addresses(kept, now)
        _take(there, form, kept)


def _take(there: Member, form: MemberForm, kept: Said) -> None:
    there.address, there.aliases = str(kept["address"]), list(kept["aliases"])
    said = {name: str(kept[f"a_{name}"]) for name in form.names}
    new = form.cleaned_data["new_name"]
    if new:
        said[new] = form.cleaned_data["new_value"].strip()
    there.attributes = {name: value for name, value in (there.attributes | said).items() if value}
    there.package = next(one for one in form.packages if one.outside_id == kept["package"])
    save_member(there)
    put_in_groups(there, [one for one in form.all_groups if one.outside_id in kept["groups"]])


def _same_addresses(kept: Said, now: Said) -> None:
    sentence = _("They may do more than you: somebody with their rights has to do it.")
    wrong = {name: [sentence] for name in ("address", "aliases") if kept[name] != now[name]}
    if wrong:
        raise ValidationError(wrong)
