"""`/api/v1/hooks`: webhooks, their secrets, what was sent."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status

from stationer.portal.access.programs import Asked, Key, Page, PagingQuery, assign, found, page, wrong
from stationer.portal.hooks import events, signing, switching
from stationer.portal.hooks.models import Delivery, Hook
from stationer.portal.hooks.views import MOST_HOOKS, sent

router = Router(tags=["hooks"], auth=Key("see-settings", "change-settings", also="see-visitors"))
Name = Annotated[str, Field(min_length=1, max_length=120)]
Url = Annotated[str, Field(min_length=1, max_length=2000)]


class NewHook(Asked):
    """A webhook to be."""

    name: Name
    url: Url
    events: list[str]


class HookChange(Asked):
    """Only what is sent is changed."""

    name: Name | None = None
    url: Url | None = None
    events: list[str] | None = None
    on: bool | None = None


class HookShown(Schema):
    """A webhook. `secret` is there in the answer to the request that made it, and in no other."""

    id: str
    name: str
    url: str
    events: list[str]
    on: bool
    reason: str
    failing_since: datetime | None
    secret: str | None = None


class Hooks(Page):
    """A page of webhooks."""

    items: list[HookShown]


class DeliveryShown(Schema):
    """An event on its way: its id for the receiver, how far it got, what was answered last."""

    id: str
    event: str
    state: Literal["waiting", "done", "failed"]
    attempts: int
    made_at: datetime
    status: int | None
    ms: int | None


class Deliveries(Page):
    """A page of events."""

    items: list[DeliveryShown]


def shown(row: Hook, secret: str | None = None) -> dict[str, Any]:
    """As the wire has it."""
    names = ("name", "url", "events", "on", "reason", "failing_since")
    return {"id": row.outside_id, **{name: getattr(row, name) for name in names}, "secret": secret}


def told(row: Any) -> dict[str, Any]:
    """An event as the wire has it."""
    names = ("event", "state", "attempts", "made_at", "status", "ms")
    return {"id": row.outside_id, **{name: getattr(row, name, None) for name in names}}


def _hook(hook_id: str) -> Hook:
    return found(Hook.objects.all(), "hook", hook_id)


@router.get("/hooks", response=Hooks)
def list_hooks(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """All webhooks."""
    return page(Hook.objects.all(), "hook", paging, shown)


@router.post("/hooks", response={201: HookShown})
def add_hook(request: HttpRequest, asked: NewHook) -> Status[dict[str, Any]]:
    """A webhook; the answer holds its secret."""
    if Hook.objects.count() >= MOST_HOOKS:
        raise wrong("name", f"There are {MOST_HOOKS} webhooks already.")
    row = Hook()
    assign(row, asked.model_dump())
    return Status(201, shown(row, signing.written(bytes(row.secret))))


@router.get("/hooks/{hook_id}", response=HookShown)
def get_hook(request: HttpRequest, hook_id: str) -> dict[str, Any]:
    """One webhook."""
    return shown(_hook(hook_id))


@router.patch("/hooks/{hook_id}", response=HookShown)
def change_hook(request: HttpRequest, hook_id: str, asked: HookChange) -> dict[str, Any]:
    """Change it, switch it off and on."""
    row = _hook(hook_id)
    values = {
        name: value for name, value in asked.model_dump(exclude_unset=True).items() if value is not None
    }
    wanted = values.pop("on", row.on)
    assign(row, values)
    if wanted and not row.on:
        switching.on(row)
    elif row.on and not wanted:
        row.on, row.reason = False, ""
        row.save()
    return shown(row)


@router.delete("/hooks/{hook_id}", response={204: None})
def remove_hook(request: HttpRequest, hook_id: str) -> Status[None]:
    """Nothing more is sent there."""
    _hook(hook_id).delete()
    return Status(204, None)


@router.post("/hooks/{hook_id}/secret", response=HookShown)
def exchange_secret(request: HttpRequest, hook_id: str) -> dict[str, Any]:
    """A new secret, in the answer; for a day the one before signs as well."""
    row = _hook(hook_id)
    return shown(row, switching.exchange(row))


@router.post("/hooks/{hook_id}/test", response={201: DeliveryShown})
def test_hook(request: HttpRequest, hook_id: str) -> Status[dict[str, Any]]:
    """Send an example."""
    return Status(201, told(events.example(_hook(hook_id))))


@router.get("/hooks/{hook_id}/deliveries", response=Deliveries)
def list_deliveries(request: HttpRequest, hook_id: str, paging: PagingQuery) -> dict[str, Any]:
    """What was sent, of a month."""
    return page(sent(_hook(hook_id)), "delivery", paging, told)


@router.post("/hooks/{hook_id}/deliveries/{delivery_id}/again", response=DeliveryShown)
def send_again(request: HttpRequest, hook_id: str, delivery_id: str) -> dict[str, Any]:
    """The same event once more, under the same id."""
    row = found(Delivery.objects.all(), "delivery", delivery_id)
    if row.hook_id != _hook(hook_id).pk:
        raise Http404("of another webhook")
    events.again(row)
    return told(sent(row.hook).get(pk=row.pk))
