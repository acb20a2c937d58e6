"""The parts of sealing: what is asked of the portal, what of its answers is believed, and the gate before SMTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import msgspec
import pytest

from stationer import notice
from stationer.agent import ending, pens, vault
from stationer.agent.accounts import Account
from stationer.agent.choosing import choose
from stationer.agent.dressing import CopyOrder, for_all
from stationer.agent.known import Known
from stationer.agent.reading import read
from stationer.agent.sealing import Sealing, filed, may_leave, seal, unproven
from stationer.agent.vault import Vault, VaultError
from stationer.stamp import Block
from stationer.wire.account import Server
from stationer.wire.journal import (
    AnyDeed,
    Deferred,
    Done,
    Dressed,
    Entry,
    GivenBack,
    SubmitBegun,
    Submitted,
    Unsure,
)  # fmt: skip
from stationer.wire.journal import Sealed as SealedDeed
from stationer.wire.pick import Answer, Candidate, Choice, Copy
from tests.agent.desk import ALICE, BOB, CAROL, mail
from tests.agent.edges import TOKEN
from tests.agent.portals import OTHER_SEED, PEN, FakePortal, key
from tests.agent.portals import portal as running_portal
from tests.agent.test_known import Facts

FOOTER = Block("footer", "<p>Acme</p>", "Acme")
INSIDE = Block("banner", "<p>Summer party</p>", "Summer party")
LETTER = mail("s1", cc=CAROL, bcc="dave@elsewhere.example").replace(b"Subject: ", b"Subject: [secure] ")


@pytest.fixture
def portal() -> Iterator[FakePortal]:
    with running_portal() as fake:
        yield fake


@pytest.fixture
def pen(portal: FakePortal) -> notice.Pen:
    return pens.fetch(portal.url, PEN).pen


@pytest.fixture
def known(portal: FakePortal, pen: notice.Pen) -> Known:
    return Known(account(portal.url, pen))


def account(portal: str = "", pen: notice.Pen | None = None) -> Account:
    """Alice's mailbox."""
    server = Server("127.0.0.1", 1, "plain")
    return Account(ALICE, server, server, ALICE, "Outbox", "Aside", "Sent", "", portal=portal, pen=pen)


def test_the_public_half_is_what_the_descriptor_says(portal: FakePortal, pen: notice.Pen) -> None:
    assert (pen.id, pen.host, pen.tag) == (PEN, portal.pen.host, "[secure]") and pen.signing_key is None


def test_an_account_keeps_the_public_half(pen: notice.Pen) -> None:
    one = account(pen=pen)
    assert msgspec.json.decode(msgspec.json.encode(one), type=Account) == one


@pytest.mark.parametrize(
    ("octets", "said"),
    [(b"no json", "cannot be read"), (b'{"host": "a.example"}', "malformed"), (b"\xff", "cannot be read")],
)
def test_what_is_no_descriptor_is_not_believed(octets: bytes, said: str) -> None:
    with pytest.raises(pens.PenError, match=said):
        pens.read(octets, PEN)


def test_a_descriptor_that_no_known_key_signed_is_not_believed(portal: FakePortal, pen: notice.Pen) -> None:
    known = msgspec.structs.replace(pen, keys=(key(OTHER_SEED),))
    with pytest.raises(pens.PenError, match="not-signed"):
        pens.fetch(portal.url, PEN, known)
    assert pens.fetch(portal.url, PEN, pen).pen == pen


def test_a_portal_without_it_or_in_the_clear_tells_nothing(portal: FakePortal) -> None:
    with pytest.raises(pens.PenError, match="404"):
        pens.fetch(portal.url, "pen_other")
    with pytest.raises(pens.PenError, match="https"):
        pens.fetch("http://portal.example", PEN)
    with pytest.raises(pens.PenError, match="not reachable"):
        pens.fetch("http://127.0.0.1:1", PEN)


def test_what_is_there_already_is_not_sent_again(portal: FakePortal, known: Known) -> None:
    asked = Vault(portal.url, TOKEN)
    portal.piece = 100
    portal.faults = {"complete": "500"}
    with pytest.raises(VaultError) as first:
        seal(asked, known, LETTER, 1, ALICE, (BOB, CAROL))
    pieces = [step for step, _ in portal.heard].count("piece")
    portal.faults = {}
    announced = seal(asked, known, LETTER, 1, ALICE, (BOB, CAROL))
    assert not first.value.lasting and pieces == 3
    assert [step for step, _ in portal.heard].count("piece") == pieces and len(portal.kept) == 1
    assert seal(asked, known, LETTER, 1, ALICE, (BOB, CAROL)) == announced
    seal(asked, known, LETTER, 2, ALICE, (BOB, CAROL))
    assert len(portal.kept) == 2, "put there again after it was sent, it is another message"


