"""`stationer admin set_looks`: as the settings page does."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from stationer.portal.content.models import Asset
from stationer.portal.people.choosing import NoSuchPen, choose_pen
from stationer.portal.people.scope import pen_scope
from stationer.portal.people.views.settings import INK, WAX, BrandForm


class Command(BaseCommand):
    """Gives a PEN's pages its logo and colours."""

    help = "Set how the pages of a PEN look; what is not named stays. Prints {pen, looks} as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--logo", help="the name of one of its pictures; empty: none")
        parser.add_argument("--colour", help="of buttons and links: # and six digits")
        parser.add_argument("--seal", help="of the wax: # and six digits")
        parser.add_argument("--pen", default="", help="pen_… or its name; needed when there are several")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            pen = choose_pen(options["pen"])
            with pen_scope(pen):
                now = {"colour": INK, "seal": WAX} | pen.looks()
                said = {name: options[name] for name in ("colour", "seal") if options[name]}
                form = BrandForm(now | said | self._logo(options["logo"]), initial=now)
                if not form.is_valid():
                    raise CommandError(
                        " ".join(str(one) for errors in form.errors.values() for one in errors)
                    )
                form.keep(pen)
        except NoSuchPen as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(json.dumps({"pen": pen.outside_id, "looks": pen.brand}))

    def _logo(self, name: str | None) -> dict[str, str]:
        """The field of the form; nothing where it stays."""
        if name is None:
            return {}
        row = Asset.objects.filter(name=name).first()
        if name and row is None:
            raise CommandError(f"There is no picture called “{name}”. Add it on the page Pictures first.")
        return {"logo": row.file_name if row else ""}
