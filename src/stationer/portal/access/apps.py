"""The app `access`: it listens for changes that the roll must show."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    name = "stationer.portal.access"
    label = "access"

    def ready(self) -> None:
        from stationer.portal.access.roll import changed
        from stationer.portal.people.owned import rows_changed

        rows_changed.connect(changed, dispatch_uid="the roll")
