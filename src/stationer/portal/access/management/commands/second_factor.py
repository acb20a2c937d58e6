"""`stationer admin second-factor on|off`: whether people of a PEN show a second factor before they publish."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.people.choosing import NoSuchPen, choose_pen


class Command(BaseCommand):
    """The tick of the settings page, for whoever has the server: also when the last owner lost their telephone."""

    help = "Demand a second factor before Publish, or no longer; prints {pen, second_factor} as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("wanted", choices=["on", "off"])
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = choose_pen(options["pen"])
        except NoSuchPen as error:
            raise CommandError(str(error)) from error
        pen.second_factor = options["wanted"] == "on"
        pen.save()
        self.stdout.write(json.dumps({"pen": pen.outside_id, "second_factor": pen.second_factor}))