def test_it_is_the_same_message_when_its_key_is_forgotten_and_is_ended_when_given_back(
    portal: FakePortal, pen: notice.Pen
) -> None:
    facts = Facts()
    portal.piece, portal.faults = 100, {"complete": "500"}
    before = Sealing(Known(account(portal.url, pen)), Vault(portal.url, TOKEN), facts)
    assert before.up("k", LETTER, 1, ALICE, (BOB, CAROL), 0).verdict == "later" and len(facts) == 1
    [one] = portal.kept.values()
    portal.kept = {"forgotten after a day": one}
    pieces = [step for step, _ in portal.heard].count("piece")
    portal.faults = {}
    again = Sealing(Known(account(portal.url, pen)), Vault(portal.url, TOKEN), facts)
    assert again.up("k", LETTER, 1, ALICE, (BOB, CAROL), 0).verdict == "sealed"
    assert len(portal.kept) == 1 and [step for step, _ in portal.heard].count("piece") == pieces
    again.end("k", 1, 0)
    assert one.state == "ended" and not facts
    again.end("k", 1, 0)
    assert [step for step, _ in portal.heard].count("end") == 1


def test_an_end_that_fails_is_asked_for_again_also_after_a_restart(
    portal: FakePortal, pen: notice.Pen
) -> None:
    facts = Facts()

    def begun() -> Sealing:
        return Sealing(Known(account(portal.url, pen)), Vault(portal.url, TOKEN), facts)

    def asked() -> int:
        return [step for step, _ in portal.heard].count("end")

    sealing = begun()
    sealing.up("k", LETTER, 1, ALICE, (BOB,), 0)
    sealing.up("k2", LETTER, 1, ALICE, (BOB,), 0)
    portal.faults = {"end": "500"}
    sealing.end("k", 1, 0)
    assert asked() == 1 and list(facts) == [f"secure {ALICE} k2 1", f"ending {ALICE} m0"]
    sealing.endings.settle(ending.REST_MS[0] - 1)
    assert asked() == 1
    sealing.endings.settle(ending.REST_MS[0])
    assert asked() == 2
    portal.faults = {}
    again = begun()
    again.endings.settle(0)
    assert asked() == 3 and list(facts) == [f"secure {ALICE} k2 1"]
    again.endings.settle(1)
    assert asked() == 3
    assert portal.found("m0").state == "ended"


@pytest.mark.parametrize("fault", ["403", "404"])
def test_what_the_portal_will_never_end_is_not_asked_for_for_ever(
    portal: FakePortal, pen: notice.Pen, fault: str
) -> None:
    facts = Facts()
    sealing = Sealing(Known(account(portal.url, pen)), Vault(portal.url, TOKEN), facts)
    sealing.up("k", LETTER, 1, ALICE, (BOB,), 0)
    portal.faults = {"end": fault}
    sealing.end("k", 1, 0)
    assert not facts


PREPARED = Dressed("plain", ALICE, "<k@harbour.example>", ((BOB,),), sealed=True)


@pytest.mark.parametrize(
    ("past", "deeds", "over"),
    [
        ([], [Done("taken-back")], True),
        ([PREPARED, SealedDeed("m0")], [Done("taken-back")], True),
        ([PREPARED, SubmitBegun(0, 1)], [Done("taken-back")], False),
        ([PREPARED, SubmitBegun(0, 1), Unsure(0)], [Done("taken-back")], False),
        ([PREPARED, SubmitBegun(0, 1), Deferred(0, "greylisted", 9)], [Done("taken-back")], True),
        ([PREPARED, SubmitBegun(0, 1), SubmitBegun(0, 2), Deferred(0, "", 9)], [Done("taken-back")], False),
        ([PREPARED, SubmitBegun(0, 1), Submitted(0)], [Done("sent")], False),
        ([], [GivenBack("seal-refused", 1, ())], True),
    ],
)
def test_only_what_cannot_have_left_is_ended(past: list[AnyDeed], deeds: list[AnyDeed], over: bool) -> None:
    entries = [Entry("k", 1, n, deed) for n, deed in enumerate(past)]
    assert ending.never_leaves(deeds, entries) is over


