"""A company file of 10,000 people and 1,000 campaigns in the portal: out, looked at, put in place, out again, taken back.

Run by itself, `python -m bench.company_file`: it prints seconds of CPU, queries and the memory at the highest.
"""

from __future__ import annotations

import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PEOPLE, CAMPAIGNS = 10_000, 1_000


def company(people: int, campaigns: int, title: str = "Dentist") -> dict[str, Any]:
    """A company of this size; every campaign has one message, every person is in two groups."""
    return {
        "pen": {"id": "x", "name": "ACME", "domains": ["acme.example"]},
        "packages": ["employees"],
        "groups": {f"group {n}": [] for n in range(50)},
        "people": [
            {
                "address": f"person{n}@acme.example",
                "name": f"Person Number {n}",
                "title": title,
                "phone": f"01632 960 {n:05}",
                "groups": [f"group {n % 50}", f"group {(n + 1) % 50}"],
            }
            for n in range(people)
        ],
        "templates": {"house": {"name": "House", "fallback": True, "new": {"footer": {"shape": "note", "words": "x"}}}},
        "campaigns": {
            f"campaign-{n}": {
                "name": f"Campaign {n}",
                "when": {"senders": {"groups": [f"group {n % 50}"]}, "to": "outside"},
                "messages": {
                    "one": {
                        "name": f"Message {n}",
                        "content": {"shape": "banner", "headline": f"{title} {n}", "line": "Come", "button": "Go",
                                    "link": "https://acme.example/x"},
                    }
                },
            }
            for n in range(campaigns)
        },
    }  # fmt: skip


def measured(what: str, do: Callable[[], Any]) -> Any:
    """Do it and print what it took."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as asked:
        begun, clock = time.process_time(), time.monotonic()
        found = do()
        spent, passed = time.process_time() - begun, time.monotonic() - clock
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(
        f"{what:<44} {spent:6.1f} s of CPU {passed:6.1f} s  {len(asked):5} queries  {peak:6.0f} MB at most",
        flush=True,
    )
    return found


def main(people: int, campaigns: int) -> None:
    """All of it, on SQLite in a folder of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")
    os.environ["STATIONER_PORTAL__DATA"] = str(Path(tempfile.mkdtemp()) / "portal")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command

    from stationer.portal.content.exporting import written
    from stationer.portal.people.pens import create_pen
    from stationer.portal.people.scope import pen_scope
    from stationer.portal.site.start import prepare

    prepare(settings.PORTAL)
    call_command("migrate", verbosity=0)
    settings.DEBUG = False
    pen = create_pen("ACME", ("acme.example",))
    first, second = (written(company(people, campaigns, title)) for title in ("Dentist", "Doctor"))
    print(f"{people:,} people, {campaigns:,} campaigns: {len(first) / 1e6:.1f} MB", flush=True)
    with pen_scope(pen):
        _walk(first, second)


def _walk(first: str, second: str) -> None:
    from stationer.portal.access.rights import EVERYTHING
    from stationer.portal.company.deed import apply, undo
    from stationer.portal.company.looking import look
    from stationer.portal.company.models import Arrival
    from stationer.portal.company.writing import as_it_is

    row = measured("look: all of it new", lambda: look(first, name="a", absent="remove"))
    measured("put in place: all of it new", lambda: apply(row, EVERYTHING))
    text = measured("out", as_it_is)
    same = measured("look: no change", lambda: look(text, name="b", absent="remove"))
    assert same.coming == 0
    row = measured("look: every person and message changed", lambda: look(second, name="c", absent="remove"))
    measured("put in place: the same", lambda: apply(row, EVERYTHING))
    measured("taken back", lambda: undo(Arrival.objects.get(pk=row.pk), EVERYTHING))
    assert as_it_is() == text


if __name__ == "__main__":
    main(*(int(one) for one in sys.argv[1:3]) if len(sys.argv) > 2 else (PEOPLE, CAMPAIGNS))
