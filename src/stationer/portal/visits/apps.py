"""The app `visits`: it hears which clicks were handed over to the site, and what is erased."""

from django.apps import AppConfig


class VisitsConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.visits"
    label = "visits"

    def ready(self) -> None:
        from stationer.portal.people.owned import rows_changed
        from stationer.portal.statistics.signals import arrived, erased
        from stationer.portal.visits import forgetting, handing

        arrived.connect(handing.hear, dispatch_uid="clicks that a site was told of")
        erased.connect(forgetting.orphans, dispatch_uid="visits of who is erased")
        rows_changed.connect(handing.changed, dispatch_uid="the site that edges tell")