def test_a_large_original_comes_in_ranges_and_a_larger_one_not_at_all(
    portal: FakePortal, known: Known, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = Vault(portal.url, TOKEN)
    locator = seal(asked, known, LETTER, 1, ALICE, (BOB,)).locator
    whole = asked.original(locator)
    monkeypatch.setattr(vault, "PIECE", 50)
    assert asked.original(locator) == whole and b"Bcc" not in whole
    monkeypatch.setattr(vault, "MOST", 60)
    with pytest.raises(VaultError, match="too large") as error:
        asked.original(locator)
    assert error.value.lasting


@pytest.mark.parametrize(
    ("status", "lasting"), [(401, False), (403, True), (404, True), (429, False), (500, False)]
)
def test_which_refusals_pass(portal: FakePortal, known: Known, status: int, lasting: bool) -> None:
    portal.faults = {"begin": str(status)}
    with pytest.raises(VaultError) as error:
        seal(Vault(portal.url, TOKEN), known, LETTER, 1, ALICE, (BOB,))
    assert error.value.lasting is lasting


def test_while_it_is_checked_it_is_asked_for_again(portal: FakePortal, known: Known) -> None:
    portal.faults = {"complete": "checking"}
    with pytest.raises(VaultError, match="still looking") as error:
        seal(Vault(portal.url, TOKEN), known, LETTER, 1, ALICE, (BOB,))
    assert not error.value.lasting


def test_only_what_gives_the_content_back_is_a_notification_of_it(
    portal: FakePortal, pen: notice.Pen, known: Known
) -> None:
    announced = seal(Vault(portal.url, TOKEN), known, LETTER, 1, ALICE, (BOB, CAROL))
    sent, [kept] = announced.notification, portal.kept.values()
    assert unproven(sent, kept.content, pen, announced.locator) == ""
    assert unproven(sent, kept.content, pen, "another") == "other-message"
    assert unproven(kept.content, kept.content, pen, announced.locator) == "not-a-notification"
    changed = sent.replace(b"Subject: Hello", b"Subject: Dear Bob, fine.")
    assert unproven(changed, kept.content, pen, announced.locator) == "changed: subject"
    assert unproven(sent, kept.content.replace(b"To: Bob <bob", b"To: Eve <eve"), pen, announced.locator)
    portal.via = "notify@portal.example"
    portal.complete(kept)
    assert unproven(kept.notification, kept.content, pen, announced.locator) == "other-sender"


def test_the_gate_lets_nothing_through_that_asks_to_be_sealed(
    portal: FakePortal, pen: notice.Pen, known: Known
) -> None:
    announced = seal(Vault(portal.url, TOKEN), known, LETTER, 1, ALICE, (BOB, CAROL))
    assert may_leave(announced.notification, True, pen, (pen.tag,)) == ""
    assert may_leave(mail("plain"), False, pen, (pen.tag,)) == ""
    assert may_leave(LETTER, False, pen, (pen.tag,)) and may_leave(LETTER, True, pen, (pen.tag,))
    assert may_leave(b"Stationer-Seal: YES\r\n" + mail("x"), False, None, ())
    assert may_leave(mail("plain"), True, pen, (pen.tag,)), "sealed, and not a notification"
    assert may_leave(announced.notification, True, None, (pen.tag,)), "nobody can prove it"


def test_sent_holds_the_original_with_its_bcc(portal: FakePortal, pen: notice.Pen, known: Known) -> None:
    announced = seal(Vault(portal.url, TOKEN), known, LETTER, 1, ALICE, (BOB, CAROL))
    kept = filed(announced.notification, LETTER, pen)
    assert kept is not None and kept.count(b"Bcc: dave@elsewhere.example\r\n") == 1
    assert kept.partition(b"\r\n\r\n")[2] == LETTER.partition(b"\r\n\r\n")[2]
    assert b"Subject: Hello\r\n" in kept and filed(LETTER, LETTER, pen) is None


def test_without_a_pen_nothing_is_sealed_and_nothing_is_lost() -> None:
    none = Sealing(Known(account()), None)
    assert not none.able and none.up("k", LETTER, 1, ALICE, (BOB,), 0).verdict == "later"
    assert none.filed(b"x", LETTER) is None


def test_what_is_sealed_is_one_copy_for_all() -> None:
    reading = read(LETTER, ALICE)
    inside, rest = CopyOrder((BOB,), (INSIDE,), rest=False), CopyOrder((), (FOOTER,), index=1, marked=True)
    assert reading.sealing and for_all((inside, rest), reading) == (
        replace(rest, recipients=reading.recipients),
    )


def test_nobody_outside_gets_what_is_for_people_inside() -> None:
    reading = read(LETTER, ALICE)
    inside = CopyOrder((BOB,), (FOOTER, INSIDE), messages=("m1",), rest=False, templates=(FOOTER,))
    [bare] = for_all((inside, CopyOrder((CAROL,), (FOOTER,), index=1, rest=False)), reading)
    assert bare.blocks == (FOOTER,) and not bare.messages, "dave is in no copy: templates alone"
    [bare] = for_all((replace(inside, recipients=reading.recipients, rest=True),), reading)
    assert bare.blocks == (FOOTER,), "the edge was not told of dave"
    outside = CopyOrder((CAROL, "dave@elsewhere.example"), (FOOTER,), index=1, rest=False)
    assert for_all((inside, outside), reading)[0].index == 1
    every = replace(inside, recipients=reading.recipients)
    assert for_all((every,), reading) == (every,)


def test_the_copy_of_the_rest_is_there_though_nobody_gets_it() -> None:
    choice = Choice(banner=[Candidate("b1", "m1", "message")])
    answer = Answer(
        "pk", [Copy([0], False, choice, choice, choice), Copy([], True, Choice(), Choice(), Choice())]
    )
    rest, inside = choose(answer, "new", (), (BOB,), ())
    assert rest.marked and not rest.recipients and not rest.candidates and inside.recipients == (BOB,)
