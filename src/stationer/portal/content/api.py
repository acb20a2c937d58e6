"""`/api/v1/templates`, `/campaigns`, `/messages`: what mail wears. In force after Publish."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.pick.checks import MOST_HELD_BACK, MOST_HOURS, MOST_MAILS
from stationer.portal.access import programs
from stationer.portal.access.programs import Asked, Page, PagingQuery, assign, found, page
from stationer.portal.content.binning import discard
from stationer.portal.content.for_everyone import alone, take_place
from stationer.portal.content.locked_parts import check_gone
from stationer.portal.content.models import Campaign, Message, Template
from stationer.portal.content.overtaking import held
from stationer.portal.content.valid import MOST_UTM
from stationer.wire.words import Slot, Variant

router = Router(tags=["content"], auth=programs.Key("see-content", "change-content"))
Name = Annotated[str, Field(min_length=1, max_length=120)]
Key = Annotated[str, Field(max_length=80)]


class ElementForm(Asked):
    """wire.source.Element."""

    kind: str
    values: dict[str, str] = {}


class SourceForm(Asked):
    """wire.source.Source."""

    shape: str
    values: dict[str, str] = {}
    text: str = ""
    elements: list[ElementForm] = []


Parts = dict[Variant, dict[Slot, SourceForm]]


class NewTemplate(Asked):
    """A template; `rule` is wire.rules.Rule (contract/schemas/rule.json)."""

    name: Name
    key: Key = ""
    rule: dict[str, Any] = {}
    parts: Parts = {}
    priority: int = 0
    fallback: bool = False


class TemplateChange(Asked):
    """Only what is sent is changed; `rule` and `parts` are replaced whole. `fallback: true` takes the place from the
    template that has it, which keeps its words and needs a rule of its own then."""

    name: Name | None = None
    key: Key | None = None
    rule: dict[str, Any] | None = None
    parts: Parts | None = None
    priority: int | None = None
    fallback: bool | None = None


class TemplateShown(Schema):
    """A template."""

    id: str
    key: str
    name: str
    rule: dict[str, Any]
    parts: dict[str, Any]
    priority: int
    fallback: bool


class Templates(Page):
    """A page of templates."""

    items: list[TemplateShown]


def _shown(row: Any, *names: str) -> dict[str, Any]:
    return {"id": row.outside_id, **{name: getattr(row, name) for name in names}}


def shown_template(row: Template) -> dict[str, Any]:
    """A template as the API shows it."""
    return _shown(row, "key", "name", "rule", "parts", "priority", "fallback")


@router.get("/templates", response=Templates)
def list_templates(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Templates."""
    return page(Template.objects.all(), "template", paging, shown_template)


@router.post("/templates", response={201: TemplateShown})
def add_template(request: HttpRequest, asked: NewTemplate) -> Status[dict[str, Any]]:
    """A new template."""
    row = Template()
    assign(row, asked.dict())
    return Status(201, shown_template(row))


@router.get("/templates/{template_id}", response=TemplateShown)
def get_template(request: HttpRequest, template_id: str) -> dict[str, Any]:
    """One template."""
    return shown_template(found(Template.objects.all(), "template", template_id))


@router.patch("/templates/{template_id}", response=TemplateShown)
def change_template(request: HttpRequest, template_id: str, asked: TemplateChange) -> dict[str, Any]:
    """Change what is sent."""
    row = found(Template.objects.all(), "template", template_id)
    with alone(row) if asked.fallback else held(row) as row:
        if asked.fallback:
            take_place(row, None)
        elif asked.fallback is False:
            check_gone(row)
        assign(row, asked.dict(exclude_none=True))
    return shown_template(row)


@router.delete("/templates/{template_id}", response={204: None})
def remove_template(request: HttpRequest, template_id: str) -> Status[None]:
    """Gone from the drafts at once, into the bin for 30 days; from mail at the next Publish."""
    discard(found(Template.objects.all(), "template", template_id), None)
    return Status(204, None)


State = Literal["draft", "live", "paused"]
Holdout = Annotated[int, Field(ge=0, le=MOST_HELD_BACK)]


Hours = Annotated[int, Field(ge=0, le=MOST_HOURS)]
Cap = Annotated[int, Field(ge=0, le=MOST_MAILS)]
MEMORY = ("caps", "cool_down_h", "sequence", "stop_after_click")


class CapsForm(Asked):
    """At most so many to one recipient; 0: no cap."""

    day: Cap = 0
    week: Cap = 0
    ever: Cap = 0


UtmWords = Annotated[str, Field(max_length=MOST_UTM)]


class UtmForm(Asked):
    """What its links say to the websites they lead to; empty: nothing."""

    source: UtmWords = ""
    medium: UtmWords = ""
    campaign: UtmWords = ""


class NewCampaign(Asked):
    """A campaign; `rule` is wire.rules.Rule."""

    name: Name
    key: Key = ""
    rule: dict[str, Any] = {}
    priority: int = 0
    holdout: Holdout = 0
    caps: CapsForm = CapsForm()
    cool_down_h: Hours = 0
    sequence: bool = False
    stop_after_click: bool = False
    utm: UtmForm = UtmForm()
    state: State = "draft"


