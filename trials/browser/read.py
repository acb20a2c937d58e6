"""The door of a letter, walked as a reader walks it: for pictures, and for looking it over."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser, Page, expect

from trials.browser.portal import Running
from trials.browser.tried import found, last_mail, text_of

CAROL = "carol.whitfield@postbox.example"
BLIND = "erin@postbox.example"
MAIL = """From: Dr Bob Hendry <bob@harbourdental.example>
To: {to}
Subject: Your treatment plan
Date: Sun, 22 Nov 2026 10:32:00 +0000
Message-ID: <plan-{level}@harbourdental.example>
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8

Dear Mrs Whitfield,

thank you for coming in last week. The plan is attached.

Kind regards
Bob Hendry
"""


def lettered() -> dict[str, str]:
    """Letters of the company that is being furnished: their locators. Inside its scope."""
    from stationer.portal.reading.models import ReadingTerms
    from stationer.portal.vault.announcing import notification
    from stationer.portal.vault.keeping import Options, keep

    ReadingTerms.objects.create(quick="password")
    _telephoned()
    found = {}
    for name, to, level in (
        ("letter", f"Carol Whitfield <{CAROL}>, alice@harbourdental.example", 1),
        ("secret_letter", CAROL, 2),
        ("blind_letter", "undisclosed-recipients:;", 1),
    ):
        mail = MAIL.format(to=to, level=level).replace("\n", "\r\n").encode()
        recipients = [CAROL, "alice@harbourdental.example"] if name == "letter" else [CAROL]
        options = Options(level=level)
        row = keep(mail, author="bob@harbourdental.example", recipients=recipients, options=options)
        found[name] = row.locator
        if name == "letter":
            found["notification"] = notification(row).decode()
    return found


def _telephoned() -> None:
    """A gateway that answers no more, Carol's number, and who reads for whom."""
    from django.utils import timezone

    from stationer.portal.people import delegates
    from stationer.portal.people.members import find_member
    from stationer.portal.reading import gateway, phone_codes
    from stationer.portal.reading.models import Gateway

    alice, bob = (find_member(f"{name}@harbourdental.example") for name in ("alice", "bob"))
    assert alice and bob
    row = Gateway(url="https://sms.harbourdental.example/codes", failing_since=timezone.now(), status=503)
    gateway.exchange(row)
    row.save()
    phone_codes.give(CAROL, "+442079460047", alice)
    phone_codes.test("+442079460099")
    delegates.let(bob, alice.address, earlier=True, by=bob)
    delegates.let(alice, bob.address, by=alice)


def door(browser: Browser, there: Running, name: str = "letter", **how: bool) -> Page:
    """The page behind the link."""
    language = "de-DE" if how.get("german") else "en-GB"
    page = browser.new_context(locale=language, java_script_enabled=how.get("script", True)).new_page()
    page.goto(f"{there.url}/m/{there.ids[name]}")
    return page


def blind(browser: Browser, there: Running) -> Page:
    """A letter whose readers are all blind."""
    return door(browser, there, "blind_letter")


def password(browser: Browser, there: Running) -> Page:
    """Address and password that do not go together."""
    page = door(browser, there)
    page.get_by_text("I have a password").click()
    page.locator("#p-address").fill(CAROL)
    page.locator("#p-password").fill("not this one")
    page.locator("form[action$=password] button").click()
    expect(page.locator("#p-wrong")).to_be_visible()
    return page


def code(browser: Browser, there: Running, name: str = "letter", **how: bool) -> Page:
    """The page that asks for the code."""
    page = door(browser, there, name, **how)
    page.locator("button[name=to]").first.click()
    expect(page.locator("#code")).to_be_visible()
    return page


def wrong(browser: Browser, there: Running) -> Page:
    """A code that is none."""
    page = code(browser, there)
    page.locator("#code").fill("0000 0000")
    page.locator("form[action$=enter] button").click()
    expect(page.locator(".error").first).to_be_visible()
    return page


def half(browser: Browser, there: Running) -> Page:
    """Half a code, past the browser's own check."""
    page = code(browser, there)
    page.locator("#code").evaluate("one => one.form.noValidate = true")
    page.locator("#code").fill("1234")
    page.locator("form[action$=enter] button").click()
    expect(page.locator("#code-w")).to_be_visible()
    return page


def again(browser: Browser, there: Running) -> Page:
    """The code is asked for again at once."""
    page = code(browser, there)
    page.locator("form[action$=code] button").click()
    expect(page.locator(".note[role=status]")).to_be_visible()
    return page


def other(browser: Browser, there: Running) -> Page:
    """The link is opened again, and then another address is wanted."""
    page = code(browser, there)
    page.goto(f"{there.url}/m/{there.ids['letter']}")
    expect(page.locator("#code")).to_be_visible()
    page.get_by_role("link", name="Another address").click()
    expect(page.locator("button[name=to]").first).to_be_visible()
    return page


