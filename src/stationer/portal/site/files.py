"""Style sheets, scripts, fonts: collected once under names that hold their digest, compressed, cached for a year.

`collect` runs at every start of the portal and does nothing when nothing changed. Until it has run (tests, the
command line) the plain names serve.
"""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.management import call_command
from whitenoise.storage import CompressedManifestStaticFilesStorage

STAMP = ".collected"


class Storage(CompressedManifestStaticFilesStorage):  # type: ignore[misc]
    """The manifest's name where there is one, else the plain name."""

    def stored_name(self, name: str) -> str:
        clean = self.clean_name(name)
        return str(self.hashed_files.get(self.hash_key(clean), clean))


def collect() -> None:
    """Put all static files into STATIC_ROOT, unless they are there as they are now. Raises OSError."""
    stamp, now = Path(settings.STATIC_ROOT) / STAMP, _now()
    if stamp.is_file() and stamp.read_text() == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0)
    stamp.write_text(now)


def _now() -> str:
    """A digest of the name, size and time of every static file that the apps have."""
    lines = []
    for finder in finders.get_finders():
        for path, storage in finder.list(ignore_patterns=[]):
            stat = Path(storage.path(path)).stat()
            lines.append(f"{path} {stat.st_size} {stat.st_mtime_ns}")
    return sha256("\n".join(sorted(lines)).encode()).hexdigest()
