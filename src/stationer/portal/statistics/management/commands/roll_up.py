"""`stationer admin roll-up`: count what is due now; with --again, everything that raw rows still tell."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.statistics.rolled import DayFigure, HourFigure
from stationer.portal.statistics.rolling import turning


class Command(BaseCommand):
    """Makes a PEN's figures, without waiting for the worker."""

    help = "Count a PEN's figures now; prints {pen, hours, days} as JSON: how many hold anything."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="all of them, from the rows that are kept")
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = choose_pen(options["pen"])
        except NoSuchPen as error:
            raise CommandError(str(error)) from error
        with pen_scope(pen):
            (turning.again if options["again"] else turning.settle)(pen)
            hours = HourFigure.objects.order_by().values("at").distinct().count()
            days = DayFigure.objects.order_by().values("day").distinct().count()
        self.stdout.write(json.dumps({"pen": pen.outside_id, "hours": hours, "days": days}))
