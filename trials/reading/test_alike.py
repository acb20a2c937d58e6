"""An address that may read and one that may not are answered alike: in how long, on a running portal."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator

import httpx
import pytest

from trials.reading.readers import found_company, letters, portal_of
from trials.servers.dovecot import Dovecot
from trials.servers.people import CAROL
from trials.servers.portal import Portal
from trials.servers.postfix import Postfix
from trials.servers.workshop import Workshop

ASKS = 120


@pytest.fixture(scope="module")
def installation(workshop: Workshop, postfix: Postfix, dovecot: Dovecot) -> Iterator[Portal]:
    """A portal with Acme in it; nobody hands its mail over meanwhile."""
    portal = portal_of(workshop, postfix, dovecot)
    found_company(portal)
    yield portal
    portal.stop()


def asked(link: str, address: str) -> float:
    """Milliseconds from the form to the answer, in a browser of its own."""
    with httpx.Client(trust_env=False, timeout=60) as client:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', client.get(link).text)
        assert found
        form = {"csrfmiddlewaretoken": found[1], "address": address}
        began = time.perf_counter()
        answer = client.post(f"{link}/code", data=form, headers={"Origin": link.rpartition("/m/")[0]})
        took = (time.perf_counter() - began) * 1000
        assert answer.status_code == 303, answer.text
    return took


def test_how_long_it_takes_tells_nobody_whether_an_address_may_read(installation: Portal) -> None:
    (link,) = letters(installation, CAROL.address, 1)
    took: dict[str, list[float]] = {CAROL.address: [], "nobody@elsewhere.test": []}
    for n in range(ASKS + 10):
        for address, times in sorted(
            took.items(), reverse=bool(n % 2)
        ):  # in turn, so that load falls on both
            one = asked(link, address)
            if n >= 10:
                times.append(one)
    print()
    for address, times in took.items():
        cuts = statistics.quantiles(times, n=20)
        print(
            f"{address:24} p5 {cuts[0]:.1f}  p25 {cuts[4]:.1f}  p50 {cuts[9]:.1f}  p75 {cuts[14]:.1f}  p95 {cuts[18]:.1f} ms"
        )
    known, unknown = took.values()
    slower = sum(a > b for a, b in zip(known, unknown, strict=True))
    print(f"of {ASKS} pairs the known one was slower in {slower}")
    medians = [statistics.median(one) for one in (known, unknown)]
    assert abs(medians[0] - medians[1]) < 0.2 * max(medians)
