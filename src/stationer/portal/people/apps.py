"""The app `people`."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "stationer.portal.people"
    label = "people"