class CampaignChange(Asked):
    """Only what is sent is changed; `rule` is replaced whole."""

    name: Name | None = None
    key: Key | None = None
    rule: dict[str, Any] | None = None
    priority: int | None = None
    holdout: Holdout | None = None
    caps: CapsForm | None = None
    cool_down_h: Hours | None = None
    sequence: bool | None = None
    stop_after_click: bool | None = None
    utm: UtmForm | None = None
    state: State | None = None


class CampaignShown(Schema):
    """A campaign."""

    id: str
    key: str
    name: str
    rule: dict[str, Any]
    priority: int
    holdout: int
    caps: dict[str, int]
    cool_down_h: int
    sequence: bool
    stop_after_click: bool
    utm: dict[str, str]
    state: State


class Campaigns(Page):
    """A page of campaigns."""

    items: list[CampaignShown]


def shown_campaign(row: Campaign) -> dict[str, Any]:
    """A campaign as the API shows it."""
    return _shown(row, "key", "name", "rule", "priority", "holdout", *MEMORY, "utm", "state")


def _without_empty(values: dict[str, Any]) -> dict[str, Any]:
    """As a row keeps them: what says nothing is not there, so that no cap and a cap of nought are the same."""
    for name in {"caps", "utm"} & values.keys():
        values[name] = {key: said for key, said in values[name].items() if said}
    return values


@router.get("/campaigns", response=Campaigns)
def list_campaigns(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Campaigns."""
    return page(Campaign.objects.all(), "campaign", paging, shown_campaign)


@router.post("/campaigns", response={201: CampaignShown})
def add_campaign(request: HttpRequest, asked: NewCampaign) -> Status[dict[str, Any]]:
    """A new campaign."""
    row = Campaign()
    assign(row, _without_empty(asked.dict()))
    return Status(201, shown_campaign(row))


@router.get("/campaigns/{campaign_id}", response=CampaignShown)
def get_campaign(request: HttpRequest, campaign_id: str) -> dict[str, Any]:
    """One campaign."""
    return shown_campaign(found(Campaign.objects.all(), "campaign", campaign_id))


@router.patch("/campaigns/{campaign_id}", response=CampaignShown)
def change_campaign(request: HttpRequest, campaign_id: str, asked: CampaignChange) -> dict[str, Any]:
    """Change what is sent."""
    with held(found(Campaign.objects.all(), "campaign", campaign_id)) as row:
        assign(row, _without_empty(asked.dict(exclude_none=True)))
    return shown_campaign(row)


@router.delete("/campaigns/{campaign_id}", response={204: None})
def remove_campaign(request: HttpRequest, campaign_id: str) -> Status[None]:
    """The campaign and its messages are gone from the drafts."""
    discard(found(Campaign.objects.all(), "campaign", campaign_id), None)
    return Status(204, None)


class NewMessage(Asked):
    """A message of a campaign."""

    campaign: str
    name: Name
    key: Key = ""
    slot: Slot = "banner"
    variants: list[Variant] = ["new", "reply", "forward"]
    weight: Annotated[int, Field(ge=1)] = 1
    utm_content: UtmWords = ""
    source: SourceForm


class MessageChange(Asked):
    """Only what is sent is changed; `source` is replaced whole."""

    name: Name | None = None
    key: Key | None = None
    slot: Slot | None = None
    variants: list[Variant] | None = None
    weight: Annotated[int, Field(ge=1)] | None = None
    utm_content: UtmWords | None = None
    source: SourceForm | None = None


class MessageShown(Schema):
    """A message."""

    id: str
    campaign: str
    key: str
    name: str
    slot: Slot
    variants: list[Variant]
    weight: int
    utm_content: str
    source: dict[str, Any]


class Messages(Page):
    """A page of messages."""

    items: list[MessageShown]


def shown_message(row: Message) -> dict[str, Any]:
    """A message as the API shows it."""
    shown = _shown(row, "key", "name", "slot", "variants", "weight", "utm_content", "source")
    return shown | {"campaign": row.campaign.outside_id}


def _messages() -> Any:
    return Message.objects.select_related("campaign")


@router.get("/messages", response=Messages)
def list_messages(request: HttpRequest, paging: PagingQuery, campaign: str = "") -> dict[str, Any]:
    """Messages, of one campaign where it is named."""
    rows = _messages()
    if campaign:
        rows = rows.filter(campaign=found(Campaign.objects.all(), "campaign", campaign))
    return page(rows, "message", paging, shown_message)


@router.post("/messages", response={201: MessageShown})
def add_message(request: HttpRequest, asked: NewMessage) -> Status[dict[str, Any]]:
    """A new message."""
    campaign = found(Campaign.objects.all(), "campaign", asked.campaign)
    row = Message(campaign=campaign)
    assign(row, asked.dict(exclude={"campaign"}))
    return Status(201, shown_message(row))


@router.get("/messages/{message_id}", response=MessageShown)
def get_message(request: HttpRequest, message_id: str) -> dict[str, Any]:
    """One message."""
    return shown_message(found(_messages(), "message", message_id))


@router.patch("/messages/{message_id}", response=MessageShown)
def change_message(request: HttpRequest, message_id: str, asked: MessageChange) -> dict[str, Any]:
    """Change what is sent."""
    with held(found(_messages(), "message", message_id)) as row:
        assign(row, asked.dict(exclude_none=True))
    return shown_message(row)


@router.delete("/messages/{message_id}", response={204: None})
def remove_message(request: HttpRequest, message_id: str) -> Status[None]:
    """The message is gone from the drafts."""
    discard(found(_messages(), "message", message_id), None)
    return Status(204, None)
