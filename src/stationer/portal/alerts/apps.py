"""The app `alerts`: it hears which hits were a person's, and gives a new PEN the rule that everyone begins with."""

from django.apps import AppConfig


class AlertsConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.alerts"
    label = "alerts"

    def ready(self) -> None:
        from django.db.models.signals import post_save

        from stationer.portal.alerts import answers, beginning, erasing, hearing
        from stationer.portal.people.models import Pen
        from stationer.portal.statistics.signals import erased, judged
        from stationer.portal.surveys.signals import voted

        judged.connect(hearing.hear, dispatch_uid="alerts of what a person clicked")
        erased.connect(erasing.forget, dispatch_uid="alerts that name who is erased")
        voted.connect(answers.hear, dispatch_uid="alerts of answers to surveys")
        post_save.connect(beginning.founded, sender=Pen, dispatch_uid="the first alert rule")
