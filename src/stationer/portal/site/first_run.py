"""Getting started: each step from the real state, done or not, and the one next thing to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from stationer.portal.access import domains, stamped
from stationer.portal.access.models import Device
from stationer.portal.access.presence import Presence
from stationer.portal.access.rights import Right
from stationer.portal.content.models import Template
from stationer.portal.people.models import Pen
from stationer.portal.publishing.models import Publication


@dataclass(frozen=True)
class State:
    """What a PEN has, counted once for the whole page."""

    people: int
    equipped: int
    devices: int
    templates: int
    publication: Publication | None


@dataclass(frozen=True)
class Step:
    """One step: whether it is done, what it is for, where it is done, and the right that it takes."""

    done: bool
    icon: str
    said: str
    why: str
    url: str
    right: Right


def count(people: int) -> State:
    """How much there is in the PEN in scope, which has so many `people`."""
    agents = Device.objects.filter(revoked_at=None).exclude(kind=Device.Kind.API)
    return State(
        people=people,
        equipped=agents.values("member_id").distinct().count(),
        devices=agents.count(),
        templates=Template.objects.exclude(parts={}).count(),
        publication=Publication.objects.defer("drafts", "changed").order_by("-serial").first(),
    )


def steps(pen: Pen, now: State) -> list[Step]:
    """The first steps, in the order that makes sense."""
    return [
        _domain(pen),
        Step(
            now.people > 1,
            "people",
            _("Bring in your colleagues"),
            _("Their names and telephone numbers fill the letterhead."),
            reverse("import-people"),
            "change-people",
        ),
        Step(
            now.templates > 0,
            "template",
            _("Make the first template"),
            _("A signature for new mails, and a shorter one for replies."),
            reverse("templates"),
            "change-content",
        ),
        Step(
            now.publication is not None,
            "publish",
            _("Publish"),
            _("Until then nothing changes for anyone."),
            reverse("publish"),
            "publish",
        ),
        Step(
            now.devices > 0,
            "key",
            _("Add the first device"),
            _("It puts the letterhead on the mail that leaves it. It takes a minute at each desk."),
            reverse("devices"),
            "see-people",
        ),
        _first_mail(pen, now),
    ]


def _domain(pen: Pen) -> Step:
    if not pen.domains:
        return Step(
            False,
            "company",
            _("Say which domains are yours"),
            _("So that inside and outside can be told apart."),
            reverse("settings"),
            "change-settings",
        )
    return Step(
        domains.is_proven(pen),
        "company",
        _("Prove that {domain} is yours").format(domain=pen.domains[0].removeprefix("*.")),
        _("One line in its DNS, so that nobody else writes in your name here."),
        reverse("domains"),
        "change-settings",
    )


def _first_mail(pen: Pen, now: State) -> Step:
    """The last step has nothing to press: somebody writes a mail, and its report comes in."""
    if now.devices and not stamped.can_know(pen):
        why = _(
            "Write a mail from that device. If the edge runs on another machine, it cannot be seen from here yet."
        )
    else:
        why = _("Write a mail from that device; it is seen here a few seconds after it has left.")
    said = _("Send the first mail with the letterhead")
    return Step(stamped.first(pen) is not None, "sent", said, why, reverse("myself"), "see-names")


def first_open(found: list[Step], here: Presence) -> Step | None:
    """The next step that this person may do."""
    return next((step for step in found if not step.done and here.may(step.right)), None)
