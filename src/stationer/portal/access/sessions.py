"""Sessions in the database, under the SHA-256 of their key: a copy of the database lets nobody in."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.utils import timezone


def hashed(key: str) -> str:
    """40 hexadecimal digits (the column's width): 160 bits of the digest."""
    return sha256(key.encode()).hexdigest()[:40]


class SessionStore(DatabaseSessions):
    """As Django's, but the row is found by the hash of what the cookie says."""

    def _get_session_from_db(self) -> Session | None:
        row = Session.objects.filter(
            session_key=hashed(str(self.session_key)), expire_date__gt=timezone.now()
        ).first()
        if row is None:
            self._session_key = None
        return row

    def exists(self, session_key: str) -> bool:
        return Session.objects.filter(session_key=hashed(session_key)).exists()

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        row = super().create_model_instance(data)
        return Session(
            session_key=hashed(row.session_key), session_data=row.session_data, expire_date=row.expire_date
        )

    def delete(self, session_key: str | None = None) -> None:
        key = session_key or self.session_key
        if key is not None:
            Session.objects.filter(session_key=hashed(key)).delete()
