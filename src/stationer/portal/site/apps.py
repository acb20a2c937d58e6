"""The app `site`: no rows; the frame of every page, and the wiring."""

from django.apps import AppConfig


class SiteConfig(AppConfig):
    """Connects what belongs to several apps."""

    name = "stationer.portal.site"
    label = "site"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from stationer.portal.site import founding

        user_logged_in.connect(founding.after_sign_in, dispatch_uid="a company is founded")
