"""The app `statistics`."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """What edges tell: mails that were sent, and who clicked."""

    name = "stationer.portal.statistics"
    label = "statistics"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate, pre_migrate

        from stationer.portal.people.owned import rows_changed
        from stationer.portal.statistics import state
        from stationer.portal.statistics.rolling import marking

        rows_changed.connect(state.changed, dispatch_uid="the state")
        pre_migrate.connect(marking.remove, sender=self, dispatch_uid="figures' marks out of the way")
        post_migrate.connect(marking.install, sender=self, dispatch_uid="figures' marks in place")
