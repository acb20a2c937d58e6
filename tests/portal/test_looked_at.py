"""Every page is looked at: axe, 320 px and `make shots` go by the lists of trials/pages.py and trials/moments.py."""

from __future__ import annotations

from django.urls import resolve
from trials.moments import HAVING
from trials.pages import ANYTHING, CROWDED, OUTSIDE, pages

from tests.portal.test_wall import ROUTES

#: Pages that a walk of trials/moments.py ends on or passes, or a browser's journey (trials/browser/test_*.py).
WALKED = frozenset((
    "account_confirm_login_code", "account_confirm_password_reset_code", "mfa_add_webauthn", "mfa_authenticate",
    "mfa_reauthenticate", "mfa_reauthenticate_webauthn", "mfa_login_webauthn", "new-company", "first-run", "invitation",
    "provider", "provider-server", "provider-claims", "sign-in-begin", "sign-in-done", "trial-code", "trial-sent",
    "secure-message", "secure-code", "secure-ways", "secure-secret", "secure-phone", "secure-password", "secure-leave",
    "letter-print", "letter-reply",
))  # fmt: skip
#: Where a reader of the reason sees that no page of its own is shown there.
NO_PAGE = {
    "for programs": (
        "livez", "readyz", "metrics", "visits-script", "oauth2_provider:device-authorization",
        "oauth2_provider:token", "oauth2_provider:device-grant-status", "scim", "sign-in-metadata",
        "pen-descriptor",
    ),
    "a picture or a file": (
        "picture", "label-logo", "member-photo", "own-photo", "import-wrong", "export-people", "export-audit",
        "export-visitors", "letter-part", "partner-statement", "surveys-file", "survey-file", "figures-file",
        "mfa_download_recovery_codes", "company-download",
    ),
    "a mail in a frame of a page": (
        "template-preview", "message-preview", "own-preview", "partner-part-preview", "starter", "styleguide-mail", "trial-mail",
        "letter-body", "notices-preview",
    ),
    "only sent to, and leads back to a page": (
        "theme", "set_language", "decide-proposal", "people-together", "import-go", "people-bring-back",
        "delete-member", "own-details", "revoke-device", "campaign-state", "delete-message", "bring-back", "undo",
        "restore-version", "try-mail", "try-send", "delete-link", "partners", "arrival-go",
        "sign-in-back", "sign-in-acs", "secure-enter", "secure-phone-enter", "secure-passkey", "secure-passkey-ask", "secure-ways-begin",
        "secure-ways-add", "secure-ways-no", "letter-pictures",
    ),
    "sends on to a page that is looked at": (
        "account_email_verification_sent", "account_set_password", "account_complete_password_reset",
        "oauth2_provider:device-confirm", "mfa_deactivate_totp",
    ),
}  # fmt: skip


def test_every_page_is_in_a_list_of_what_is_looked_at() -> None:
    shown = {*pages(ANYTHING).values(), *OUTSIDE.values(), *CROWDED.values(), *HAVING.values()}
    listed = {resolve(one.split("?")[0]).view_name for one in shown if one != "/nothing/"}
    elsewhere = [*WALKED, *(name for names in NO_PAGE.values() for name in names)]
    assert listed.isdisjoint(elsewhere)
    assert {name for name in ROUTES if not name.startswith("api:")} == listed | set(elsewhere)
