"""`stationer admin rotate-pen-keys [--pen ID]`: new primary keys of PENs, their messages' keys under them."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.models import Pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.vault import keyrows, unlocking
from stationer.portal.vault.errors import VaultError


class Command(BaseCommand):
    """Rotates the keys of one PEN, or of all."""

    help = "Rotate PENs' keys; prints {pen, key, made, rewrapped, unreadable} as JSON, a line for each."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--pen", default="", help="pen_… or its name; without it all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pens = [choose_pen(options["pen"])] if options["pen"] else list(Pen.objects.order_by("pk"))
            bad = sum(self._rotate(pen) for pen in pens)
        except (NoSuchPen, VaultError) as error:
            raise CommandError(str(error)) from error
        if bad:
            raise CommandError(f"{bad} keys of messages cannot be read: put the keyring back from a back-up.")

    def _rotate(self, pen: Pen) -> int:
        tally, made = keyrows.rotate_pen(pen)
        with pen_scope(pen):
            key = unlocking.primary_key().name
        said = {"pen": pen.outside_id, "key": key, "made": made, "rewrapped": tally.rewrapped}
        self.stdout.write(json.dumps(said | {"unreadable": len(tally.unreadable)}))
        return len(tally.unreadable)
