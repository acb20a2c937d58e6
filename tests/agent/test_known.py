"""The PEN of a mailbox over time: what is believed of it, what is kept, and what may ask for a seal."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest

from stationer import outbox
from stationer.agent import pens
from stationer.agent.accounts import Account
from stationer.agent.known import Known, might_ask
from stationer.agent.reading import read
from stationer.agent.sealing import Sealing, may_leave
from stationer.agent.vault import Vault
from stationer.outbox.seen import Mail, Now, Seen
from stationer.wire.account import Server
from stationer.wire.journal import Entry, Told
from tests.agent.desk import ALICE, BOB, mail
from tests.agent.edges import TOKEN
from tests.agent.portals import OTHER_SEED, PEN, SEED, FakePortal, key
from tests.agent.portals import portal as running_portal

OLD, NEW = key(SEED), key(OTHER_SEED, "k2")


class Facts(dict[str, str]):
    """A journal's facts."""

    def remember(self, name: str, value: str) -> None:
        self[name] = value

    def forget(self, name: str) -> None:
        self.pop(name, None)

    def recall(self, name: str) -> str | None:
        return self.get(name)

    def recalled(self, prefix: str) -> list[str]:
        return sorted(name for name in self if name.startswith(prefix))


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as fake:
        yield fake


def account(portal: FakePortal, *, told: bool = True) -> Account:
    """Alice's mailbox; `told`: the portal described the PEN at enrolment."""
    server = Server("127.0.0.1", 1, "plain")
    one = Account(ALICE, server, server, ALICE, "O", "A", "S", "", portal=portal.url, pen_id=PEN)
    if not told:
        return one
    found = pens.fetch(portal.url, PEN)
    return msgspec.structs.replace(one, pen=found.pen, pen_issued_at=found.issued_at)


def subject(text: str) -> bytes:
    return mail("s1").replace(b"Subject: Hello", b"Subject: " + text.encode())


def ids(known: Known) -> list[str]:
    return [one.id for one in known.pen.keys] if known.pen else []


def test_keys_follow_one_another_and_are_kept(portal: FakePortal) -> None:
    facts, enrolled = Facts(), account(portal)
    known = Known(enrolled, facts)
    portal.keys, portal.issued_at = (NEW, OLD), 2
    assert known.look() and ids(known) == ["k2", "k1"] and known.version == 1
    portal.keys, portal.issued_at = (NEW,), 3
    assert known.look() and ids(known) == ["k2"]
    again = Known(enrolled, facts)
    assert again.pen == known.pen, "a restart goes back to the keys of enrolment"


def test_an_older_descriptor_and_a_forged_one_change_nothing(portal: FakePortal) -> None:
    facts = Facts()
    portal.issued_at = 5
    known = Known(account(portal), facts)
    portal.issued_at, portal.tag = 4, "[old]"
    assert not known.look() and "older" in known.trouble and known.tags == ("[secure]",)
    portal.issued_at, portal.keys = 9, (NEW,)
    assert not known.look() and "enrol again" in known.trouble and ids(known) == ["k1"]
    assert known.version == 0 and not facts
    portal.keys, portal.tag = (OLD,), "[zu]"
    assert known.look() and not known.trouble


def test_a_tag_that_was_changed_goes_on_asking(portal: FakePortal) -> None:
    facts, enrolled = Facts(), account(portal)
    known = Known(enrolled, facts)
    portal.tag, portal.issued_at = "[zu]", 2
    known.look()
    portal.tag, portal.issued_at = "", 3
    known.look()
    for one in (known, Known(enrolled, facts)):
        assert one.tags == ("[secure]", "[zu]")
        assert may_leave(subject("[secure] x"), False, one.pen, one.tags)
        assert may_leave(subject("[ZU] x"), False, one.pen, one.tags)


def test_enrolled_anew_it_is_what_the_portal_said_then_and_no_tag_is_lost(portal: FakePortal) -> None:
    facts = Facts()
    before = Known(account(portal), facts)
    portal.issued_at = 2
    assert before.look() and facts
    portal.keys, portal.tag, portal.issued_at = (NEW,), "[zu]", 3
    known = Known(account(portal), facts)
    assert ids(known) == ["k2"] and known.tags == ("[secure]", "[zu]")


def test_a_pen_that_was_never_heard_is_said_and_heard_later(portal: FakePortal) -> None:
    portal.faults = {"descriptor": "500"}
    known = Known(account(portal, told=False))
    assert known.able and not known.look() and "500" in known.pending
    assert known.tags == ("[secure]",) and known.rest_s < 10
    portal.faults, portal.tag = {}, "[zu]"
    assert known.look() and not known.pending and known.tags == ("[zu]",)


@pytest.mark.parametrize(
    ("text", "might"),
    [
        ("[zu] x", True), ("Re: [zu] x", True), ("AW: Fwd:[zu]", True), ("=?utf-8?Q?=5Bzu=5D?= x", True),
        ("x [secure]", True), ("Offer [2]", False), ("Hello", False), ("[] x", False), ("", False),
    ],
)  # fmt: skip
def test_what_may_ask(text: str, might: bool) -> None:
    assert might_ask(subject(text)) is might
    assert might_ask(b"Stationer-Seal: yes\r\n" + subject(text))


def test_what_may_ask_waits_is_told_after_ten_minutes_and_nothing_is_stamped() -> None:
    held = Mail("m", (1,), unsure="It may ask.", held=outbox.Held(700_000))
    early = msgspec.structs.replace(held, held=outbox.Held(5))
    [wait] = outbox.plan(Seen(1, (early,)), [], Now(0, 0))
    assert isinstance(wait, outbox.Wait) and wait.why == "It may ask."
    tell, wait = outbox.plan(Seen(1, (held,)), [], Now(0, 0))
    assert isinstance(tell, outbox.Tell) and isinstance(wait, outbox.Wait)
    [wait] = outbox.plan(Seen(1, (held,)), [Entry("m", 1, 0, Told("seal-waits"))], Now(0, 0))
    assert isinstance(wait, outbox.Wait)


def test_before_a_notification_is_given_up_the_pen_is_asked_once_more(portal: FakePortal) -> None:
    known = Known(account(portal))
    sealing = Sealing(known, Vault(portal.url, TOKEN))
    portal.keys, portal.issued_at, portal.faults = (NEW, OLD), 2, {"descriptor": "500"}
    later = sealing.up("k", subject("[secure] x"), 1, ALICE, (BOB,), 0)
    assert later.verdict == "later" and "cannot be asked" in later.reply
    portal.faults = {}
    assert sealing.up("k", subject("[secure] x"), 1, ALICE, (BOB,), 0).verdict == "sealed"
    portal.keys = (key(bytes(range(2, 34)), "k3"),)
    never = sealing.up("k2", subject("[secure] y"), 1, ALICE, (BOB,), 0)
    assert never.verdict == "later" and "enrol again" in never.reply


def test_a_new_tag_is_known_when_a_mail_looks_tagged(portal: FakePortal) -> None:
    known = Known(account(portal))
    assert known.look() and not known.refresh(age_s=1_000)
    portal.tag, portal.issued_at = "[geheim]", 2
    asked = subject("[geheim] Befund")
    assert not read(asked, ALICE, known.tags).sealing
    assert known.refresh(age_s=0.0)
    assert read(asked, ALICE, known.tags).sealing and not known.refresh(age_s=0.0)
    portal.faults = {"descriptor": "500"}
    assert not known.refresh(age_s=0.0), "a portal that is away changes nothing"
