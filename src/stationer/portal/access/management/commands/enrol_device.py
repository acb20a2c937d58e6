"""`stationer admin enrol-device --address A --name N`: a device of a member, without the RFC 8628 dance."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.access.api import enrolled
from stationer.portal.access.devices import enrol
from stationer.portal.access.models import Device
from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.members import find_member
from stationer.portal.people.scope import pen_scope


class Command(BaseCommand):
    """Enrols a device of a member."""

    help = "Enrol a device; prints wire.enrol.Enrolled as JSON. The token is shown this once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--address", required=True, help="the member's address")
        parser.add_argument("--name", required=True, help="a name the person will recognise")
        parser.add_argument(
            "--kind", choices=[Device.Kind.AGENT, Device.Kind.ADDIN], default=Device.Kind.AGENT
        )
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            with pen_scope(choose_pen(options["pen"])):
                member = find_member(options["address"])
                if member is None:
                    raise CommandError(f"There is no member {options['address']}.")
                said = enrolled(*enrol(member, options["name"], options["kind"]))
        except (ValidationError, NoSuchPen) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(json.dumps(said))
