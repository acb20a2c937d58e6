"""Django's management commands with Stationer's settings: `stationer admin migrate`, `stationer admin create-pen …`."""

from __future__ import annotations

import argparse
import os


def configure(parser: argparse.ArgumentParser) -> None:
    """The words are Django's own."""
    parser.add_argument("words", nargs=argparse.REMAINDER, help="a management command and its options")


def run(arguments: argparse.Namespace) -> int:
    """Prepare the portal's folders and keys, then do as Django's manage.py would."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")
    from django.core.management import execute_from_command_line

    from stationer.portal.site.start import prepare
    from stationer.settings import load

    prepare(load().portal)
    name, *rest = arguments.words or ["help"]
    # `create-pen` is the module create_pen: commands are written with hyphens, modules cannot be
    execute_from_command_line(["stationer admin", name.replace("-", "_"), *rest])
    return 0
