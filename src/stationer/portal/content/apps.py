"""The app `content`."""

from django.apps import AppConfig


class ContentConfig(AppConfig):
    name = "stationer.portal.content"
    label = "content"
