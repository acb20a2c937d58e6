"""The edge is told what left, once and whenever it can be; a mail never waits for that (contract/memory.md §3)."""

from __future__ import annotations

from pathlib import Path

from stationer.agent.edge import Edge
from stationer.agent.journal import Journal
from stationer.agent.reporting import Reporter
from stationer.wire.journal import Entry, Held
from stationer.wire.memory import Report, Used
from tests.agent.desk import ALICE, BOB, OUTBOX, Desk, mail, until
from tests.agent.edges import BANNER, TOKEN, FakeEdge
from tests.agent.edges import edge as running_edge

LEFT = Report("pk_1", 0, Used(("bbbbbbbb",)))


def reporter(journal: Journal, url: str, folder: Path) -> Reporter:
    return Reporter(journal, {ALICE: Edge(url, TOKEN, folder / "blocks")})


def write(journal: Journal, *reports: Report, at: int = 1_000) -> None:
    journal.write(ALICE, [Entry("k", 1, at, Held(1))], reports=reports)


def test_a_mail_that_left_is_reported_with_its_messages_and_nothing_else(desk: Desk, edge: FakeEdge) -> None:
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB) and edge.reports())
        until(lambda: not desk.mails(ALICE, OUTBOX))
    [report] = edge.reports()
    assert report["copy"] == 0 and report["outcome"] == {"used": [BANNER["mark"]]}
    assert str(report["pick"]).startswith("pk_") and report["rest"] is False and len(report) == 4


def test_of_a_mail_with_a_bcc_it_is_not_said_that_there_was_none(desk: Desk, edge: FakeEdge) -> None:
    with desk.running():
        desk.put(mail("m1", bcc="carol@harbour.example"))
        until(edge.reports)
    [report] = edge.reports()
    assert "rest" not in report


def test_an_edge_that_takes_no_reports_holds_up_no_mail_and_is_told_later(desk: Desk, edge: FakeEdge) -> None:
    edge.deaf = True
    with desk.running():
        desk.put(mail("m1"))
        until(lambda: desk.mails(BOB) and not desk.mails(ALICE, OUTBOX))
        until(edge.reports)
    edge.deaf = False
    before = len(edge.reports())
    with desk.running():
        until(lambda: len(edge.reports()) > before)
    assert len({str(report) for report in edge.reports()}) == 1


def test_a_report_is_told_once_also_after_opening_anew(tmp_path: Path, edge: FakeEdge) -> None:
    journal = Journal(tmp_path, now=1_000)
    write(journal, LEFT)
    write(journal, LEFT, Report("pk_1", 1, "untouched"))
    assert reporter(journal, edge.url, tmp_path).tell(ALICE)
    assert edge.reports() == [
        {"pick": "pk_1", "copy": 0, "outcome": {"used": ["bbbbbbbb"]}},
        {"pick": "pk_1", "copy": 1, "outcome": "untouched"},
    ]
    journal.close()
    again = Journal(tmp_path, now=2_000)
    write(again, LEFT)
    assert reporter(again, edge.url, tmp_path).tell(ALICE) and len(edge.reports()) == 2


def test_what_the_edge_did_not_take_stays_and_the_first_outcome_is_told(tmp_path: Path) -> None:
    with running_edge() as edge:
        port = edge.port
    journal = Journal(tmp_path, now=1_000)
    write(journal, LEFT)
    write(journal, Report("pk_1", 0, "unsent"))
    telling = reporter(journal, f"http://127.0.0.1:{port}", tmp_path)
    assert not telling.tell(ALICE) and journal.untold(ALICE, 9) == [LEFT]
    with running_edge(port) as edge:
        assert telling.tell(ALICE) and not journal.untold(ALICE, 9)
        assert [one["outcome"] for one in edge.reports()] == [{"used": ["bbbbbbbb"]}]


def test_a_thousand_reports_are_told_in_pieces(tmp_path: Path, edge: FakeEdge) -> None:
    journal = Journal(tmp_path, now=1_000)
    write(journal, *(Report(f"pk_{n}", 0, "untouched") for n in range(1_000)))
    assert reporter(journal, edge.url, tmp_path).tell(ALICE)
    assert len(edge.reports()) == 1_000 and len(edge.heard) == 5


def test_after_seven_days_a_report_is_given_up(tmp_path: Path) -> None:
    journal = Journal(tmp_path, now=1_000)
    write(journal, LEFT, at=1_000)
    write(journal, Report("pk_2", 0, "untouched"), at=9_000)
    journal.give_up_reports(5_000)
    assert [report.pick for report in journal.untold(ALICE, 9)] == ["pk_2"]
