"""The app `surveys`: it hears what is thought of hits, and what is erased."""

from django.apps import AppConfig


class SurveysConfig(AppConfig):
    """Connects the listeners."""

    name = "stationer.portal.surveys"
    label = "surveys"

    def ready(self) -> None:
        from stationer.portal.statistics.signals import erased, quieted, weighed
        from stationer.portal.surveys import counting, forgetting

        weighed.connect(counting.hear, dispatch_uid="votes by clicks")
        erased.connect(forgetting.erase, dispatch_uid="votes of who is erased")
        quieted.connect(forgetting.hush, dispatch_uid="votes of who is not followed")
