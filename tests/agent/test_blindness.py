"""Law 3: what the edge is asked does not tell whether a mail is a reply, or what stands in its quote."""

from __future__ import annotations

from pathlib import Path

import pytest

from stationer import stamp
from stationer.agent.asking import Asking, Prepared
from stationer.agent.edge import Edge
from stationer.agent.journal import Journal
from stationer.agent.reading import read
from stationer.outbox.seen import Stationery, Trouble
from tests.agent.desk import ALICE, BOB
from tests.agent.edges import TOKEN, FakeEdge

HEAD = f"From: {ALICE}\r\nTo: {BOB}\r\nMessage-ID: <1@harbour.example>\r\nMIME-Version: 1.0\r\n".encode()
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\r\n\r\n"


def marked(mark: str) -> bytes:
    """A block as it stands in a mail of ours."""
    blocks = (stamp.Block("signature", "<p>Alice, Acme</p>", "Alice, Acme", mark=mark),)
    done = stamp.stamp(HTML + b"<html><body><p>Before</p></body></html>\r\n", stamp.Order(None, blocks))
    assert isinstance(done, stamp.Stamped)
    return (
        done.bytes()
        .partition(b"\r\n\r\n")[2]
        .strip()
        .removeprefix(b"<html><body>")[: -len(b"</body></html>")]
    )


def reply(quote: bytes) -> bytes:
    """A reply that quotes this."""
    head = HTML.replace(b"MIME-Version", b"In-Reply-To: <0@harbour.example>\r\nMIME-Version")
    return (
        head + b'<html><body><p>Yes.</p><blockquote type="cite">' + quote + b"</blockquote></body></html>\r\n"
    )


MAILS = {
    "new": HTML + b"<html><body><p>Dear Bob</p></body></html>\r\n",
    "reply": reply(b"<p>Shall we?</p>"),
    "reply with our marks in the quote": reply(marked("aaaaaaaa") + marked("bbbbbbbb")),
}


def asked(
    mail: bytes, edge: FakeEdge, folder: Path, times: int = 1
) -> tuple[list[tuple[str, bytes]], Asking, str]:
    """What a fresh device asks for this mail; and what came of it."""
    folder.mkdir()
    journal, reading = Journal(folder, now=0), read(mail, ALICE)
    asking = Asking(Edge(edge.url, TOKEN, folder / "blocks"), journal, ALICE, 60_000)
    before = len(edge.heard)
    for _ in range(times):
        asking.ask(reading, mail, 3_000, 0)
    asking.close()
    journal.close()
    return [(line, body) for line, _, body in edge.heard[before:]], asking, reading.key


def test_the_mails_of_this_test_are_what_they_are_called() -> None:
    assert [stamp.variant(mail) for mail in MAILS.values()] == ["new", "reply", "reply"]
    assert [stamp.marks_in_quote(mail) for mail in MAILS.values()] == [set(), set(), {"aaaaaaaa", "bbbbbbbb"}]


def test_a_new_mail_and_replies_ask_for_the_same_on_a_cold_cache(edge: FakeEdge, tmp_path: Path) -> None:
    seen, prepared = [], list[Prepared]()
    for name, mail in MAILS.items():
        requests, asking, key = asked(mail, edge, tmp_path / name)
        assert isinstance(asking.answers[key], Stationery)
        seen.append(requests)
        prepared.append(asking.prepared[key])
    assert seen[0] == seen[1] == seen[2]
    assert [line.split()[1] for line, _ in seen[0]] == [
        "/v1/pick", "/v1/blocks/ban.alice", "/v1/blocks/oth.alice", "/v1/blocks/sig.alice"
    ]  # fmt: skip
    assert [len(one.orders[0].blocks) for one in prepared] == [2, 1, 0], "and each carries what is its own"


def test_what_is_cached_is_not_asked_for_again_whatever_the_mail(edge: FakeEdge, tmp_path: Path) -> None:
    for name, mail in MAILS.items():
        requests, _, _ = asked(mail, edge, tmp_path / name, times=2)
        assert [line.split()[0] for line, _ in requests] == ["POST", "GET", "GET", "GET", "POST"]


@pytest.mark.parametrize("variant", ["new", "reply"])
def test_an_answer_that_is_wrong_for_one_variant_is_refused_for_all(
    edge: FakeEdge, tmp_path: Path, variant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = edge.answer

    def wrong(number: int, question: dict[str, list[str]]) -> dict[str, object]:
        answer = right(number, question)
        bad = {"block": "sig.alice", "mark": "no mark at all", "kind": "template", "links": []}
        answer["copies"][0][variant] = {"signature": [bad]}  # type: ignore[index]
        return answer

    monkeypatch.setattr(edge, "answer", wrong)
    for name, mail in MAILS.items():
        _, asking, key = asked(mail, edge, tmp_path / name)
        assert isinstance(asking.answers[key], Trouble), name
