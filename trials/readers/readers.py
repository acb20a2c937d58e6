"""Both readers by one interface: `see(letter)` shows a mail and looks into it, `picture()` is what a person sees."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

from playwright.sync_api import Browser, Page

from trials.readers.letters import Letter
from trials.readers.look import PROBE, Seen
from trials.servers.mailbox import Mailbox
from trials.servers.people import BOB
from trials.servers.roundcube import Roundcube
from trials.servers.thunderbird import Thunderbird
from trials.servers.workshop import Workshop


class Reader(Protocol):
    """A program that shows mails."""

    def see(self, letter: Letter, *about: str) -> Seen:
        """Show a mail; what its document holds, and where the words `about` stand in it."""
        ...

    def picture(self) -> bytes:
        """What stands on the screen, as PNG."""
        ...


class ThunderbirdReader:
    """Thunderbird, with a display of its own."""

    def __init__(self, running: Thunderbird) -> None:
        self.running = running

    def see(self, letter: Letter, *about: str) -> Seen:
        """As Reader."""
        return Seen(self.running.open(letter.name, PROBE, list(about)))

    def picture(self) -> bytes:
        """As Reader."""
        return self.running.picture()


class RoundcubeReader:
    """Roundcube in a page of Chromium, signed in as the owner of `mailbox`."""

    def __init__(self, page: Page, url: str, mailbox: Mailbox, remote_pictures: bool) -> None:
        self.page, self.url, self.safe = page, url, int(remote_pictures)
        self.numbers = numbers(mailbox)
        page.goto(url)
        page.fill("#rcmloginuser", mailbox.person.address)
        page.fill("#rcmloginpwd", mailbox.person.password)
        page.click("#rcmloginsubmit")
        page.wait_for_url("**_task=mail**")

    def see(self, letter: Letter, *about: str) -> Seen:
        """As Reader."""
        where = f"?_task=mail&_action=show&_mbox=INBOX&_safe={self.safe}&_uid={self.numbers[letter.name]}"
        self.page.goto(self.url + where, wait_until="networkidle")
        probe = f"([about]) => {{ const root = document.querySelector('#messagebody'); {PROBE} }}"
        return Seen(self.page.evaluate(probe, [list(about)]))

    def picture(self) -> bytes:
        """As Reader."""
        return self.page.screenshot()


def numbers(mailbox: Mailbox) -> dict[str, int]:
    """UIDs of the mails of an INBOX by subject."""
    with mailbox.client() as client:
        client.select_folder("INBOX", readonly=True)
        found = client.fetch(client.search(), ["ENVELOPE"])
        return {each[b"ENVELOPE"].subject.decode(): uid for uid, each in found.items()}


@contextmanager
def thunderbird(
    workshop: Workshop, mails: Sequence[bytes], *, dark: bool = False, remote_pictures: bool = True
) -> Iterator[ThunderbirdReader]:
    """Thunderbird with these mails."""
    running = Thunderbird(workshop("thunderbird"), mails, dark=dark, remote_pictures=remote_pictures)
    try:
        yield ThunderbirdReader(running)
    finally:
        running.stop()


@contextmanager
def roundcube(
    chromium: Browser,
    served: Roundcube,
    mails: Sequence[bytes],
    *,
    dark: bool = False,
    remote_pictures: bool = True,
) -> Iterator[RoundcubeReader]:
    """Roundcube with these mails in Bob's INBOX."""
    mailbox = Mailbox(served.dovecot, BOB)
    mailbox.empty()
    for mail in mails:
        mailbox.put(mail, "INBOX")
    context = chromium.new_context(
        viewport={"width": 1000, "height": 1100}, color_scheme="dark" if dark else "light", locale="en-GB"
    )
    if dark:  # Roundcube keeps what a person chose in a cookie
        context.add_cookies([{"name": "colorMode", "value": "dark", "url": served.url}])
    yield RoundcubeReader(context.new_page(), served.url, mailbox, remote_pictures)
    context.close()
