"""The app `publishing`: it marks every change that Publish would put out."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "stationer.portal.publishing"
    label = "publishing"

    def ready(self) -> None:
        from stationer.portal.people.owned import rows_changed
        from stationer.portal.publishing import marking

        rows_changed.connect(marking.changed, dispatch_uid="what waits for Publish")
