"""Style sheets, scripts, fonts: collected once under names that hold their digest, compressed, cached for a year.

`collect` runs at every start and does nothing when nothing changed. Until it has run (tests, the command line) the
plain names serve.
"""

from __future__ import annotations

from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The manifest's name where there is one, else the plain name."""

    def stored_name(self, name: str) -> str:
        clean = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(clean), clean))


def collect() -> None:
    """Put all static files into STATIC_ROOT. Raises OSError where the disk refuses."""
    call_command("collectstatic", interactive=False, verbosity=0)
