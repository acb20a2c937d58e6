"""`stationer admin create-account --email A --password P --role owner`: an account, its member and membership."""

from __future__ import annotations

import json
import os
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.access.accounts import give_access
from stationer.portal.access.models import Membership
from stationer.portal.access.rights import BUILT_IN
from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.scope import pen_scope


class Command(BaseCommand):
    """Gives an address access to a PEN."""

    help = "Make an account with access to a PEN; prints {account, member, role, pen} as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument(
            "--password",
            help="or in STATIONER_PASSWORD; without one the person signs in by a code sent to them",
        )
        parser.add_argument("--role", choices=list(BUILT_IN), default=Membership.Role.MEMBER)
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        password = options["password"] or os.environ.get("STATIONER_PASSWORD") or None
        try:
            pen = choose_pen(options["pen"])
            with pen_scope(pen):
                row = give_access(options["email"], role=options["role"], password=password)
                said = {"account": row.account.email, "member": row.member.outside_id, "role": str(row.role)}
        except (ValidationError, NoSuchPen) as error:
            raise CommandError(" ".join(getattr(error, "messages", [str(error)]))) from error
        self.stdout.write(json.dumps({**said, "pen": pen.outside_id}))
