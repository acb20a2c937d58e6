"""`stationer admin create-edge NAME`: an edge's token, for its setting `edge.uplink_token`."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.statistics import edges


class Command(BaseCommand):
    """Makes an edge of the installation."""

    help = "Make an edge; prints {edge, token} as JSON. The token is shown this once: it is edge.uplink_token there."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the edge's own name, its setting edge.name")
        parser.add_argument(
            "--again", action="store_true", help="a new token for an edge that is there; the old one ends"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            token = edges.create(options["name"], again=options["again"])
        except edges.WrongName as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps({"edge": options["name"], "token": token}))
