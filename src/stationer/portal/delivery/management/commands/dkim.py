"""`stationer admin dkim DOMAIN`: keys that sign the server's own mail, and their DNS records."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from stationer.portal.delivery import signing


class Command(BaseCommand):
    """Makes them, and lets the newest sign once they are in DNS."""

    help = "Make DKIM keys for a From domain and print their DNS records; with --activate the newest sign from now on."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("domain", help="what stands behind the @ of From")
        parser.add_argument(
            "--activate", action="store_true", help="the newest keys sign; their records are in DNS"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        domain = options["domain"]
        try:
            if options["activate"]:
                told = signing.activate(domain)
                said = "These sign now. Leave the records of older keys in DNS for a week."
            else:
                told = signing.make(domain, timezone.now().date())
                said = f"Put these into DNS; then: stationer admin dkim {domain} --activate"
        except (ValidationError, signing.NoKeys) as error:
            raise CommandError(
                error.messages[0] if isinstance(error, ValidationError) else str(error)
            ) from error
        for record in told:
            self.stdout.write(f'{record.name}. TXT "{record.text}"')
        self.stdout.write(said)
