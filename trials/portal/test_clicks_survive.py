"""No click that was answered is lost, and none counts twice: kills, full disks, a portal that is down, damage."""

from __future__ import annotations

import itertools
import os
import random
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from trials.portal.clicking import Company, ask, banners, kill_one, metric, read, read_all
from trials.servers.edge import Edge
from trials.servers.running import wait_until
from trials.servers.workshop import Workshop

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def company(workshop: Workshop) -> Iterator[Company]:
    """A portal and the edge beside it, for all of these trials."""
    made = Company(workshop)
    yield made
    made.stop()


def killed(company: Company, label: str, most: int, seconds: float, pause_s: tuple[float, float]) -> None:
    """Readers click while workers are killed at random; then the whole edge is. All comes, once."""
    chance, began = random.Random(6), time.monotonic()
    readers = read(company.edge, company.token, label, most, until=began + seconds)
    kills = 0
    while any(one.is_alive() for one in readers):
        time.sleep(chance.uniform(*pause_s))
        kill_one(company.edge)
        kills += 1
    took = time.monotonic() - began
    company.edge.running.kill()
    company.edge.running.start()
    assert not any(one.wrong for one in readers)
    answered = {number for one in readers for number in one.answered}
    wait_until("every click to be there", lambda: answered <= company.hits(label).keys(), 900, 0.5)
    hits, dropped = company.hits(label), sum(one.dropped for one in readers)
    print(
        f"{len(answered)} clicks answered in {took:.0f} s, {dropped} not, {kills} kills; {len(hits)} arrived"
    )
    assert [number for number, times in hits.items() if times != 1] == []
    assert len(answered) > 100 and kills > 2


def test_no_click_that_was_answered_is_lost_or_counted_twice_when_workers_are_killed(
    company: Company,
) -> None:
    killed(company, "kills", 1_000_000, 20, (4.5, 5.5))


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_no_click_of_a_hundred_thousand_is_lost_or_counted_twice(company: Company) -> None:
    killed(company, "many", 100_000, 3000, (4.5, 9.0))


def test_each_click_is_a_row_in_the_portal_soon(company: Company) -> None:
    lags = []
    for number in range(12):
        label = f"lag{number}"
        read_all(company.edge, company.token, label, 1)
        began = time.monotonic()
        wait_until("the row", lambda name=label: company.hits(name) == {0: 1}, 60, 0.01)
        lags.append(time.monotonic() - began)
    print(f"from a click to its row: {sorted(lags)[6]:.2f} s in the middle, {max(lags):.2f} s at most")


def test_all_arrive_after_the_portal_was_down(company: Company) -> None:
    company.portal.stop()
    try:
        read_all(company.edge, company.token, "down", 400)
        time.sleep(2)
        assert company.waiting()
    finally:
        company.portal.running.start()
    wait_until("all to arrive", lambda: len(company.hits("down")) == 400, 60, 0.1)
    assert set(company.hits("down").values()) == {1}


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 512 KiB. Mounting needs root."""
    folder = tmp_path / "small"
    folder.mkdir()
    if os.geteuid() != 0:
        pytest.skip("mounting a small tmpfs needs root")
    command = ["mount", "-t", "tmpfs", "-o", "size=512k,mode=755", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("this machine lets even root mount nothing")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_answers_all_the_same_and_what_was_lost_is_told(
    company: Company, small_disk: Path, workshop: Workshop
) -> None:
    edge = company.another_edge("small", workshop("small"), STATIONER_EDGE__STATE=str(small_disk))
    try:
        company.portal.stop()
        read_all(edge, company.token, "full", 6_000)
        lost = metric(edge, "stationer_edge_clicks_lost_total")
        assert 0 < lost < 6_000
        subprocess.run(["mount", "-o", "remount,size=32m", str(small_disk)], check=True)
        company.portal.running.start()
        query = "SELECT 'lost', coalesce(sum(clicks), 0) FROM statistics_lostclicks"
        wait_until("the loss to be told", lambda: company.rows(query)[0][1] == lost, 60, 0.1)
        wait_until("the rest to come", lambda: len(company.hits("full")) == 6_000 - lost, 60, 0.1)
        print(f"6,000 answered, {lost:.0f} lost and told")
    finally:
        edge.stop()


def test_what_stands_before_damage_arrives_and_the_segment_is_set_aside(company: Company) -> None:
    company.portal.stop()
    read_all(company.edge, company.token, "damage", 200)
    company.edge.running.kill()
    written = [path for path in company.waiting() if "-c" in path.name]
    damaged = max(written, key=lambda path: path.stat().st_mtime)
    data = bytearray(damaged.read_bytes())
    data[-600] ^= 1
    damaged.write_bytes(data)
    company.portal.running.start()
    company.edge.running.start()
    wait_until("the damaged segment to be set aside", damaged.with_name(f"{damaged.name}.broken").exists, 60)
    wait_until("the others to be shipped", lambda: not any(path.exists() for path in written), 60)
    hits = company.hits("damage")
    assert 0 < len(hits) < 200 and set(hits.values()) == {1}
    assert '"uplink-set-aside"' in company.edge.running.said(200_000)


def test_two_edges_keep_a_cap_together(company: Company, workshop: Workshop) -> None:
    east = company.another_edge("east", workshop("east"))
    worker = company.portal.worker()  # it writes what is known less than a second after the last file
    try:
        for number, (one, other) in enumerate(itertools.permutations((company.edge, east))):
            shown_once(one, other, company.device, f"bob{number}@other.test")
    finally:
        worker.stop()
        east.stop()


def shown_once(one: Edge, other: Edge, device: str, to: str) -> None:
    """What one edge has shown a recipient for the first and last time, the other edge knows soon."""
    wait_until("both to know the company", lambda: shows(one, device, to) and shows(other, device, to))
    said = ask(one, device, to).json()
    mark = said["copies"][0]["new"]["banner"][0]["mark"]
    report = [{"pick": said["pick"], "copy": 0, "outcome": {"used": [mark]}}]
    sent = httpx.post(f"{one.url}/v1/sent", json=report, headers={"Authorization": f"Bearer {device}"})
    assert sent.status_code == 202
    began = time.monotonic()
    wait_until("the other edge to know", lambda: not shows(other, device, to), 60)
    print(f"the other edge knew after {time.monotonic() - began:.2f} s")


def shows(edge: Edge, device: str, to: str) -> bool:
    """Whether a mail to this recipient would carry the banner."""
    with suppress(Exception):
        return bool(banners(edge, device, to))
    return False
