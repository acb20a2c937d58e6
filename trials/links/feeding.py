"""Run beside a portal, with its settings: tells it what an edge would, and says what became of it.

`python -m trials.links.feeding human|sweep|hits WHO`: a person's click in a mail of Alice's to WHO; a scanner's sweep of
all its links; how many hits of mails to WHO there are, by what was thought of them.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any


def main(what: str, who: str) -> None:
    import django

    django.setup()
    from stationer.portal.people.models import Pen
    from stationer.portal.people.scope import pen_scope

    pen = Pen.objects.get()
    with pen_scope(pen):
        company = _company(pen)
        done = {"human": human, "sweep": sweep, "hits": hits}[what](company, who)
    print(json.dumps(done))


def _company(pen: Any) -> Any:
    from stationer.portal.content.models import Campaign, Message
    from stationer.portal.people.models import Member

    alice = SimpleNamespace(member=Member.objects.get(address="alice@acme.test"))
    return SimpleNamespace(pen=pen, bob=alice, campaign=Campaign.objects.get(), message=Message.objects.get())


def _sent(company: Any, who: str) -> tuple[Any, datetime]:
    from django.utils import timezone
    from tests.portal.told import Sent

    from stationer.portal.statistics.taking import take

    now = timezone.now()
    sent = Sent(company, now - timedelta(minutes=10), to=(who,))
    take([sent.addressed(), sent.reported()], now)
    return sent, now


def human(company: Any, who: str) -> dict[str, Any]:
    """One click, as a browser asks when somebody presses a link."""
    from stationer.portal.statistics.taking import take

    sent, now = _sent(company, who)
    take([sent.clicked(now)], now)
    return {"at": now.timestamp()}


def sweep(company: Any, who: str) -> dict[str, Any]:
    """A HEAD and a GET of every link within three seconds, from one address."""
    from stationer.portal.statistics.taking import take

    sent, now = _sent(company, who)
    step = timedelta(milliseconds=500)
    asked = [(method, number) for method in ("HEAD", "GET") for number in range(3)]
    clicks = [sent.clicked(now + step * n, number, method=method) for n, (method, number) in enumerate(asked)]
    take(clicks, now)
    return {"clicks": len(clicks)}


def hits(company: Any, who: str) -> dict[str, Any]:
    """How many settled hits are thought a person's, a program's; and the rules that spoke."""
    from stationer.portal.statistics.models import Hit

    rows = list(Hit.objects.filter(mail__addressees__address=who).exclude(settled_at=None))
    rules = {one["rule"] for row in rows for one in row.reasons}
    return {
        "people": sum(row.human is True for row in rows),
        "programs": sum(row.human is False for row in rows),
        "rules": sorted(rules),
    }


if __name__ == "__main__":
    main(*sys.argv[1:])
