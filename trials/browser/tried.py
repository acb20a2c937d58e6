"""The trial's pages, each reached as a visitor reaches it: for pictures, and for looking them over."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from io import BytesIO

from PIL import Image, ImageDraw
from playwright.sync_api import Browser, Page, expect

from trials.browser.portal import Running


def logo() -> bytes:
    """A sign with its name beside it, as a company has one."""
    picture = Image.new("RGBA", (480, 128), "white")
    draw = ImageDraw.Draw(picture)
    draw.ellipse((8, 8, 120, 120), fill="#0e6e73")
    draw.polygon([(64, 24), (96, 88), (32, 88)], fill="white")
    draw.text((144, 36), "Newquay", fill="#0e6e73", font_size=52)
    file = BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def query(there: Running, statement: str) -> list[tuple[object, ...]]:
    """What that portal's own database says; nobody else writes there meanwhile."""
    with sqlite3.connect(next(there.folder.glob("portal/*.sqlite3")), timeout=20) as database:
        return database.execute(statement).fetchall()


def last_mail(there: Running) -> EmailMessage:
    """The mail that was queued last."""
    ((data,),) = query(there, "select mail from delivery_outgoing order by created_at desc limit 1")
    assert isinstance(data, bytes)
    read = message_from_bytes(data, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def text_of(mail: EmailMessage) -> str:
    """Its plain text."""
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def found(pattern: str, text: str) -> str:
    """The first group. Raises AssertionError."""
    said = re.search(pattern, text, re.MULTILINE)
    assert said, text
    return said[1]


def form(browser: Browser, there: Running, name: str, *, german: bool = False, script: bool = True) -> Page:
    """The form, filled in for an address of its own."""
    context = browser.new_context(locale="de-DE" if german else "en-GB", java_script_enabled=script)
    page = context.new_page()
    page.goto(f"{there.url}/trial/")
    page.locator("#id_address").fill(f"nora@{name}.example")
    page.locator("#id_company").fill("Newquay Harbour Dental")
    page.locator("#id_person").fill("Dr Nora Newton")
    page.locator("#id_headline").fill("Come and see our new rooms")
    page.locator("#id_colour").evaluate("one => one.value = '#0e6e73'") if script else None
    page.locator("#id_logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": LOGO})
    return page


def sent(page: Page) -> Page:
    """The form is sent."""
    page.locator("main form button[type=submit]").click()
    return page


def code(browser: Browser, there: Running, name: str = "code", **how: bool) -> Page:
    """The page that asks for the code."""
    page = sent(form(browser, there, name, **how))
    expect(page.locator("#id_code")).to_be_visible()
    return page


def wrong(browser: Browser, there: Running) -> Page:
    """A code that is none."""
    page = code(browser, there, "wrong")
    page.locator("#id_code").fill("BBBB-BBBB")
    sent(page)
    expect(page.locator(".error")).to_be_visible()
    return page


def full(browser: Browser, there: Running) -> Page:
    """A limit is reached: the same address again."""
    code(browser, there, "full").context.close()
    return sent(form(browser, there, "full"))


def waiting(browser: Browser, there: Running, name: str = "waiting", **how: bool) -> Page:
    """The code was right."""
    page = code(browser, there, name, **how)
    page.locator("#id_code").fill(found(r"^ {4}([0-9A-Z-]{9})\r?$", text_of(last_mail(there))))
    sent(page)
    expect(page.locator("#sent")).to_be_visible()
    return page


def handed(state: str) -> Callable[[Browser, Running], Page]:
    """What became of the mail: `sent` or `failed`."""

    def walk(browser: Browser, there: Running) -> Page:
        page = waiting(browser, there, state)
        ids = "select id from delivery_outgoing order by created_at desc limit 1"
        query(there, f"update delivery_recipient set state = '{state}' where outgoing_id in ({ids})")
        page.goto(f"{there.url}/trial/sent/")
        return page

    return walk


def opened(browser: Browser, there: Running, name: str = "opened", **how: bool) -> Page:
    """The link in the mail."""
    page = waiting(browser, there, name, **how)
    page.goto(found(r"(http\S+/trial/keep/\S+/)", text_of(last_mail(there))))
    page.wait_for_timeout(500)
    return page


def opened_in_german(browser: Browser, there: Running) -> Page:
    """The same for somebody who reads German, without scripts."""
    return opened(browser, there, "opened-de", german=True, script=False)


LOGO = logo()
WALKS: dict[str, Callable[[Browser, Running], Page]] = {
    "trial-code": code,
    "trial-wrong": wrong,
    "trial-full": full,
    "trial-waiting": waiting,
    "trial-sent": handed("sent"),
    "trial-refused": handed("failed"),
    "trial-keep": opened,
    "trial-keep-de": opened_in_german,
}
