"""`make shots`: the main pages of a furnished portal, as pictures, into var/shots.

Widths 390, 1024, 1440; light and dark; `python -m trials.shots NAME…` renders some only. Look at them.
"""

from __future__ import annotations

import sys
import tempfile
from collections import defaultdict
from datetime import date, timedelta
from itertools import product
from pathlib import Path

from playwright.sync_api import Page

from trials.browser.chromium import browser, sign_in
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running
from trials.moments import BEHIND, MOMENTS

WIDTHS = {390: 844, 1024: 768, 1440: 900}
THEMES = ("light", "dark")
OUT = Path("var/shots")
#: Stands for a portal where only the names of its pages are asked for.
ANYTHING = Running("", defaultdict(str))


_WEDNESDAY = date.today() + timedelta(days=(2 - date.today().weekday()) % 7)
TRIED = (
    "sender=alice%40harbourdental.example&to=carol%40example.org&variant=reply&source=drafts"
    f"&at={_WEDNESDAY}T10:00"
)


def pages(there: Running) -> dict[str, str]:
    """Name → address of what is rendered for a signed-in owner."""
    ids = there.ids
    return {
        "home": "/",
        "templates": "/templates/",
        "template": f"/templates/{ids['template']}/",
        "part": f"/templates/{ids['template']}/signature/",
        "campaigns": "/campaigns/",
        "new-campaign": "/campaigns/new/",
        "campaign": f"/campaigns/{ids['campaign']}/",
        "campaign-to": f"/campaigns/{ids['campaign']}/?edit=to",
        "campaign-when": f"/campaigns/{ids['campaign']}/?edit=when",
        "campaign-often": f"/campaigns/{ids['campaign']}/?edit=often",
        "campaign-turn": f"/campaigns/{ids['campaign']}/?edit=turn",
        "campaign-utm": f"/campaigns/{ids['campaign']}/?edit=utm",
        "house-rules": "/settings/mail/",
        "house-blackout": "/settings/mail/?edit=blackout",
        "house-calendar": "/settings/mail/?calendar=Bank+holidays",
        "try": "/try/",
        "tried": f"/try/?{TRIED}",
        "versions": "/publish/versions/",
        "version": f"/publish/versions/{ids['version']}/",
        "bin": "/bin/",
        "people-bin": "/people/bin/",
        "people-bin-de": "/people/bin/",
        "campaign-who": f"/campaigns/{ids['campaign']}/?edit=who",
        "delete-by-name": f"/people/groups/{ids['group']}/",
        "reach": f"/campaigns/{ids['campaign']}/reach/",
        "message": f"/messages/{ids['message']}/",
        "form": f"/messages/{ids['form']}/?at=0",
        "gallery": f"/messages/{ids['form']}/?choose=1",
        "mjml": f"/messages/{ids['mjml']}/",
        "linted": f"/messages/{ids['faulty']}/",
        "linted-de": f"/messages/{ids['faulty']}/",
        "pictures": "/pictures/",
        "picture": f"/pictures/{ids['picture']}/",
        "form-de": f"/messages/{ids['form']}/?at=0",
        "people": "/people/",
        "member": f"/people/{ids['member']}/",
        "import-people": "/people/import/",
        "import-columns": f"/people/import/{ids['columns']}/",
        "import-checked": f"/people/import/{ids['checked']}/",
        "import-changed": f"/people/import/{ids['checked']}/?show=changed",
        "packages": "/people/packages/",
        "package": f"/people/packages/{ids['package']}/",
        "attributes": "/people/details/",
        "attribute": "/people/details/title/",
        "proposals": "/people/changes/",
        "directories": "/people/directories/",
        "new-directory": "/people/directories/new/",
        "directory": f"/people/directories/{ids['directory']}/",
        "directory-plan": f"/people/import/{ids['plan']}/?show=changed",
        "directory-rules": f"/people/directories/{ids['directory']}/rules/",
        "directory-server": f"/people/directories/{ids['directory']}/server/",
        "directories-de": "/people/directories/",
        "directory-de": f"/people/directories/{ids['directory']}/",
        "directory-rules-de": f"/people/directories/{ids['directory']}/rules/",
        "groups": "/people/groups/",
        "group": f"/people/groups/{ids['group']}/",
        "group-people": f"/people/groups/{ids['group']}/people/",
        "lists": "/people/lists/",
        "devices": "/devices/",
        "alerts": "/alerts/",
        "alert-terms": "/alerts/?edit=terms",
        "alert-rule": f"/alerts/{ids['rule']}/",
        **{
            f"alert-rule-{edit}": f"/alerts/{ids['rule']}/?edit={edit}" for edit in ("about", "whom", "least")
        },
        "own-alerts": "/alerts/mine/",
        "campaign-clicks": f"/campaigns/{ids['campaign']}/clicks/",
        "hooks": "/settings/hooks/",
        "new-hook": "/settings/hooks/new/",
        "hook": f"/settings/hooks/{ids['hook']}/",
        "delivery": f"/settings/hooks/{ids['hook']}/{ids['delivery']}/",
        "alerts-de": "/alerts/",
        "hook-de": f"/settings/hooks/{ids['hook']}/",
        "publish": "/publish/",
        "settings": "/settings/",
        "visitors": "/visitors/",
        "visitors-all": "/visitors/?machines=1",
        "visitor": f"/visitors/{ids['visitor']}/",
        "links": "/links/",
        "new-link": "/links/new/",
        "link": f"/links/{ids['link']}/",
        "privacy": "/settings/privacy/",
        "website": "/settings/website/",
        "website-de": "/settings/website/",
        "ask-known": f"/known/{ids['pen']}/",
        "known": f"/known/{ids['pen']}/{ids['known']}/",
        "known-over": f"/known/{ids['pen']}/x/",
        "visitors-de": "/visitors/?machines=1",
        "links-de": "/links/",
        "privacy-de": "/settings/privacy/",
        "known-de": f"/known/{ids['pen']}/{ids['known']}/",
        "myself": "/myself/",
        "roles": "/roles/",
        "providers": "/settings/sign-in/",
        "new-provider": "/settings/sign-in/new/",
        "new-provider-saml": "/settings/sign-in/new/?kind=saml",
        "emergency-codes": "/settings/sign-in/codes/",
        "new-role": "/roles/new/",
        "assign": f"/people/{ids['member']}/access/",
        "audit": "/audit/",
        "audit-nothing": "/audit/?q=nobody-of-this-name",
        "sessions": "/myself/sessions/",
        "second-factor": "/second-factor/?next=/publish/",
        "factors": "/accounts/2fa/",
        "factor-app": "/accounts/2fa/totp/activate/",
        "domains": "/settings/domains/",
        "roles-de": "/roles/",
        "audit-de": "/audit/",
        "domains-de": "/settings/domains/",
        "link-domain": "/settings/links/",
        "link-domain-de": "/settings/links/",
        "enrol": "/o/device/",
        "styleguide": "/styleguide/",
        "figures": "/figures/",
        "figures-90": "/figures/?days=90",
        "figures-wrong": "/figures/?since=2026-02-30",
        "figures-nothing": "/figures/?since=2001-01-01&until=2001-01-31",
        "campaign-figures": f"/campaigns/{ids['campaign']}/figures/",
        "message-figures": f"/messages/{ids['message']}/figures/",
        "figures-members": "/figures/by/members/",
        "figures-domains": "/figures/by/domains/",
        "figures-not-found": "/figures/by/domains/?q=nowhere",
        "figures-lists": "/figures/by/lists/",
        "figures-member": f"/figures/members/{ids['member']}/",
        "figures-domain": "/figures/domains/falmouth.example/",
        "figures-list": f"/figures/lists/{ids['list']}/",
        "surveys": "/figures/surveys/",
        "surveys-not-found": "/figures/surveys/?q=nothing",
        "survey": f"/figures/surveys/{ids['survey']}/stars/",
        "survey-nothing": f"/figures/surveys/{ids['survey']}/stars/?since=2001-01-01&until=2001-01-31",
        "survey-de": f"/figures/surveys/{ids['survey']}/stars/",
        "survey-editor": f"/messages/{ids['survey']}/?at=1",
        "vote": f"/vote/{ids['vote']}",
        "vote-sent": f"/vote/{ids['vote']}?sent=3",
        "vote-de": f"/vote/{ids['vote']}",
        "keeping": "/settings/keeping/",
        "figures-de": "/figures/",
        "campaign-figures-de": f"/campaigns/{ids['campaign']}/figures/",
        "keeping-de": "/settings/keeping/",
        **partners(ids),
        "nothing-here": "/nothing/",
        "home-de": "/",
        "campaign-de": f"/campaigns/{ids['campaign']}/",
        "publish-de": "/publish/",
        "house-rules-de": "/settings/mail/",
        "tried-de": f"/try/?{TRIED}",
        "version-de": f"/publish/versions/{ids['version']}/",
        "settings-de": "/settings/",
        "import-columns-de": f"/people/import/{ids['columns']}/",
        "import-checked-de": f"/people/import/{ids['checked']}/",
        "packages-de": "/people/packages/",
        "member-de": f"/people/{ids['member']}/",
    }


