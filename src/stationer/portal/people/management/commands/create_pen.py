"""`stationer admin create-pen --name ACME --domain acme.example`: prints the new PEN as JSON."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.people.pens import create_pen


class Command(BaseCommand):
    """Makes a PEN with its three packages."""

    help = "Make a PEN; prints {pen, name, domains} as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--domain", action="append", default=[], help="a domain of its own; may be repeated"
        )
        parser.add_argument(
            "--no-second-factor",
            action="store_true",
            help="people publish without one (for trials, and where nobody from outside reaches the portal)",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = create_pen(
                options["name"], tuple(options["domain"]), second_factor=not options["no_second_factor"]
            )
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(json.dumps({"pen": pen.outside_id, "name": pen.name, "domains": pen.domains}))
