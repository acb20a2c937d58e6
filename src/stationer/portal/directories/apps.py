"""The app `directories`: it looks at imports that came from a directory, and hears when they are in place."""

from django.apps import AppConfig


class DirectoriesConfig(AppConfig):
    """Connects both."""

    name = "stationer.portal.directories"
    label = "directories"

    def ready(self) -> None:
        from stationer.portal.directories import hearing
        from stationer.portal.directories.staging import staging_of
        from stationer.portal.people.importing import swap, undoing, work

        work.OTHERS.append(staging_of)
        swap.about_to_be_put.connect(
            hearing.about_to_be_put, dispatch_uid="whom a directory leaves as they are"
        )
        swap.put_in_place.connect(hearing.put, dispatch_uid="who of a directory is whom")
        undoing.taken_back.connect(
            hearing.taken_back, dispatch_uid="a directory whose plan was taken back is off"
        )
