"""`/api/v1/details`, `/proposals`: what is known of people, and what they would like changed of their own."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Query, Router, Schema, Status

from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, Key, Page, Paging, PagingQuery, found, page, paged, wrong
from stationer.portal.people import attributes, proposals
from stationer.portal.people.models import Attribute, Proposal
from stationer.portal.people.valid import check_attributes

router = Router(tags=["people"], auth=Key("see-people", "change-people"))
Kind = Literal["text", "phone", "link", "choice"]
Editing = Literal["office", "asked", "self"]


class Detail(Asked):
    """What a detail is called, what it is, and who changes it: the office, each person when the office agrees, or
    each person at once."""

    label: Annotated[str, Field(min_length=1, max_length=80)]
    kind: Kind = "text"
    choices: list[str] = []
    editing: Editing = "office"


class DetailShown(Schema):
    """A detail; `{{name}}` stands for it in templates. `described`: somebody said so here; else as it comes."""

    name: str
    label: str
    kind: Kind
    choices: list[str]
    editing: Editing
    described: bool


class Details(Page):
    """A page of details."""

    items: list[DetailShown]


def _shown(row: Attribute) -> dict[str, Any]:
    names = ("name", "kind", "choices", "editing")
    described = not row._state.adding
    said = {name: getattr(row, name) for name in names}
    return said | {"label": attributes.called(row), "described": described}


@router.get("/details", response=Details)
def list_details(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """What is known of people, by name."""
    some, following = paged(list(attributes.in_use().values()), lambda one: one.name, paging)
    return {"items": [_shown(one) for one in some], "next": following}


@router.put("/details/{detail}", response=DetailShown)
def put_detail(request: HttpRequest, detail: str, asked: Detail) -> dict[str, Any]:
    """Say what a detail is; a new one where nobody has it."""
    check_attributes({detail: ""})
    if (asked.kind == "choice") != bool(asked.choices):
        raise wrong("choices", "Send the list where it is one of a list, and only there.")
    row = Attribute.objects.filter(name=detail).first() or Attribute(name=detail)
    for name, value in asked.dict().items():
        setattr(row, name, value)
    row.full_clean()
    row.save()
    return _shown(row)


@router.delete("/details/{detail}", response={204: None})
def remove_detail(request: HttpRequest, detail: str) -> Status[None]:
    """It is as it came; what people have stays."""
    if not Attribute.objects.filter(name=detail).delete()[0]:
        raise Http404("nobody said anything of it")
    return Status(204, None)


class ProposalShown(Schema):
    """What somebody would like changed, by detail: before, and as it is to be (empty: taken away)."""

    id: str
    member: str
    values: dict[str, str]
    before: dict[str, str]
    outcome: Literal["open", "agreed", "declined"]
    created_at: datetime
    decided_at: datetime | None
    decided_by: str


class Proposals(Page):
    """A page of proposals."""

    items: list[ProposalShown]


class ProposalsAsked(Paging):
    """Which page; the open ones alone, unless `open` is false."""

    open: bool = True


class Decision(Asked):
    """Agree, or decline."""

    agree: bool


def _proposal(row: Proposal) -> dict[str, Any]:
    names = ("values", "before", "outcome", "created_at", "decided_at", "decided_by")
    said = {name: getattr(row, name) for name in names}
    return said | {"id": row.outside_id, "member": row.member.outside_id}


@router.get("/proposals", response=Proposals)
def list_proposals(request: HttpRequest, asked: Annotated[ProposalsAsked, Query()]) -> dict[str, Any]:
    """What people would like changed of their own details."""
    rows = Proposal.objects.select_related("member")
    rows = rows.filter(outcome=Proposal.Outcome.OPEN) if asked.open else rows
    return page(rows, "proposal", asked, _proposal)


@router.post("/proposals/{proposal_id}", response=ProposalShown)
def decide_proposal(request: HttpRequest, proposal_id: str, asked: Decision) -> dict[str, Any]:
    """Agree or decline; the person is told by mail."""
    row, key = found(Proposal.objects.all(), "proposal", proposal_id), device(request)
    if not proposals.decide(row, agree=asked.agree, by=key.name if key else ""):
        raise wrong("proposal_id", "Somebody has decided that already.")
    return _proposal(found(Proposal.objects.select_related("member"), "proposal", proposal_id))
