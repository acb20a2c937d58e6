"""Who may use which address of the portal. A route that is not here fails tests/portal/test_wall.py.

`anyone`: also somebody who is not signed in. `account`: whoever is signed in, in a PEN or not. `member`, `owner`: of
the PEN. `key`: an API key of the PEN. `device`: a key, or a device for itself. `token`: a consenting access token.
"""

from __future__ import annotations

from typing import Literal

Who = Literal["anyone", "account", "member", "owner", "key", "device", "token"]

POLICY: dict[str, Who] = {
    "livez": "anyone",
    "readyz": "anyone",
    "metrics": "anyone",
    "picture": "anyone",
    # the API
    "api:openapi-json": "anyone",
    "api:api-root": "anyone",
    "api:enrol_device": "token",
    "api:list_devices": "device",
    "api:get_device": "device",
    "api:remove_device": "device",
    **dict.fromkeys(
        (
            "api:list_people", "api:add_person", "api:get_person", "api:change_person", "api:remove_person",
            "api:list_groups", "api:add_group", "api:get_group", "api:change_group", "api:remove_group",
            "api:list_packages", "api:add_package", "api:change_package", "api:remove_package",
            "api:list_lists", "api:get_list", "api:put_list", "api:remove_list",
            "api:list_templates", "api:add_template", "api:get_template", "api:change_template",
            "api:remove_template",
            "api:list_campaigns", "api:add_campaign", "api:get_campaign", "api:change_campaign",
            "api:remove_campaign",
            "api:list_messages", "api:add_message", "api:get_message", "api:change_message", "api:remove_message",
            "api:list_pictures", "api:add_picture", "api:get_picture", "api:remove_picture",
            "api:list_changes", "api:publish_drafts", "api:list_publications",
        ),
        "key",
    ),
    # signing in (allauth)
    **dict.fromkeys(
        (
            "account_login", "account_inactive", "account_signup", "account_email_verification_sent",
            "account_reset_password", "account_confirm_login_code", "account_confirm_password_reset_code",
            "account_complete_password_reset", "account_password_reset_completed", "account_request_login_code",
            "mfa_authenticate", "mfa_login_webauthn",
        ),
        "anyone",
    ),
    **dict.fromkeys(
        (
            "account_logout", "account_reauthenticate", "account_email", "account_change_password",
            "account_set_password", "mfa_index", "mfa_reauthenticate", "mfa_activate_totp", "mfa_deactivate_totp",
            "mfa_view_recovery_codes", "mfa_generate_recovery_codes", "mfa_download_recovery_codes",
            "mfa_list_webauthn", "mfa_add_webauthn", "mfa_reauthenticate_webauthn", "mfa_remove_webauthn",
            "mfa_edit_webauthn",
        ),
        "account",
    ),
    # enrolling (RFC 8628)
    "oauth2_provider:device-authorization": "anyone",
    "oauth2_provider:token": "anyone",
    "oauth2_provider:device": "member",
    "oauth2_provider:device-confirm": "member",
    "oauth2_provider:device-grant-status": "member",
    # pages
    "home": "member",
    "theme": "anyone",
    "set_language": "anyone",
    "styleguide": "anyone",
    "styleguide-mail": "anyone",
    "choose-pen": "member",
    "myself": "member",
    "own-preview": "member",
    "devices": "member",
    "revoke-device": "member",
    **dict.fromkeys(
        (
            "people", "new-member", "groups", "group", "lists", "list", "member", "member-access",
            "delete-member", "settings",
            "templates", "new-template", "template", "template-preview", "template-name", "template-part",
            "campaigns", "new-campaign", "campaign", "campaign-state", "campaign-name", "new-message",
            "message", "message-preview", "delete-message", "add-picture", "publish",
            "campaign-reach", "publish-reach", "undo", "versions", "version", "restore-version", "try", "try-mail",
            "try-send", "bin", "bring-back", "house-rules",
        ),
        "owner",
    ),
}  # fmt: skip
