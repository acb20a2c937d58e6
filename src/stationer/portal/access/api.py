"""`/api/v1/devices`: a consenting member's program becomes a device; devices are listed and removed."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from django.conf import settings
from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.security import HttpBearer

from stationer.portal.access import devices, enrolling
from stationer.portal.access.models import Consent, Device
from stationer.portal.access.presence import device
from stationer.portal.access.programs import Asked, KeyOrDevice, Page, PagingQuery, found, page
from stationer.portal.people.scope import pen_scope
from stationer.wire import ids

router = Router(tags=["devices"])


class AccessTokenBearer(HttpBearer):
    """The access token of RFC 8628, good for one device. A key's or a device's own token makes no device."""

    def authenticate(self, request: HttpRequest, token: str) -> Consent | None:
        if device(request) is not None:
            return None
        return enrolling.consent_of(token)


class Enrolling(Asked):
    """wire.enrol.Enrolling."""

    name: Annotated[str, Field(min_length=1, max_length=120)]
    kind: Literal["agent", "addin"] = "agent"


class Enrolled(Schema):
    """wire.enrol.Enrolled."""

    device: str
    token: str
    pen: str
    pen_name: str
    member: str
    address: str
    edge: str
    hold_limit_ms: int


class DeviceShown(Schema):
    """A device, without its secret."""

    id: str
    name: str
    kind: str
    member: str | None
    scopes: list[str]
    created_at: datetime
    last_seen_at: datetime | None
    revoked_at: datetime | None


class Devices(Page):
    """A page of devices."""

    items: list[DeviceShown]


def shown(row: Device) -> dict[str, Any]:
    """A device as the API shows it."""
    return {
        "id": row.outside_id,
        "name": row.name,
        "kind": row.kind,
        "member": ids.outside("member", row.member_id) if row.member_id else None,
        "scopes": row.scopes,
        "created_at": row.created_at,
        "last_seen_at": row.last_seen_at,
        "revoked_at": row.revoked_at,
    }


def enrolled(row: Device, token: str) -> dict[str, Any]:
    """What a new device learns (contract/http.md §4)."""
    assert row.member is not None, "an enrolled device is somebody's"
    return {
        "device": row.outside_id,
        "token": token,
        "pen": row.pen.outside_id,
        "pen_name": row.pen.name,
        "member": row.member.outside_id,
        "address": row.member.address,
        "edge": settings.EDGE_URL,
        "hold_limit_ms": row.pen.management().hold_limit_ms,
    }


@router.post("/devices", auth=AccessTokenBearer(), response={201: Enrolled})
def enrol_device(request: HttpRequest, asked: Enrolling) -> Status[dict[str, Any]]:
    """Spend an access token for a device. The token in the answer is shown this once."""
    token = request.headers["Authorization"].partition(" ")[2].strip()
    made = enrolling.enrol(token, asked.name, asked.kind)
    if made is None:
        raise Http404("the access token is spent")
    with pen_scope(made[0].pen_id):
        return Status(201, enrolled(*made))


def _visible(request: HttpRequest) -> Any:
    """Every device of the PEN for an API key; itself for a device."""
    asks = device(request)
    if asks is None:
        return Device.objects.none()
    return Device.objects.all() if asks.kind == Device.Kind.API else Device.objects.filter(pk=asks.pk)


@router.get("/devices", auth=KeyOrDevice("see-people", "change-people"), response=Devices)
def list_devices(request: HttpRequest, paging: PagingQuery) -> dict[str, Any]:
    """Devices and API keys, the removed ones as well."""
    return page(_visible(request), "device", paging, shown)


@router.get("/devices/{device_id}", auth=KeyOrDevice("see-people", "change-people"), response=DeviceShown)
def get_device(request: HttpRequest, device_id: str) -> dict[str, Any]:
    """One device."""
    return shown(found(_visible(request), "device", device_id))


@router.delete("/devices/{device_id}", auth=KeyOrDevice("see-people", "change-people"), response={204: None})
def remove_device(request: HttpRequest, device_id: str) -> Status[None]:
    """Out of force: here at once, at the edge within 2 s."""
    devices.revoke(found(_visible(request), "device", device_id))
    return Status(204, None)