def partners(ids: dict[str, str]) -> dict[str, str]:
    """Pages of a partner, and the operator's."""
    home = f"/partner/{ids['partner']}/"
    found = {
        "partner": home,
        "partner-state": f"{home}?sort=state",
        "partner-not-found": f"{home}?q=nowhere",
        "partner-company": f"{home}companies/{ids['company']}/",
        "partner-new-company": f"{home}companies/new/",
        "partner-hand": f"{home}hand/",
        "partner-hand-blank": f"{home}hand/?edit=tracking",
        "partner-part": f"{home}hand/letterhead/",
        "partner-statements": f"{home}statements/",
        "partner-label": f"{home}label/",
        "partner-staff": f"{home}staff/",
        "partner-new-reseller": f"{home}resellers/new/",
        "operator": "/operator/",
        "operator-enquiry": f"/operator/enquiries/{ids['enquiry']}/",
    }
    return found | {
        f"{name}-de": found[name] for name in ("partner", "partner-company", "partner-hand", "operator")
    }


#: Of a company that has written much and published none of it. What is `seen-` is no more than fills the window.
CROWDED = {
    "seen-publish-many": "/publish/",
    "seen-publish-many-de": "/publish/",
    "publish-many": "/publish/",
    "publish-many-2": "/publish/?page=2",
    "publish-many-de": "/publish/",
    "campaigns-many": "/campaigns/",
}
OUTSIDE = {
    "sign-in": "/accounts/login/",
    "code": "/accounts/login/code/",
    "company-sign-in": "/sign-in/",
    "emergency": "/sign-in/emergency/",
    "password": "/accounts/password/reset/",
    "sign-up": "/accounts/signup/",
    "become-partner": "/partners/become/",
    "become-partner-done": "/partners/become/done/",
    "become-partner-de": "/partners/become/",
    "door": "/at/harbour-dental/",
    "sign-up-de": "/accounts/signup/",
    "sign-in-de": "/accounts/login/",
    "code-de": "/accounts/login/code/",
}


