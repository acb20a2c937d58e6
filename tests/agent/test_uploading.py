"""Content on its way to the PEN holds up no other mail; what is not wanted any more is ended; a result is taken once."""

from __future__ import annotations

import threading

import pytest

from stationer.agent import pens
from stationer.agent.known import Known
from stationer.agent.sealing import QUEUED_MS, Sealing
from stationer.agent.uploading import LARGE, MOST, MOST_LARGE, Uploads
from stationer.agent.vault import Announced, Vault, VaultError
from stationer.notice import restore
from tests.agent.desk import ALICE, BOB, mail
from tests.agent.edges import TOKEN
from tests.agent.portals import PEN
from tests.agent.portals import portal as running_portal
from tests.agent.test_known import Facts
from tests.agent.test_sealing import account

DONE = Announced("loc", b"notification")
LETTER = mail("s1").replace(b"Subject: ", b"Subject: [secure] ")


class SlowVault(Vault):
    """One whose pieces go on when the test says so."""

    def __init__(self, portal: str) -> None:
        super().__init__(portal, TOKEN)
        self.reached, self.go_on = threading.Event(), threading.Event()

    def seal(self, message, content, wanted=lambda: True):
        self.reached.set()
        assert self.go_on.wait(30)
        return super().seal(message, content, wanted)


@pytest.fixture
def portal():
    with running_portal() as fake:
        yield fake


@pytest.fixture
def vault(portal):
    made = SlowVault(portal.url)
    yield made
    made.go_on.set()


@pytest.fixture
def facts():
    return Facts()


@pytest.fixture
def sealing(portal, vault, facts):
    known = Known(account(portal.url, pens.fetch(portal.url, PEN).pen))
    return Sealing(known, vault, facts, Uploads(patience_s=0))


def up(sealing, key="k", mono=0):
    return sealing.up(key, LETTER, 1, ALICE, (BOB,), mono)


def ended(sealing, key="k"):
    """Its thread has come to its end."""
    assert sealing._uploads._under_way[key, 1].ended.wait(30)


def test_a_slow_one_is_going_and_its_end_is_taken_once(sealing, portal, vault):
    assert up(sealing).verdict == "going" and vault.reached.wait(30)
    assert "on its way" in sealing.going("k", 0) and not sealing.going("other", 0)
    assert up(sealing).verdict == "going" and len(portal.kept) == 1
    vault.go_on.set()
    ended(sealing)
    assert not sealing.going("k", 0)
    kept = up(sealing)
    assert kept.verdict == "sealed" and len(portal.kept) == 1
    [one] = portal.kept.values()
    assert restore(sealing.notified["k"], one.content, portal.pen).proof.id == kept.message
    assert [step for step, _ in portal.heard].count("begin") == 1


def test_what_the_portal_says_meanwhile_is_told_when_it_has_ended(sealing, portal, vault):
    portal.faults = {"complete": "500"}
    assert up(sealing).verdict == "going"
    vault.go_on.set()
    ended(sealing)
    assert up(sealing, mono=5).verdict == "later" and sealing.portal.ready_at > 5
    portal.faults = {}
    up(sealing)
    ended(sealing)
    assert up(sealing).verdict == "sealed" and len(portal.kept) == 1


def test_taken_back_on_its_way_it_is_ended_at_the_pen(sealing, portal, vault, facts):
    assert up(sealing).verdict == "going" and vault.reached.wait(30)
    sealing.end("k", 1, 0)
    assert not sealing.going("k", 0)
    vault.go_on.set()
    assert sealing.endings._added.wait(30)
    sealing.endings.settle(1)
    [one] = portal.kept.values()
    assert one.state == "ended" and "complete" not in [step for step, _ in portal.heard]


def test_taken_back_when_it_had_ended_it_is_ended_at_the_pen_as_well(sealing, portal, vault, facts):
    up(sealing)
    vault.go_on.set()
    ended(sealing)
    sealing.end("k", 1, 0)
    [one] = portal.kept.values()
    assert one.state == "ended" and not facts


def test_there_is_room_for_so_many_and_small_ones_pass_large_ones(sealing):
    stop, uploads = threading.Event(), Uploads(patience_s=0)

    def work(_one):
        assert stop.wait(30)
        return DONE

    for n in range(MOST_LARGE):
        uploads.begin((f"large{n}", 1), LARGE + 1, work, lambda: None)
    assert not uploads.room(LARGE + 1) and uploads.room(LARGE)
    for n in range(MOST - MOST_LARGE):
        uploads.begin((f"small{n}", 1), 10, work, lambda: None)
    assert not uploads.room(10)
    sealing._uploads = uploads
    assert up(sealing, mono=7).verdict == "going" and "first" in sealing.going("k", 7)
    assert not sealing.going("k", 7 + QUEUED_MS)
    stop.set()
    uploads._under_way["large0", 1].ended.wait(30)
    assert uploads.take(("large0", 1)) == DONE


def test_what_goes_wrong_in_the_thread_is_raised_where_its_end_is_taken():
    uploads = Uploads(patience_s=30)

    def work(_one):
        raise VaultError("no")

    uploads.begin(("k", 1), 1, work, lambda: None)
    with pytest.raises(VaultError, match="no"):
        uploads.take(("k", 1))
    assert not uploads.begun(("k", 1))
