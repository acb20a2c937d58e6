"""`make shots`: the main pages of a furnished portal, as pictures, into var/shots.

Widths 390, 1024, 1440; light and dark; `python -m trials.shots NAME…` renders some only. Look at them.
"""

from __future__ import annotations

import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

from playwright.sync_api import Page

from trials.browser.chromium import browser, sign_in
from trials.browser.harbour import PASSWORD, STAFF
from trials.browser.portal import Running, running

WIDTHS = {390: 844, 1024: 768, 1440: 900}
THEMES = ("light", "dark")
OUT = Path("var/shots")


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
        "reach": f"/campaigns/{ids['campaign']}/reach/",
        "message": f"/messages/{ids['message']}/",
        "form": f"/messages/{ids['form']}/?at=0",
        "gallery": f"/messages/{ids['form']}/?choose=1",
        "mjml": f"/messages/{ids['mjml']}/",
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
        "groups": "/people/groups/",
        "group": f"/people/groups/{ids['group']}/",
        "group-people": f"/people/groups/{ids['group']}/people/",
        "lists": "/people/lists/",
        "devices": "/devices/",
        "publish": "/publish/",
        "settings": "/settings/",
        "myself": "/myself/",
        "roles": "/roles/",
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
        "enrol": "/o/device/",
        "styleguide": "/styleguide/",
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


OUTSIDE = {
    "sign-in": "/accounts/login/",
    "code": "/accounts/login/code/",
    "password": "/accounts/password/reset/",
    "sign-up": "/accounts/signup/",
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


def shoot(there: Running, wanted: set[str]) -> int:
    """Render; returns how many pictures were made."""
    OUT.mkdir(parents=True, exist_ok=True)
    count = 0
    with browser() as chromium:
        state = None
        for inside, names in ((False, OUTSIDE), (True, pages(there))):
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
                        page.screenshot(path=OUT / f"{name}-{width}-{theme}.png", full_page=True)
                        count += 1
                    context.close()
    return count


def main(arguments: list[str]) -> int:
    """Start a portal of its own, render, stop it."""
    with (
        tempfile.TemporaryDirectory() as folder,
        running(Path(folder), "harbour.furnish_with_everything()") as there,
    ):
        count = shoot(there, set(arguments))
    print(f"{count} pictures in {OUT}/")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