def german(page: Page, url: str, wanted: bool) -> None:
    """Let the page speak German, by the cookie that the language button sets."""
    page.context.add_cookies([{"name": "django_language", "value": "de" if wanted else "en-gb", "url": url}])


def unfold(page: Page) -> None:
    """Frames far down load and are painted only when they are in sight: make the window as high as the page."""
    size = page.viewport_size
    if size and page.locator("#preview").count():
        height = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": size["width"], "height": max(height, size["height"])})
        page.wait_for_timeout(500)


def shoot(there: Running, wanted: set[str], outside: dict[str, str], owned: dict[str, str]) -> int:
    """Render the pages for a stranger and those for an owner; returns how many pictures were made."""
    OUT.mkdir(parents=True, exist_ok=True)
    count = 0
    with browser() as chromium:
        state = None
        for inside, names in ((False, outside), (True, owned)):
            for width, height in WIDTHS.items():
                for theme in THEMES:
                    context = chromium.new_context(
                        viewport={"width": width, "height": height},
                        color_scheme=theme,  # type: ignore[arg-type]
                        locale="en-GB",
                        storage_state=state if inside else None,
                    )
                    page = context.new_page()
                    if inside and state is None:
                        sign_in(page, there.url, STAFF[0][0], PASSWORD)
                        state = context.storage_state()
                    for name, address in names.items():
                        if wanted and name not in wanted:
                            continue
                        page.set_viewport_size({"width": width, "height": height})
                        german(page, there.url, name.endswith("-de"))
                        page.goto(there.url + address, wait_until="networkidle")
                        unfold(page)
                        whole = not name.startswith("seen-")
                        page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=whole)
                        count += 1
                    context.close()
    return count


def shoot_moments(wanted: set[str]) -> int:
    """Render what is met on the way; returns how many pictures were made."""
    OUT.mkdir(parents=True, exist_ok=True)
    count = 0
    for made, moments in (
        ("harbour.furnish_with_changes()", MOMENTS),
        ("harbour.furnish_with_changes(second_factor=True)", BEHIND),
    ):
        names = [name for name in moments if not wanted or name in wanted]
        if not names:
            continue
        with (
            tempfile.TemporaryDirectory() as folder,
            running(Path(folder), made, "localhost") as there,
            browser() as chromium,
        ):
            for name in names:
                page = moments[name](chromium, there)
                for (width, height), theme in product(WIDTHS.items(), THEMES):
                    page.set_viewport_size({"width": width, "height": height})
                    page.emulate_media(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
                    page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=True)
                    count += 1
                page.context.close()
    return count


def main(arguments: list[str]) -> int:
    """Start a portal of its own, render, stop it."""
    wanted = set(arguments)
    count = shoot_moments(wanted)
    for made, outside, inside in (
        ("harbour.furnish_with_everything()", OUTSIDE, pages),
        ("harbour.furnish(campaigns=60, published=False)", {}, lambda _there: CROWDED),
    ):
        if wanted and not wanted & {*outside, *inside(ANYTHING)}:
            continue
        with tempfile.TemporaryDirectory() as folder, running(Path(folder), made) as there:
            count += shoot(there, wanted, outside, inside(there))
    print(f"{count} pictures in {OUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
