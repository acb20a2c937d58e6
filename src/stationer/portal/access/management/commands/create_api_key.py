"""`stationer admin create-api-key --name N`: a key to the API for an owner's programs."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.access.devices import make_api_key
from stationer.portal.access.rights import RIGHTS
from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.scope import pen_scope


class Command(BaseCommand):
    """Makes an API key of a PEN."""

    help = "Make an API key; prints {device, token, pen} as JSON. The token is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--name", required=True)
        parser.add_argument(
            "--right",
            action="append",
            choices=RIGHTS,
            default=[],
            help="what it may do; may be repeated; without one it may do everything",
        )
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = choose_pen(options["pen"])
        except NoSuchPen as error:
            raise CommandError(str(error)) from error
        with pen_scope(pen):
            row, token = make_api_key(options["name"], tuple(options["right"]) or ("manage",))
        self.stdout.write(json.dumps({"device": row.outside_id, "token": token, "pen": pen.outside_id}))
