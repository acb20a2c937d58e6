"""`make run` as outsiders see it: a process, `demo.json`, and real protocols. Nothing of ours is imported."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from imapclient import IMAPClient
from playwright.sync_api import Browser, expect
from trials.browser.test_second_factor import authenticator
from trials.reading.readers import code_of

#: What the picture of the open evening says.
BANNER = "Straighter teeth, without the wires."
PATIENCE = 60.0
START = 240.0


class Demo:
    """A running demo, known by its demo.json alone."""

    def __init__(self, folder: Path, process: subprocess.Popen[bytes], took: float) -> None:
        self.folder, self.process, self.took = folder, process, took
        self.facts: dict[str, Any] = json.loads((folder / "demo.json").read_text())
        self.people = {person["name"].split()[0].lower(): person for person in self.facts["people"]}

    def mailbox(self, name: str) -> IMAPClient:
        """A signed-in connection to someone's mailbox."""
        client = IMAPClient(self.facts["imap"]["host"], self.facts["imap"]["port"], ssl=False, timeout=30)
        client.login(self.people[name]["address"], self.people[name]["password"])
        return client

    def put(self, name: str, mail: EmailMessage) -> str:
        """Into someone's Outbox; its Message-ID."""
        with self.mailbox(name) as client:
            client.append(self.facts["outbox"], mail.as_bytes())
        return str(mail["Message-ID"])

    def find(self, name: str, folder: str, identity: str) -> bytes | None:
        """A mail by its Message-ID."""
        with self.mailbox(name) as client:
            client.select_folder(folder, readonly=True)
            found = client.search(["HEADER", "Message-ID", identity])
            assert len(found) <= 1, "the same mail more than once"
            return client.fetch(found, ["BODY.PEEK[]"])[found[0]][b"BODY[]"] if found else None

    def arrived(self, name: str, identity: str) -> EmailMessage:
        """The mail in someone's inbox, waited for."""
        found = until(lambda: self.find(name, "INBOX", identity))
        parsed = message_from_bytes(found, policy=SMTP)
        assert isinstance(parsed, EmailMessage)
        return parsed

    def empty(self, name: str) -> bool:
        """Whether someone's Outbox is."""
        with self.mailbox(name) as client:
            return client.folder_status(self.facts["outbox"], ["MESSAGES"])[b"MESSAGES"] == 0

    def ask(self, url: str, body: object = None, token: str = "") -> Any:
        """JSON by HTTP."""
        data = None if body is None else json.dumps(body).encode()
        headers = {"Content-Type": "application/json"} | (
            {"Authorization": f"Bearer {token}"} if token else {}
        )
        with urllib.request.urlopen(urllib.request.Request(url, data, headers), timeout=30) as answer:
            return json.loads(answer.read())


