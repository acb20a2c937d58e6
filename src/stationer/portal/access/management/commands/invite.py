"""`stationer admin invite --email A`: a link with which that address founds its company."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from stationer.portal.access.signing_up import INVITATION_S, invitation
from stationer.portal.people.valid import normal_address


class Command(BaseCommand):
    """Makes the link; sending it is up to whoever runs this."""

    help = "A link for founding a company, good for seven days; prints {email, company, url, good_for_s} as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--email", required=True)
        parser.add_argument("--company", default="", help="its name, filled in for them")

    def handle(self, *args: Any, **options: Any) -> None:
        if settings.PORTAL.sign_up == "closed":
            raise CommandError("portal.sign_up is closed: set it to invitation first.")
        try:
            email = normal_address(options["email"])
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        path = reverse("invitation", args=[invitation(email, options["company"])])
        said = {"email": email, "company": options["company"], "url": settings.PUBLIC_URL + path}
        self.stdout.write(json.dumps({**said, "good_for_s": INVITATION_S}))
