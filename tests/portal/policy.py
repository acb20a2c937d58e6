"""Who may use which address of the portal. A route that is not here fails tests/portal/test_wall.py.

`anyone`: also somebody who is not signed in. `account`: whoever is signed in, in a PEN or not. `member`: whoever is in
the PEN. `device`: a key that sees people, or a device for itself. `token`: a consenting access token. `edge`: an edge.
`directory`: a directory that tells by itself, by its own token. `key`: a key, whatever it may do.
`operator`: whoever runs the installation. `Staffed(see, change)`: somebody of the partner in the address, or of one above.
`Needs(see, change)`: a person (or, below `api:`, a key) with the right; `see` to look, `change` for the rest.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

from stationer.portal.access.rights import Right
from stationer.portal.partners.rights import Right as Working


class Needs(NamedTuple):
    """The right that a route asks for to look, and the one for everything else."""

    see: Right
    change: Right


class Staffed(NamedTuple):
    """The right that a partner's page asks of its people (partners.rights): to look, and for everything else."""

    see: Working
    change: Working


Who = (
    Literal["anyone", "account", "member", "device", "key", "token", "edge", "operator", "directory"]
    | Needs
    | Staffed
)
SEE_CONTENT = Needs("see-content", "see-content")
CHANGE_CONTENT = Needs("change-content", "change-content")
CONTENT = Needs("see-content", "change-content")
PUBLISH = Needs("see-content", "publish")
MANAGE_ROLES = Needs("manage-roles", "manage-roles")
CHANGE_PEOPLE = Needs("change-people", "change-people")
PEOPLE = Needs("see-people", "change-people")
ALERTS = Needs("see-visitors", "change-content")
SETTINGS = Needs("see-settings", "change-settings")

