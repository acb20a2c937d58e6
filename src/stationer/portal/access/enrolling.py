"""Enrolling a device by RFC 8628: the person agrees, the program gets a token that makes one device and is then spent.

The views are django-oauth-toolkit's; what is added here: the consent is the member's in the PEN they are in, codes
cannot be tried at leisure, and a device code is exchanged once.
"""

from __future__ import annotations

import json
from functools import wraps
from hashlib import sha256
from typing import Any

from django.contrib import messages as notes
from django.core.cache import cache
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from oauth2_provider.models import (
    AccessToken,
    DeviceGrant,
    RefreshToken,
)
from oauth2_provider.views.base import TokenView as ToolkitTokenView
from oauth2_provider.views.device import (
    DeviceAuthorizationView,
    DeviceConfirmView,
    DeviceGrantForm,
    DeviceGrantStatusView,
    DeviceUserCodeView,
)

from stationer.portal.access import devices
from stationer.portal.access.models import Consent, Device
from stationer.portal.access.presence import members_only, presence
from stationer.portal.people.scope import outside_scope, pen_scope

DEVICE_FLOW = "urn:ietf:params:oauth:grant-type:device_code"
MOST_TRIES, TRIES_S = 20, 600


def may_enrol(view: Any) -> Any:
    """The page is for members whose package lets them connect mail programs; the others are told so."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **options: Any) -> Any:
        if "enrol" not in presence(request).member.package.rights:
            notes.error(request, _("People of your package may not connect mail programs. Ask the office."))
            return redirect("home")
        return view(request, *args, **options)

    return members_only(guarded)


class AuthorizationView(DeviceAuthorizationView):  # type: ignore[misc]
    """A device asks for its codes. oauthlib 4 answers with the scope as well, which the toolkit does not expect."""

    def create_device_authorization_response(self, request: HttpRequest) -> tuple[Any, Any, int]:
        headers, body, status = super().create_device_authorization_response(request)
        if status == 200:
            body = {key: value for key, value in body.items() if key != "scope"}
        return headers, body, status


class UserCodeForm(DeviceGrantForm):  # type: ignore[misc]
    """The code as people type it: small letters, blanks and hyphens are forgiven."""

    def clean_user_code(self) -> str:
        typed = self.cleaned_data["user_code"]
        self.cleaned_data["user_code"] = "".join(c for c in typed.upper() if c.isalnum())
        code: str = super().clean_user_code()
        return code


@method_decorator(may_enrol, name="dispatch")
class UserCodeView(DeviceUserCodeView):  # type: ignore[misc]
    """A signed-in member types the code; at most 20 wrong ones in ten minutes."""

    form_class = UserCodeForm

    def form_valid(self, form: Any) -> HttpResponse:
        if self._tries() >= MOST_TRIES:
            form.add_error(
                "user_code", ValidationError("Too many wrong codes. Wait ten minutes.", code="tries")
            )
            return super().form_invalid(form)  # type: ignore[no-any-return]
        return super().form_valid(form)  # type: ignore[no-any-return]

    def form_invalid(self, form: Any) -> HttpResponse:
        cache.set(self._key(), self._tries() + 1, TRIES_S)
        return super().form_invalid(form)  # type: ignore[no-any-return]

    def _key(self) -> str:
        return f"user-code-tries:{self.request.user.pk}"

    def _tries(self) -> int:
        return int(cache.get(self._key(), 0))


@method_decorator(may_enrol, name="dispatch")
class AgreeView(DeviceConfirmView):  # type: ignore[misc]
    """The member sees what asks, and agrees or refuses."""

    def form_valid(self, form: Any) -> HttpResponse:
        grant = self.get_object()
        if form.cleaned_data["action"] == "accept" and not grant.is_expired():
            Consent.objects.create(member=presence(self.request).member, grant=grant)
        return super().form_valid(form)  # type: ignore[no-any-return]


@method_decorator(members_only, name="dispatch")
class StatusView(DeviceGrantStatusView):  # type: ignore[misc]
    """What became of it."""


class TokenView(ToolkitTokenView):  # type: ignore[misc]
    """The device exchanges its code for an access token, once; that token carries the member's consent."""

    def post(self, request: HttpRequest, *args: Any, **options: Any) -> HttpResponse:
        if request.POST.get("grant_type") != DEVICE_FLOW or not request.POST.get("device_code"):
            return _refused(
                "unsupported_grant_type" if request.POST.get("device_code") else "invalid_request"
            )
        grant = DeviceGrant.objects.filter(device_code=request.POST["device_code"]).first()
        if grant is None:
            return _refused("invalid_grant")
        if grant.is_expired():
            return _refused("expired_token")
        with transaction.atomic():
            locked = DeviceGrant.objects.select_for_update().filter(pk=grant.pk).first()
            if locked is None:
                return _refused("invalid_grant")
            response: HttpResponse = super().post(request, *args, **options)
            if response.status_code == 200:
                _pass_on(locked, json.loads(response.content)["access_token"])
        return response


def _pass_on(grant: DeviceGrant, token: str) -> None:
    """The consent moves from the grant to the token; the grant is spent."""
    row = AccessToken.objects.get(token_checksum=sha256(token.encode()).hexdigest())
    with outside_scope(reason="a device code says whose consent it carries"):
        Consent.objects.filter(grant=grant).update(token=row, grant=None)
        grant.delete()
    RefreshToken.objects.filter(access_token=row).delete()


def _refused(error: str) -> HttpResponse:
    """RFC 6749 §5.2: the one place whose refusals are OAuth's and not ours."""
    return HttpResponse(json.dumps({"error": error}), status=400, content_type="application/json")


def consent_of(token: str) -> Consent | None:
    """The consent that an access token carries, while the token is good."""
    if not token:
        return None
    checksum = sha256(token.encode("utf-8", "surrogateescape")).hexdigest()
    with outside_scope(reason="an access token says whose consent it carries"):
        rows = Consent.objects.filter(token__token_checksum=checksum, token__expires__gt=timezone.now())
        return rows.select_related("pen", "member", "token").first()


def enrol(token: str, name: str, kind: str) -> tuple[Device, str] | None:
    """Spend an access token for a device and its own token; None where the token carries no consent."""
    found = consent_of(token)
    if found is None:
        return None
    with pen_scope(found.pen), transaction.atomic():
        consent = Consent.objects.select_for_update().filter(pk=found.pk).first()
        if consent is None:
            return None
        row, secret = devices.enrol(found.member, name, kind)
        AccessToken.objects.filter(pk=consent.token_id).delete()
    return row, secret


def forget_old() -> None:
    """Forget codes and access tokens that nobody came back for."""
    with outside_scope(reason="codes and tokens that have expired, of every PEN"):
        now = timezone.now()
        DeviceGrant.objects.filter(expires__lt=now).delete()
        AccessToken.objects.filter(expires__lt=now).delete()
