"""Ask a snapshot what a mail would carry; with --explain, why each template and campaign is taken or not.

Prints JSON. With --order it is what goes into a new mail, a reply or a forward, for `stationer stamp --order`; else the
answer is the edge's (contract/http.md §1); its pick id is made from the question, not from chance.
What recipients were sent before is asked of --state, a PEN's folder under `edge.state`; it is only read.
Exit codes: 0 answered · 2 usage · 4 the snapshot is damaged.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
import time
import uuid
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from stationer import pick
from stationer.cli.ordering import order_of
from stationer.cli.recalling import memory_in
from stationer.pick.memory import nobody
from stationer.wire import ids
from stationer.wire.pick import Question
from stationer.wire.roll import Roll
from stationer.wire.words import VARIANTS, Variant


def moment(text: str) -> int:
    """RFC 3339 with an offset → Unix milliseconds."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        when = None
    if when is None or when.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time; write it as 2026-12-01T09:00:00Z")
    return int(when.timestamp() * 1000)


def configure(parser: argparse.ArgumentParser) -> None:
    """The arguments of `stationer pick`."""
    parser.add_argument("snapshot", metavar="SNAPSHOT", type=Path, help="what `stationer snapshot` wrote")
    parser.add_argument("--from", dest="sender", metavar="ADDRESS", required=True, help="who writes")
    parser.add_argument("--to", metavar="ADDRESS", nargs="*", action="extend", default=[], help="recipients")
    parser.add_argument(
        "--cc", metavar="ADDRESS", nargs="*", action="extend", default=[], help="further ones"
    )
    parser.add_argument("--at", metavar="TIME", type=moment, help="RFC 3339 with an offset; now by default")
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="another draw among equals")
    parser.add_argument(
        "--order", choices=VARIANTS, help="print what goes into such a mail, for `stationer stamp --order`"
    )
    parser.add_argument(
        "--state", metavar="FOLDER", type=Path, help="what an edge remembers of this company's recipients"
    )
    parser.add_argument("--explain", action="store_true", help="tell why, for every template and campaign")


def run(arguments: argparse.Namespace) -> int:
    """Load, ask, print. 0, 2 or 4."""
    try:
        data = arguments.snapshot.read_bytes()
    except OSError as error:
        print(f"stationer pick: {error}", file=sys.stderr)
        return 2
    try:
        compiled = pick.unpack(data, kind="snapshot", public_key=None).payload
    except pick.Damaged as error:
        print(f"stationer pick: {arguments.snapshot} cannot be used: {error.reason}.", file=sys.stderr)
        return 4
    assert isinstance(compiled, pick.Compiled)
    try:
        memory = memory_in(arguments.state).count if arguments.state else None
    except OSError as error:
        print(f"stationer pick: {error}", file=sys.stderr)
        return 2
    now = time.time_ns() // 1_000_000 if arguments.at is None else arguments.at
    question = Question(arguments.sender, arguments.to, arguments.cc)
    if arguments.order and arguments.explain:
        print("stationer pick: give either --order or --explain", file=sys.stderr)
        return 2
    answer = ask(compiled, question, now, arguments.seed, arguments.explain, arguments.order, memory)
    print(json.dumps(answer, ensure_ascii=False, indent=2))
    return 0


def ask(
    compiled: pick.Compiled,
    question: Question,
    now: int,
    seed: int,
    explain: bool,
    order: Variant | None = None,
    memory: pick.Lookup | None = None,
) -> Any:
    """The answer as plain values, with `explanation` beside it when it is asked for; or the `order` made of it."""
    snapshot = pick.load(compiled)
    roll = pick.read_roll(Roll(compiled.pen, (), compiled.people), compiled.mark_key)
    asked = msgspec.json.encode([compiled.pen, question, now, seed])
    pick_id = ids.outside("pick", uuid.UUID(bytes=hashlib.sha256(asked).digest()[:16]))
    answer = pick.pick(snapshot, roll, question, now=now, pick_id=pick_id, seed=seed, memory=memory or nobody)
    if order:
        return order_of(snapshot, roll, answer, order)
    said: dict[str, Any] = msgspec.to_builtins(answer)
    if explain:
        told = pick.explain(snapshot, roll, question, now=now, seed=seed, memory=memory or nobody)
        said["explanation"] = msgspec.to_builtins(told) | _caveat(compiled, memory)
    return said


def _caveat(compiled: pick.Compiled, memory: pick.Lookup | None) -> dict[str, str]:
    """What the explanation does not know, where a campaign asks for it."""
    asking = [offer.name for offer in compiled.campaigns if offer.remembers()]
    if memory is not None or not asking:
        return {}
    return {
        "caveat": "As if no recipient had been sent anything before (caps, cool-down, sequences, stops): "
        f"{', '.join(asking)}. Give the edge's folder with --state to ask what was sent."
    }