POLICY: dict[str, Who] = {
    "livez": "anyone",
    "readyz": "anyone",
    "metrics": "anyone",
    "picture": "anyone",
    "scim": "directory",
    "visits-script": "anyone",
    "pen-descriptor": "anyone",
    "check-notice": "anyone",
    "api:show_notifications": SETTINGS,
    "api:put_notifications": SETTINGS,
    **dict.fromkeys(("notices", "notices-versions", "notices-keys"), SETTINGS),
    "notices-preview": Needs("see-settings", "see-settings"),
    "notices-version": Needs("see-settings", "see-settings"),
    **dict.fromkeys(("trial", "trial-code", "trial-sent", "trial-keep", "trial-mail"), "anyone"),
    **dict.fromkeys(
        (
            "secure-message", "secure-code", "secure-enter", "secure-leave", "secure-secret", "secure-password",
            "secure-passkey", "secure-passkey-ask", "secure-ways", "secure-ways-begin", "secure-ways-add",
            "secure-phone", "secure-phone-enter", "secure-ways-no", "letter-body", "letter-part", "letter-print", "letter-pictures", "letter-reply",
        ),
        "anyone",
    ),
    **dict.fromkeys(("shared-secrets", "contact-phones", "own-delegates"), "member"),
    **dict.fromkeys(("reading-terms", "phone-gateway"), SETTINGS),
    # the API
    "api:openapi-json": "anyone",
    "api:api-root": "anyone",
    "api:enrol_device": "token",
    "api:put_segment": "edge",
    "api:tell_visit": "anyone",
    "api:ask_for_visits": "anyone",
    "api:list_devices": "device",
    "api:show_key": "key",
    "api:add_key": MANAGE_ROLES,
    "api:list_audit": Needs("see-audit", "see-audit"),
    "api:get_device": "device",
    "api:remove_device": "device",
    **dict.fromkeys(
        (
            "api:send_secure_message", "api:put_piece", "api:complete_secure_message", "api:list_secure_messages",
            "api:get_secure_message", "api:get_notification", "api:get_content", "api:get_part",
            "api:end_secure_message",
        ),
        "device",
    ),
    **dict.fromkeys(
        (
            "api:list_people", "api:add_person", "api:get_person", "api:change_person", "api:remove_person",
            "api:list_groups", "api:add_group", "api:get_group", "api:change_group", "api:remove_group",
            "api:list_packages", "api:add_package", "api:change_package", "api:remove_package",
            "api:list_lists", "api:get_list", "api:put_list", "api:remove_list",
            "api:list_imports", "api:add_import", "api:get_import", "api:list_wrong_lines", "api:apply_import",
            "api:undo_import", "api:remove_import", "api:get_package", "api:list_details", "api:put_detail",
            "api:remove_detail", "api:list_proposals", "api:decide_proposal", "api:list_people_bin",
            "api:restore_binned_people", "api:list_delegates", "api:put_delegates",
            "api:show_door", "api:change_door",
        ),
        PEOPLE,
    ),
    **dict.fromkeys(
        (
            "api:list_templates", "api:add_template", "api:get_template", "api:change_template",
            "api:remove_template",
            "api:list_campaigns", "api:add_campaign", "api:get_campaign", "api:change_campaign",
            "api:remove_campaign",
            "api:list_messages", "api:add_message", "api:get_message", "api:change_message", "api:remove_message",
            "api:list_pictures", "api:add_picture", "api:get_picture", "api:remove_picture",
            "api:list_bin", "api:restore_binned",
        ),
        CONTENT,
    ),
    **dict.fromkeys((
            "api:lint_source", "api:list_rules", "api:lint_message", "api:lint_template", "api:try_mail",
            "api:show_reach", "api:show_campaign_reach",
        ),
        SEE_CONTENT,
    ),
    **dict.fromkeys((
            "api:list_changes", "api:publish_drafts", "api:list_publications", "api:get_publication",
            "api:restore_publication", "api:undo_publication",
        ),
        PUBLISH,
    ),
    **dict.fromkeys(
        (
            "api:list_alert_rules", "api:add_alert_rule", "api:get_alert_rule", "api:change_alert_rule",
            "api:remove_alert_rule", "api:list_alerts",
        ),
        ALERTS,
    ),
    **dict.fromkeys(
        (
            "api:list_hooks", "api:add_hook", "api:get_hook", "api:change_hook", "api:remove_hook",
            "api:exchange_secret", "api:test_hook", "api:list_deliveries", "api:send_again",
            "api:get_company", "api:look_at_company", "api:list_company_files", "api:get_company_file",
            "api:list_company_changes", "api:apply_company_file", "api:undo_company_file", "api:remove_company_file",
        ),
        SETTINGS,
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
    # signing in by a company's own sign-in
    **dict.fromkeys(
        (
            "company-sign-in", "emergency", "sign-in-begin", "sign-in-back", "sign-in-acs", "sign-in-done",
            "sign-in-metadata", "sign-in-left",
        ),
        "anyone",
    ),
    **dict.fromkeys(
        ("providers", "new-provider", "emergency-codes", "provider", "provider-server", "provider-claims"),
        MANAGE_ROLES,
    ),
    # enrolling (RFC 8628)
    "oauth2_provider:device-authorization": "anyone",
    "oauth2_provider:token": "anyone",
    "oauth2_provider:device": "member",
    "oauth2_provider:device-confirm": "member",
    "oauth2_provider:device-grant-status": "member",
    # pages
    "home": "anyone",
    "theme": "anyone",
    "invitation": "anyone",
    "new-company": "account",
    "set_language": "anyone",
    "styleguide": "anyone",
    "styleguide-mail": "anyone",
    "choose-pen": "member",
    "myself": "member",
    "second-factor": "member",
    "sessions": "member",
    "own-preview": "member",
    "revoke-device": "member",
    **dict.fromkeys(("templates", "campaigns", "template-preview", "message-preview"), SEE_CONTENT),
    **dict.fromkeys(
        (
            "new-template", "template-name", "template-part", "new-campaign", "campaign-state", "campaign-name",
            "new-message", "message", "delete-message", "starter",
        ),
        CHANGE_CONTENT,
    ),
    **dict.fromkeys(("template", "campaign", "pictures", "picture-page"), CONTENT),
    "publish": Needs("see-content", "publish"),
    **dict.fromkeys(
        ("campaign-reach", "publish-reach", "versions", "version", "try", "try-mail", "try-send", "bin"), SEE_CONTENT
    ),
    **dict.fromkeys(("undo", "restore-version"), Needs("publish", "publish")),
    "bring-back": CHANGE_CONTENT,
    "house-rules": Needs("see-settings", "change-settings"),
    "people": Needs("see-names", "see-names"),
    "new-member": Needs("change-people", "change-people"),
    "delete-member": Needs("change-people", "change-people"),
    **dict.fromkeys(("groups", "group", "lists", "list", "member", "member-delegates"), PEOPLE),
    **dict.fromkeys(("company-file", "company-edit"), SETTINGS),
    **dict.fromkeys(("company-download", "arrival"), Needs("see-settings", "see-settings")),
    "arrival-go": Needs("change-settings", "change-settings"),
    **dict.fromkeys(("import-people", "import", "import-go", "import-wrong"), CHANGE_PEOPLE),
    **dict.fromkeys(("packages", "package", "attributes", "attribute"), PEOPLE),
    **dict.fromkeys(
        ("group-people", "proposals", "decide-proposal", "people-together", "member-photo"), CHANGE_PEOPLE
    ),
    "own-details": "member",
    "own-photo": "member",
    "people-bin": Needs("see-people", "see-people"),
    "people-bring-back": CHANGE_PEOPLE,
    "export-people": Needs("see-people", "see-people"),
    "devices": Needs("see-people", "see-people"),
    "member-access": MANAGE_ROLES,
    **dict.fromkeys(("sending", "sending-domain"), SETTINGS),
    "domains": Needs("see-settings", "change-settings"),
    "link-domain": Needs("see-settings", "change-settings"),
    **dict.fromkeys(
        ("api:show_link_domain", "api:choose_link_domain", "api:look_at_link_domain"),
        Needs("see-settings", "change-settings"),
    ),
    "first-run": SEE_CONTENT,
    "roles": Needs("see-settings", "see-settings"),
    "new-role": MANAGE_ROLES,
    "role": MANAGE_ROLES,
    "audit": Needs("see-audit", "see-audit"),
    "export-audit": Needs("see-audit", "see-audit"),
    "settings": Needs("see-settings", "change-settings"),
    **dict.fromkeys(("visitors", "visitor", "export-visitors"), Needs("see-visitors", "see-visitors")),
    **dict.fromkeys(
        ("api:list_hits", "api:get_hit", "api:list_links", "api:add_links", "api:get_link", "api:remove_link"),
        Needs("see-visitors", "see-visitors"),
    ),
    **dict.fromkeys(("links", "new-link", "link", "delete-link"), "member"),
    **dict.fromkeys(("ask-known", "known"), "anyone"),
    "privacy": Needs("see-settings", "change-settings"),
    **dict.fromkeys(("alerts", "alert-rule"), ALERTS),
    "campaign-clicks": CONTENT,
    "own-alerts": "member",
    "alerts-by-link": "anyone",
    **dict.fromkeys(("hooks", "hook", "hook-delivery"), SETTINGS),
    "new-hook": Needs("change-settings", "change-settings"),
    **dict.fromkeys(
        (
            "figures", "figures-parts", "figures-member", "figures-domain", "figures-list", "figures-file",
            "campaign-figures", "message-figures",
            "api:get_figures", "api:get_campaign_figures", "api:get_message_figures", "api:get_member_figures",
            "api:list_figures", "api:list_message_figures",
        ),
        Needs("see-figures", "see-figures"),
    ),
    "keeping": Needs("see-settings", "change-settings"),
    "website": SETTINGS,
    # partners, and whoever runs the installation
    "partners": "account",
    "partner": Staffed("see-figures", "see-figures"),
    "partner-new-company": Staffed("change-companies", "change-companies"),
    "partner-company": Staffed("see-figures", "change-companies"),
    **dict.fromkeys(
        ("partner-hand", "partner-part", "partner-part-preview"), Staffed("hand-down", "hand-down")
    ),
    **dict.fromkeys(
        ("partner-statements", "partner-statement"), Staffed("see-statements", "see-statements")
    ),
    "partner-label": Staffed("change-label", "change-label"),
    **dict.fromkeys(("partner-staff", "partner-new-reseller"), Staffed("manage-staff", "manage-staff")),
    **dict.fromkeys(("become-partner", "become-partner-done", "door", "label-logo"), "anyone"),
    **dict.fromkeys(("operator", "operator-enquiry"), "operator"),
    "vote": "anyone",
    **dict.fromkeys(
        ("surveys", "surveys-file", "survey", "api:list_surveys"), Needs("see-figures", "see-figures")
    ),
    **dict.fromkeys(("survey-file", "api:list_votes", "api:get_vote"), Needs("see-visitors", "see-visitors")),
    **dict.fromkeys(("directories", "directory"), PEOPLE),
    **dict.fromkeys(("new-directory", "new-scim-directory", "directory-server", "directory-rules"), CHANGE_PEOPLE),
}  # fmt: skip