def until(what: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """The first true answer."""
    end = time.monotonic() + patience
    while not (found := what()):
        assert time.monotonic() < end, "it never came"
        time.sleep(0.1)
    return found


@contextmanager
def running(folder: Path) -> Iterator[Demo]:
    """The demo over `folder`, ended by SIGTERM; its exit code is 0 and its demo.json is gone then."""
    began = time.monotonic()
    with (folder / "said.txt").open("ab") as said:
        process = subprocess.Popen(
            [sys.executable, "-m", "stationer", "demo", "--folder", str(folder)], stdout=said, stderr=said
        )
    try:
        while not (folder / "demo.json").exists():
            assert process.poll() is None, (folder / "said.txt").read_text()
            assert time.monotonic() < began + START, (folder / "said.txt").read_text()
            time.sleep(0.05)
        yield Demo(folder, process, time.monotonic() - began)
    finally:
        process.send_signal(signal.SIGTERM)
        code = process.wait(60)
    assert code == 0, (folder / "said.txt").read_text()
    assert not (folder / "demo.json").exists()


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for the module, on ports of its own."""
    folder = tmp_path_factory.mktemp("demo")
    with running(folder) as demo:
        yield demo


def letter(demo: Demo, sender: str, to: str, subject: str, html: str = "", **fields: str) -> EmailMessage:
    """A mail as a mail program writes it."""
    mail = EmailMessage(policy=SMTP)
    mail["From"], mail["To"] = demo.people[sender]["address"], demo.people[to]["address"]
    mail["Subject"], mail["Message-ID"] = subject, make_msgid(domain="trial.example")
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    mail.set_content(f"{subject}, in words.\n")
    if html:
        mail.add_alternative(html, subtype="html")
    return mail


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("html",))
    assert body is not None
    return str(body.get_content())


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def test_demo_json_says_what_was_promised(demo: Demo) -> None:
    assert set(demo.facts) == {
        "portal", "edge", "imap", "smtp", "outbox", "edge_token", "api_token", "people"
    }  # fmt: skip
    assert demo.facts["outbox"] == "Stationer Outbox"
    roles = {name: (person["role"], person["enrolled"]) for name, person in demo.people.items()}
    assert roles == {"alice": ("owner", True), "bob": ("member", True), "carol": ("outsider", False)}
    for person in demo.facts["people"]:
        assert set(person) == {"name", "address", "password", "role", "enrolled"}
    domain = {name: person["address"].partition("@")[2] for name, person in demo.people.items()}
    assert domain["alice"] == domain["bob"] != domain["carol"]


def leads(html: str) -> list[str]:
    """Where the tracked links of a mail lead whoever follows them."""
    found = []
    for link in re.findall(r'href="(http[^"]+/c/[^"]+)"', html):
        parts = urlsplit(link)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=30)
        connection.request("GET", parts.path)
        found.append(connection.getresponse().headers["Location"])
        connection.close()
    return found


def test_a_new_mail_arrives_stamped_outside(demo: Demo) -> None:
    mail = letter(demo, "alice", "carol", "Your plan", "<html><body><p>Dear Carol,</p></body></html>")
    arrived = demo.arrived("carol", demo.put("alice", mail))
    assert arrived["Stationer-Stamp"]
    assert "Practice manager" in html_of(arrived)
    assert BANNER in html_of(arrived)
    assert "https://harbourdental.example/open-evening" in leads(html_of(arrived))
    assert "Practice manager" in text_of(arrived)
    assert text_of(arrived).startswith("Harbour Dental") or text_of(arrived).startswith("Your plan")
    until(lambda: demo.empty("alice"))


def test_sent_shows_what_arrived(demo: Demo) -> None:
    identity = demo.put("alice", letter(demo, "alice", "carol", "For the file", "<p>Dear Carol,</p>"))
    arrived = demo.arrived("carol", identity)
    sent = until(lambda: demo.find("alice", "Sent", identity))
    filed = message_from_bytes(sent, policy=SMTP)
    assert isinstance(filed, EmailMessage)
    assert html_of(filed) == html_of(arrived)
    assert filed["Stationer-Stamp"] == arrived["Stationer-Stamp"]


def test_inside_sees_the_inside_notice_and_not_the_banner(demo: Demo) -> None:
    mail = letter(demo, "alice", "bob", "The new chair", "<html><body><p>Hi Bob,</p></body></html>")
    arrived = html_of(demo.arrived("bob", demo.put("alice", mail)))
    assert "Flu clinic for the team" in arrived
    assert BANNER not in arrived


def test_a_reply_has_its_block_above_the_quote(demo: Demo) -> None:
    quoted = '<div>On Thursday, Carol wrote:</div><blockquote type="cite">May I come later?</blockquote>'
    mail = letter(
        demo, "bob", "carol", "Re: Your plan", f"<html><body><p>Of course.</p>{quoted}</body></html>",
        In_Reply_To="<earlier@whitfield.example>", References="<earlier@whitfield.example>",
    )  # fmt: skip
    arrived = html_of(demo.arrived("carol", demo.put("bob", mail)))
    assert 0 < arrived.index("How was your visit?") < arrived.index("May I come later?")
    assert BANNER not in arrived


def test_a_sealed_mail_reaches_bob_whole_and_carol_as_a_notification(demo: Demo) -> None:
    mail = letter(demo, "alice", "carol", "[secure] The X-rays")
    mail["Cc"] = demo.people["bob"]["address"]
    mail.set_content("Upper left, kanarienvogel.\n")
    begun = time.monotonic()
    identity = demo.put("alice", mail)
    told = demo.arrived("carol", identity)
    took = time.monotonic() - begun
    back = until(lambda: restored(demo, "bob", identity))
    print(f"Outbox to notification {took:.1f} s, to restored {time.monotonic() - begun:.1f} s")
    sent = until(lambda: demo.find("alice", "Sent", identity))
    until(lambda: demo.empty("alice"))
    assert told["Stationer-Notification"] and told["Subject"] == "The X-rays"
    assert b"kanarienvogel" not in told.as_bytes()
    link = re.search(r"http://\S+/m/\w+", text_of(told))
    assert link and link[0].startswith(demo.facts["portal"])
    for whole in (back, sent):
        assert b"kanarienvogel" in whole and b"[secure]" not in whole
        assert b"\nStationer-Notification:" not in whole
    with demo.mailbox("bob") as client:
        client.select_folder("INBOX", readonly=True)
        assert len(client.search(["BODY", "kanarienvogel"])) == 1


def restored(demo: Demo, name: str, identity: str) -> bytes | None:
    """The mail in someone's inbox once it is the original."""
    try:
        found = demo.find(name, "INBOX", identity)
    except AssertionError:  # between APPEND and EXPUNGE both lie there
        return None
    return found if found and b"\nStationer-Restored:" in found else None


def test_who_is_not_enrolled_sends_as_ever(demo: Demo) -> None:
    mail = letter(demo, "carol", "alice", "Am I late?")
    with smtplib.SMTP(demo.facts["smtp"]["host"], demo.facts["smtp"]["port"], timeout=30) as smtp:
        smtp.login(demo.people["carol"]["address"], demo.people["carol"]["password"])
        smtp.send_message(mail)
    assert demo.arrived("alice", str(mail["Message-ID"]))["Stationer-Stamp"] is None


def test_the_edge_picks_for_alices_device(demo: Demo) -> None:
    question = {
        "from": demo.people["alice"]["address"], "to": [demo.people["carol"]["address"]], "cc": []
    }  # fmt: skip
    answer = demo.ask(demo.facts["edge"] + "/v1/pick", question, demo.facts["edge_token"])
    [copy] = answer["copies"]
    assert copy["new"]["signature"]
    assert copy["new"]["banner"]
    with pytest.raises(urllib.error.HTTPError, match="401"):
        demo.ask(demo.facts["edge"] + "/v1/pick", question, demo.facts["edge_token"][::-1])


def test_the_portal_answers(demo: Demo) -> None:
    with urllib.request.urlopen(demo.facts["portal"] + "/", timeout=30) as page:
        assert page.status == 200
    assert demo.ask(demo.facts["portal"] + "/api/v1/openapi.json")["openapi"]


def test_at_localhost_a_letter_opens_by_a_passkey(demo: Demo, browser: Browser) -> None:
    """A passkey needs a host name, which 127.0.0.1 is none: the portal answers at localhost as well."""
    mail = letter(demo, "alice", "carol", "[secure] By passkey")
    told = demo.arrived("carol", demo.put("alice", mail))
    link = re.search(r"http://127\.0\.0\.1(:\d+/m/\w+)", text_of(told))
    assert link
    here = f"http://localhost{link[1]}"
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    authenticator(context, page)
    page.goto(here)
    page.locator("button[name=to]").first.click()
    reference = page.locator(".reference").inner_text()
    code = until(lambda: code_of(inbox(demo, "carol"), reference))
    page.locator("#code").fill(code)
    page.get_by_role("button", name="Open the letter").click()
    page.get_by_role("button", name="Set up a passkey").click()
    expect(page.locator(".note.is-good").first).to_contain_text("passkey")
    context.clear_cookies()
    page.goto(here)
    page.get_by_role("button", name="Open with my passkey").click()
    expect(page.locator("h1")).to_contain_text("By passkey")
    context.close()


def inbox(demo: Demo, name: str) -> list[bytes]:
    """Every mail of somebody's inbox."""
    with demo.mailbox(name) as client:
        client.select_folder("INBOX", readonly=True)
        return [one[b"BODY[]"] for one in client.fetch(client.search(), ["BODY.PEEK[]"]).values()]


def test_pictures_are_there_for_whoever_reads_the_mail(demo: Demo) -> None:
    mail = letter(demo, "bob", "carol", "Pictures", "<html><body><p>Dear Carol,</p></body></html>")
    arrived = html_of(demo.arrived("carol", demo.put("bob", mail)))
    sources = [
        word.split('"')[1] for word in arrived.split("<img ")[1:] for word in [word[word.index("src=") :]]
    ]
    assert sources
    for source in sources:
        with urllib.request.urlopen(source, timeout=30) as picture:
            assert picture.headers["Content-Type"] == "image/png"


def test_the_second_start_is_quick_and_forgets_nothing(tmp_path: Path) -> None:
    with running(tmp_path) as first:
        identity = first.put("alice", letter(first, "alice", "carol", "Before the night"))
        first.arrived("carol", identity)
        was = first.facts
    with running(tmp_path) as second:
        assert second.facts == was
        assert second.find("carol", "INBOX", identity)
        print(f"first start {first.took:.1f} s, second start {second.took:.1f} s (promised: under 10 s)")
        assert second.took < first.took
        second.arrived("carol", second.put("bob", letter(second, "bob", "carol", "In the morning")))


def kill(demo: Demo, word: bytes) -> None:
    """`kill -9` of the demo's own child whose command has this word."""
    children = Path(f"/proc/{demo.process.pid}/task/{demo.process.pid}/children").read_text().split()
    command = {child: Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0") for child in children}
    [found] = [int(child) for child, words in command.items() if word in words]
    os.kill(found, signal.SIGKILL)


@pytest.mark.parametrize("program", [b"edge", b"mail", b"run"])
def test_a_program_that_is_killed_starts_again_and_mail_goes_on(demo: Demo, program: bytes) -> None:
    kill(demo, program)
    if program == b"mail":
        until(lambda: not_listening(demo))
        until(lambda: not not_listening(demo))
    name = f"After the end of {program.decode()}"
    demo.arrived("carol", demo.put("alice", letter(demo, "alice", "carol", name)))
    until(lambda: demo.empty("alice"))
    assert demo.process.poll() is None


def not_listening(demo: Demo) -> bool:
    """Whether nobody takes a connection where the mail server should be."""
    try:
        with socket.create_connection(("127.0.0.1", demo.facts["imap"]["port"]), timeout=5):
            return False
    except OSError:
        return True
