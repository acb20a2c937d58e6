"""`/api/v1/alert-rules`, `/alerts`: who is told of what, and what was told."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, assign, found, page
from stationer.portal.alerts.models import FAIRLY, AlertRule, Due
from stationer.portal.people.valid import normal_address

router = Router(tags=["alerts"], auth=Key("see-visitors", "change-content"))
About = Literal["any", "campaigns", "links", "surveys"]
Answer = Literal["any", "low", "comment"]
Most = Annotated[int, Field(ge=1, le=4)]
Whom = Literal["sender", "owner", "address"]
Pace = Literal["at-once", "digest", "never"]
Score = Annotated[int, Field(ge=0, le=100)]


class NewRule(Asked):
    """When somebody clicks a link of these, tell that person, so soon, when it is at least so sure (0 to 100).

    Of `about` surveys `answer` says which answers; a low one is at most `most` of 5 stars, or as low."""

    about: About = "any"
    campaigns: list[str] = []
    answer: Answer = "any"
    most: Most = 2
    whom: Whom = "sender"
    address: str = ""
    pace: Pace = "at-once"
    least: Score = FAIRLY


class RuleChange(Asked):
    """Only what is sent is changed."""

    about: About | None = None
    campaigns: list[str] | None = None
    answer: Answer | None = None
    most: Most | None = None
    whom: Whom | None = None
    address: str | None = None
    pace: Pace | None = None
    least: Score | None = None


class RuleShown(Schema):
    """A rule of alerts."""

    id: str
    about: About
    campaigns: list[str]
    answer: Answer
    most: int
    whom: Whom
    address: str
    pace: Pace
    least: int


class Rules(Page):
    """A page of rules."""

    items: list[RuleShown]


class AlertShown(Schema):
    """An alert: to whom, how soon, how far it got, when its reader clicked first and last."""

    id: str
    to: str
    pace: Pace
    state: Literal["waiting", "done", "dropped", "failed"]
    first_at: datetime
    last_at: datetime
    done_at: datetime | None


class Alerts(Page):
    """A page of alerts."""

    items: list[AlertShown]


def shown(row: AlertRule) -> dict[str, Any]:
    """As the wire has it."""
    return {
        "id": row.outside_id,
        "about": row.about,
        "campaigns": row.campaigns,
        "answer": row.answer,
        "most": row.most,
        "whom": row.whom,
        "address": row.address,
        "pace": row.pace,
        "least": row.least,
    }


def _values(asked: Asked) -> dict[str, Any]:
    values = {
        name: value for name, value in asked.model_dump(exclude_unset=True).items() if value is not None
    }
    if values.get("address"):
        values["address"] = normal_address(values["address"])
    return values


@router.get("/alert-rules", response=Rules)
def list_alert_rules(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """All rules."""
    return page(AlertRule.objects.all(), "alertrule", paging, shown)


@router.post("/alert-rules", response={201: RuleShown})
def add_alert_rule(request: HttpRequest, asked: NewRule) -> Status[dict[str, Any]]:
    """A rule; it holds from the next click on."""
    row = AlertRule()
    assign(row, _values(asked))
    return Status(201, shown(row))


@router.get("/alert-rules/{rule_id}", response=RuleShown)
def get_alert_rule(request: HttpRequest, rule_id: str) -> dict[str, Any]:
    """One rule."""
    return shown(found(AlertRule.objects.all(), "alertrule", rule_id))


@router.patch("/alert-rules/{rule_id}", response=RuleShown)
def change_alert_rule(request: HttpRequest, rule_id: str, asked: RuleChange) -> dict[str, Any]:
    """Change it."""
    row = found(AlertRule.objects.all(), "alertrule", rule_id)
    assign(row, _values(asked))
    return shown(row)


@router.delete("/alert-rules/{rule_id}", response={204: None})
def remove_alert_rule(request: HttpRequest, rule_id: str) -> Status[None]:
    """Take it away; what it raised is told still."""
    found(AlertRule.objects.all(), "alertrule", rule_id).delete()
    return Status(204, None)


@router.get("/alerts", response=Alerts)
def list_alerts(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """What was told and what waits, of three months."""

    def told(row: Due) -> dict[str, Any]:
        names = ("to", "pace", "state", "first_at", "last_at", "done_at")
        return {"id": row.outside_id, **{name: getattr(row, name) for name in names}}

    return page(Due.objects.all(), "alert", paging, told)