def elsewhere(browser: Browser, there: Running) -> Page:
    """The form of the code, sent in a browser that asked for none."""
    page = code(browser, there)
    page.context.clear_cookies(name="stationer-door")
    page.locator("#code").fill("1234 5678")
    page.locator("form[action$=enter] button").click()
    expect(page.locator("button[name=to]").first).to_be_visible()
    return page


def absent(browser: Browser, there: Running) -> Page:
    """A link that leads nowhere."""
    page = browser.new_context(locale="en-GB").new_page()
    page.goto(f"{there.url}/m/{'a' * 26}")
    return page


def checked(browser: Browser, there: Running, old: str = "", new: str = "", *, german: bool = False) -> Page:
    """A notification is pasted into the check page, as it was sent or with something changed."""
    page = browser.new_context(locale="de-DE" if german else "en-GB").new_page()
    page.goto(f"{there.url}/check/")
    page.locator("#id_mail").fill(
        there.ids["notification"].replace(old, new) if old else there.ids["notification"]
    )
    page.locator("main form button[type=submit]").last.click()
    expect(page.locator(".facts")).to_be_visible()
    return page


def changed(browser: Browser, there: Running) -> Page:
    """With another subject and other words."""
    return checked(browser, there, "Your treatment plan", "Your unpaid invoice")


def changed_in_german(browser: Browser, there: Running) -> Page:
    """In German."""
    return checked(browser, there, "Dr Bob Hendry", "Your Bank", german=True)


def over(browser: Browser, there: Running) -> Page:
    """Five of them."""
    page = wrong(browser, there)
    for _ in range(4):
        page.locator("#code").fill("0000 0000")
        page.locator("form[action$=enter] button").click()
    expect(page.locator("button[name=to]").first).to_be_visible()
    return page


def entered(browser: Browser, there: Running, name: str = "letter", **how: bool) -> Page:
    """The code is right: the letter, or what it asks for next."""
    page = code(browser, there, name, **how)
    page.locator("#code").fill(found(r"^ {4}(\d{4} \d{4})\r?$", text_of(last_mail(there))))
    page.locator("form[action$=enter] button").click()
    expect(page.locator("#code")).to_have_count(0)
    return page


def step(browser: Browser, there: Running) -> Page:
    """A letter that asks for more."""
    return entered(browser, there, "secret_letter")


def telephone(browser: Browser, there: Running, **how: bool) -> Page:
    """The second code is asked for by telephone."""
    page = entered(browser, there, "secret_letter", **how)
    page.locator("form[action$=phone] button").click()
    expect(page.locator(".reference")).to_be_visible()
    return page


def telephone_wrong(browser: Browser, there: Running) -> Page:
    """A code that is none."""
    page = telephone(browser, there)
    page.locator("#code").fill("0000 0000")
    page.locator("form[action$=enter] button").click()
    expect(page.locator(".error").first).to_be_visible()
    return page


def telephone_in_german(browser: Browser, there: Running) -> Page:
    """In German."""
    return telephone(browser, there, german=True)


def ways(browser: Browser, there: Running, **how: bool) -> Page:
    """How somebody gets in the next time."""
    page = entered(browser, there, **how)
    page.goto(f"{there.url}/m/{there.ids['letter']}/ways")
    return page


def left(browser: Browser, there: Running) -> Page:
    """Signed out."""
    page = ways(browser, there)
    page.locator("form[action$=leave] button").click()
    return page


def door_in_german(browser: Browser, there: Running) -> Page:
    """In German, without scripts."""
    return door(browser, there, german=True, script=False)


def code_in_german(browser: Browser, there: Running) -> Page:
    """In German."""
    return code(browser, there, german=True)


def ways_in_german(browser: Browser, there: Running) -> Page:
    """In German."""
    return ways(browser, there, german=True)


WALKS: dict[str, Callable[[Browser, Running], Page]] = {
    "secure-door": door,
    "secure-blind": blind,
    "secure-password": password,
    "secure-code": code,
    "secure-wrong": wrong,
    "secure-over": over,
    "secure-half": half,
    "secure-again": again,
    "secure-other": other,
    "secure-elsewhere": elsewhere,
    "secure-absent": absent,
    "checked": checked,
    "checked-changed": changed,
    "checked-changed-de": changed_in_german,
    "secure-step": step,
    "secure-phone": telephone,
    "secure-phone-wrong": telephone_wrong,
    "secure-phone-de": telephone_in_german,
    "secure-ways": ways,
    "secure-left": left,
    "secure-door-de": door_in_german,
    "secure-code-de": code_in_german,
    "secure-ways-de": ways_in_german,
}
