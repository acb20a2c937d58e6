"""The portal's API for Python programs: typed, patient, and with the portal's own sentence when it refuses.

client = Client("https://portal.example.org", token)
for person in client.list_people(): …
"""

from stationer.client.errors import ClientError, Refused, Unreachable
from stationer.client.form import File
from stationer.client.routes import Routes


class Client(Routes):
    """Every operation of the API as a method; lists are iterators over all their pages (docs/api.md)."""


__all__ = ["Client", "ClientError", "File", "Refused", "Unreachable"]
