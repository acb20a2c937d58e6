"""The app `publishing`."""

from django.apps import AppConfig


class PublishingConfig(AppConfig):
    name = "stationer.portal.publishing"
    label = "publishing"
