"""Mail that the server sends: what waits, what came of it; try again, hold, let go, drop (contract/delivery.md).

`show` (the default) lists what is not done; with --state one state, or `all`; with --twice what may have gone twice.
`retry` [ID …] makes these, or all that wait, due at once; `hold`, `release` and `drop` want ids, of recipients or of
whole mails. `suppressed` lists addresses that are not sent to, and why; `allow ADDRESS` takes one off that list.

Exit codes: 0 done · 2 usage · 3 nothing was found that it could be done to.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

STATES = ("waiting", "sent", "failed", "bounced", "suppressed", "held", "dropped")
OPEN = ("waiting", "held", "failed", "bounced", "suppressed")
DEEDS = ("retry", "hold", "release", "drop")


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer outgoing`."""
    parser.add_argument("verb", nargs="?", default="show", choices=["show", *DEEDS, "suppressed", "allow"])
    parser.add_argument(
        "ids", nargs="*", metavar="ID", help="of a recipient or a mail; with allow: an address"
    )
    parser.add_argument("--state", choices=[*STATES, "all"], help="with show: these alone")
    parser.add_argument("--twice", action="store_true", help="with show: what may have gone twice")
    parser.add_argument("--most", type=int, default=100, metavar="N", help="how many lines (default: 100)")
    parser.add_argument("--json", action="store_true", help="for programs")


def run(arguments: argparse.Namespace) -> int:
    """0, 2 or 3."""
    from stationer.portal.site.serve import begin
    from stationer.settings import load

    if arguments.ids and arguments.verb in ("show", "suppressed"):
        print(f"stationer outgoing: {arguments.verb} takes no ids", file=sys.stderr)
        return 2
    if not arguments.ids and arguments.verb in ("hold", "release", "drop", "allow"):
        print(f"stationer outgoing: {arguments.verb} wants at least one id or address", file=sys.stderr)
        return 2
    begin(load())
    return handled(arguments)


def handled(arguments: argparse.Namespace) -> int:
    """What was asked for, with Django ready."""
    from stationer.portal.delivery import handling, suppressing

    verb = arguments.verb
    if verb == "show":
        return _show(arguments)
    if verb == "suppressed":
        return _print(handling.suppressed(arguments.most), arguments.json, _address)
    try:
        if verb == "allow":
            done = sum(suppressing.allow(address) for address in arguments.ids)
        else:
            done = getattr(handling, verb)(arguments.ids)
    except handling.NotDone as error:
        print(f"stationer outgoing: {error}", file=sys.stderr)
        return 2
    print(f"{verb}: {done}")
    return 0 if done or (verb == "retry" and not arguments.ids) else 3


def _show(arguments: argparse.Namespace) -> int:
    from stationer.portal.delivery import handling

    states = OPEN if arguments.state is None else STATES if arguments.state == "all" else (arguments.state,)
    rows = handling.listed(states, arguments.most, twice=arguments.twice)
    if arguments.json:
        told = {"counts": handling.counts(), "resting": handling.resting(), "recipients": rows}
        print(msgspec.json.format(msgspec.json.encode(told), indent=2).decode())
        return 0
    print(" · ".join(f"{name} {count}" for name, count in handling.counts().items()))
    for one in handling.resting():
        until = f"rests until {one['until']}" if one["until"] else "refused, and is tried"
        print(f"{one['destination'] or 'the relay'}: {until}: {one['reason']}")
    return _print(rows, False, _recipient)


def _print(rows: list[dict[str, Any]], as_json: bool, line: Any) -> int:
    if as_json:
        print(msgspec.json.format(msgspec.json.encode(rows), indent=2).decode())
    else:
        print("\n".join(line(row) for row in rows) or "nothing")
    return 0


def _recipient(row: dict[str, Any]) -> str:
    when = f"due {row['due']}" if row["due"] else f"at {row['done'] or row['since']}"
    twice = "  MAY HAVE GONE TWICE" if row["twice"] else ""
    said = f"  {row['status']} {row['said']}".rstrip()
    return f"{row['id']}  {row['state']:<10} {row['to']}  {when}  tried {row['attempts']}{twice}{said}"


def _address(row: dict[str, Any]) -> str:
    until = f"until {row['until']}" if row["until"] else "until it is taken off"
    return f"{row['address']}  {row['why']}  {row['pen'] or 'the installation'}  {until}  {row['status']} {row['said']}"
