"""What oauthlib asks about a device code (RFC 8628 §3.4–3.5); the toolkit's own validator answers the rest."""

from __future__ import annotations

from typing import Any

from oauth2_provider.models import DeviceGrant
from oauth2_provider.oauth2_validators import OAuth2Validator

#: How the toolkit's states are called on the wire.
_STATES = {
    DeviceGrant.AUTHORIZED: "authorized",
    DeviceGrant.AUTHORIZATION_PENDING: "authorization_pending",
    DeviceGrant.EXPIRED: "expired_token",
    DeviceGrant.DENIED: "access_denied",
}


class DeviceCodes(OAuth2Validator):  # type: ignore[misc]
    """Answers oauthlib 4's question, which the toolkit does not yet know."""

    def validate_device_code(
        self, client_id: str, code: str, request: Any, *args: Any, **options: Any
    ) -> str | None:
        """The state of a device code of this client; None for one that is unknown."""
        grant = DeviceGrant.objects.filter(device_code=code, client_id=client_id).first()
        if grant is None:
            return None
        grant.is_expired()  # notes it when it is
        request.user, request.scopes = grant.user, grant.scope.split()
        return _STATES.get(grant.status)
