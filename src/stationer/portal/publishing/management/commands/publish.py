"""`stationer admin publish`: as the button does."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.publishing.defining import NotReady
from stationer.portal.publishing.publish import Moved, publish


class Command(BaseCommand):
    """Puts a PEN's drafts in force."""

    help = "Publish a PEN's drafts; prints {pen, serial, changes} as JSON, or everything to mend."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--about", default="", help="one line, for later")
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = choose_pen(options["pen"])
            row = publish(pen, None, options["about"], by_name="stationer admin")
        except (NoSuchPen, NotReady) as error:
            raise CommandError(str(error)) from error
        except Moved as error:
            raise CommandError(
                "Others are writing here just now. Nothing was published; try again in a moment."
            ) from error
        said = {"pen": pen.outside_id, "serial": row.serial, "changes": len(row.changed)}
        self.stdout.write(json.dumps(said))
