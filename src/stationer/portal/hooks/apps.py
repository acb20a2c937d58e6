"""The app `hooks`: it hears which hits were a person's."""

from django.apps import AppConfig


class HooksConfig(AppConfig):
    """Connects the listener."""

    name = "stationer.portal.hooks"
    label = "hooks"

    def ready(self) -> None:
        from stationer.portal.hooks import answers, erasing, hearing
        from stationer.portal.statistics.signals import erased, judged
        from stationer.portal.surveys.signals import voted

        erased.connect(erasing.forget, dispatch_uid="events that name who is erased")
        voted.connect(answers.hear, dispatch_uid="hooks of what a person answered")
        judged.connect(hearing.hear, dispatch_uid="hooks of what a person clicked")
