"""The app `site`: no rows; the frame of every page, and the wiring."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    name = "stationer.portal.site"
    label = "site"
