"""Run the servers: the portal, the edge, the worker, or all of them under one supervisor.

Ctrl-C or SIGTERM stops them cleanly. `all` starts again what ends by itself, with a growing pause, and gives the edge
a token of its own to tell the portal who clicked, unless the settings name one.
Exit 1 when settings are wrong or an address is taken.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable

from stationer.settings import Loaded, WrongSettingsError, load
from stationer.watch import log

PROGRAMS = ("portal", "edge", "worker")


def configure(parser: argparse.ArgumentParser) -> None:
    """Which program; `all` when none is named."""
    parser.add_argument("program", nargs="?", default="all", choices=[*PROGRAMS, "all"])
    parser.add_argument("--supervised", action="store_true", help=argparse.SUPPRESS)


def _program(name: str) -> Callable[[Loaded], None]:
    """The program's own function; only its room is imported."""
    if name == "edge":
        from stationer.edge.serve import serve as edge

        return edge
    from stationer.portal.site import serve

    return serve.portal if name == "portal" else serve.worker


def _introduce(loaded: Loaded) -> None:
    """Hand one token to both, the edge and the portal beside it (contract/uplink.md §3). Raises OSError."""
    if loaded.edge.uplink_token or loaded.edge.uplink_url:
        return
    from stationer.portal.site.start import edge_token

    os.environ["STATIONER_EDGE__UPLINK_TOKEN_FILE"] = str(edge_token(loaded.portal).absolute())
    os.environ["STATIONER_EDGE__UPLINK_URL"] = loaded.portal.public_url


def run(arguments: argparse.Namespace) -> int:
    """0 stopped as asked · 1 wrong settings, or an address that is taken."""
    try:
        loaded = load()
    except WrongSettingsError as error:
        print(f"stationer: {error}", file=sys.stderr)
        return 1
    log.start(loaded.log.level, loaded.log.key)
    if arguments.program == "all":
        from stationer.cli.supervise import serving, supervise

        try:
            _introduce(loaded)
        except OSError as error:
            print(f"stationer: all cannot start: {error}", file=sys.stderr)
            return 1
        return supervise({name: serving(name) for name in PROGRAMS})
    if arguments.supervised:
        from stationer.cli.supervise import end_with_supervisor

        end_with_supervisor()
    try:
        _program(arguments.program)(loaded)
    except OSError as error:
        print(f"stationer: {arguments.program} cannot start: {error}", file=sys.stderr)
        return 1
    return 0
