"""The app `partners`: it keeps locked parts of templates as they were handed down."""

from __future__ import annotations

from django.apps import AppConfig


class PartnersConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.partners"
    label = "partners"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import post_save, pre_save

        from stationer.portal.content import locked_parts
        from stationer.portal.content.models import Template
        from stationer.portal.partners import hosts, labels
        from stationer.portal.partners.models import Host
        from stationer.portal.people.models import Pen

        user_logged_in.connect(labels.signed_in, dispatch_uid="a session is one host's")
        pre_save.connect(locked_parts.before_save, sender=Template, dispatch_uid="locked parts stay")
        post_save.connect(hosts.changed, sender=Host, dispatch_uid="hosts are known")
        post_save.connect(hosts.changed, sender=Pen, dispatch_uid="doors are known")
