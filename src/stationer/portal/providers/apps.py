"""The app `providers`."""

from django.apps import AppConfig


class ProvidersConfig(AppConfig):
    """A company's own sign-in."""

    name = "stationer.portal.providers"
    label = "providers"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from stationer.portal.people.models import Pen
        from stationer.portal.providers.forced import domains_changed

        post_save.connect(domains_changed, sender=Pen, dispatch_uid="domains of a required sign-in")
