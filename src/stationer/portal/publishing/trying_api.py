"""`/api/v1/try`, `/reach`, `/campaigns/{id}/reach`: what a mail would carry and why, and how far drafts reach."""

from __future__ import annotations

from collections.abc import Callable
from copy import copy
from datetime import datetime
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from django.http import HttpRequest
from django.utils import timezone
from ninja import Field, Router, Schema

from stationer import pick
from stationer.portal.access.programs import Asked, Key, found, wrong
from stationer.portal.content.models import Campaign
from stationer.portal.people.members import find_member
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import current_pen_id
from stationer.portal.people.valid import normal_address
from stationer.portal.publishing import reaching, trying
from stationer.portal.publishing.changes import drafts, last_publication, read
from stationer.wire.words import Variant

router = Router(tags=["publishing"], auth=Key("see-content"))
MOST_TO = 20
BROKEN = "The drafts cannot be tried while something must be mended first: POST /publish says what."
T = TypeVar("T")


class Trying(Asked):
    """Who writes to whom, when (now without it), as what; with the drafts, or with what is in force."""

    sender: str
    to: Annotated[list[str], Field(min_length=1, max_length=MOST_TO)]
    at: datetime | None = None
    variant: Variant = "new"
    source: Literal["drafts", "force"] = "drafts"


class CopyShown(Schema):
    """A copy and who gets it: its text and HTML as it would leave; `untouched` says why where it leaves as written."""

    recipients: list[str]
    html: str
    text: str
    untouched: str | None


class VerdictShown(Schema):
    """Whether a template or campaign is in a copy (its place in `copies`), and why."""

    kind: Literal["template", "campaign"]
    id: str
    name: str
    taken: bool
    stage: str
    why: str
    of: int


class Tried(Schema):
    """The copies of the mail, and of each template and campaign why it is in them or not."""

    mail: str
    copies: list[CopyShown]
    verdicts: list[VerdictShown]
    problems: list[str]


class Reach(Schema):
    """Of `asked` mails of the last week (of `all` that were kept) so many. `missing` says why nothing is known: `off`
    (mails are not kept for it), `unpublished` (it was switched on since), `nothing` (none are there yet)."""

    missing: Literal["off", "unpublished", "nothing"] | None
    asked: int = 0
    all: int = 0
    first: datetime | None = None
    last: datetime | None = None


class CampaignReach(Reach):
    """Of these mails it suits so many, would have been in `shown`, and would have reached so many people."""

    suits: int = 0
    shown: int = 0
    people: int = 0


class DraftsReach(Reach):
    """So many of these mails would have carried something else."""

    other: int = 0


def _pen() -> Pen:
    return Pen.objects.get(pk=current_pen_id())


def _when_sound(find: Callable[[], T]) -> T:
    try:
        return find()
    except pick.DefinitionErrors as error:
        raise wrong("drafts", BROKEN) from error


@router.post("/try", response=Tried)
def try_mail(request: HttpRequest, asked: Trying) -> dict[str, Any]:
    """What a mail would carry, and why. Nothing is sent and nothing is kept."""
    sender = find_member(asked.sender.strip().lower())
    if sender is None:
        raise wrong("sender", "Nobody in the company has this address.")
    to = tuple(normal_address(one) for one in asked.to)
    at = int((asked.at or timezone.now()).timestamp() * 1000)
    pen, source = _pen(), _source(asked.source)
    done = _when_sound(lambda: trying.tried(pen, trying.Asked(sender, to, at, asked.variant), source))
    copies = [
        {
            "recipients": list(one.recipients),
            "html": trying.html_of(one.mail),
            "text": trying.text_of(one.mail),
            "untouched": one.untouched,
        }
        for one in done.copies
    ]
    verdicts = [{**msgspec.structs.asdict(one), "of": one.copy} for one in done.explanation.verdicts]
    problems = [*dict.fromkeys(done.problems)]
    return {"mail": done.explanation.mail, "copies": copies, "verdicts": verdicts, "problems": problems}


def _source(wanted: str) -> trying.Source:
    pen = _pen()
    if wanted == "drafts":
        return _when_sound(lambda: trying.of_drafts(pen, drafts(pen)))
    last = last_publication()
    if last is None:
        raise wrong("source", "Nothing is published yet: mail leaves as it is written.")
    try:
        return trying.in_force(last)
    except (OSError, pick.Damaged, LookupError) as error:
        raise wrong("source", "What is in force cannot be read just now. Try it with the drafts.") from error


@router.get("/reach", response=DraftsReach)
def show_reach(request: HttpRequest) -> dict[str, Any]:
    """How many of last week's mails would carry something else after Publish."""
    pen, last = _pen(), last_publication()
    missing = reaching.missing(pen, last)
    if missing is not None:
        return {"missing": missing}
    before = last.drafts if last else {}
    return _told(_when_sound(lambda: reaching.touched(pen, before, drafts(pen))))


@router.get("/campaigns/{campaign_id}/reach", response=CampaignReach)
def show_campaign_reach(request: HttpRequest, campaign_id: str) -> dict[str, Any]:
    """How many of last week's mails would have carried it, as if it were live."""
    row, pen = found(Campaign.objects.all(), "campaign", campaign_id), _pen()
    missing = reaching.missing(pen, last_publication())
    if missing is not None:
        return {"missing": missing}
    rows, live = read(), copy(row)
    live.state = Campaign.State.LIVE
    campaigns = [live if one.pk == live.pk else one for one in rows.campaigns]
    said = drafts(pen, rows._replace(campaigns=campaigns))
    return _told(_when_sound(lambda: reaching.reached(pen, said, row.outside_id)))


def _told(one: reaching.Touched | reaching.Reached | None) -> dict[str, Any]:
    return {"missing": "nothing"} if one is None else {"missing": None} | vars(one)
