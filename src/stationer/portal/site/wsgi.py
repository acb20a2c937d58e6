"""The portal as a WSGI application (PEP 3333), for granian."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "stationer.portal.site.settings")

from django.core.wsgi import get_wsgi_application

from stationer.settings import load
from stationer.watch import log

_settings = load()
log.start(_settings.log.level, _settings.log.key)
application = get_wsgi_application()
